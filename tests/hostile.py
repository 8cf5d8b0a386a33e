"""Strings nobody should have to read, for property tests."""

from hypothesis import strategies as st

from builders import an_entry

PIECES = [
    *("<b>", "</b>", "<letter>", "&amp;", "&#60;", "&", "<", ">", '"', "'", "]]>", "<![CDATA[", "-->", "<?xml?>"),
    *("</item>", "</entry>", "<item>", "\n    <item>", "<script>alert(1)</script>", '<a href="x">', "%", "%zz"),
    *("\x00", "\x0b", "\x1b", "\x7f", "\x85", "\x9f", "\ufffd", "\ufffe", "\uffff", "\ud800", "\udfff", "\r\n"),
    *("\U0001fffe", "\U0001ffff", "\x91items\x92", "\U0002fffe", "\U0002ffff", "\u2028", "\u2060"),
    *("まとめ", "２日目", "ｶﾞ", "e\u0301", "👩‍💻", "\u202e", " ", "", "Q&A", "Ã©"),
]

hostile = st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(), max_size=8)), max_size=8).map("".join)
hostile_entry = st.builds(
    an_entry,
    title=hostile,
    summary=hostile,
    html=hostile.map("<p>{}</p>".format),
    author=hostile,
    path=hostile,
    tags=st.tuples(hostile),
)
