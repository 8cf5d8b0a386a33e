"""OPML: every feed once, importable, and the same bytes until a feed changes."""

from hypothesis import given
from lxml import etree

from builders import a_channel
from cnddigest.feed import opml
from hostile import hostile


def test_each_feed_is_one_outline():
    channels = [a_channel(), a_channel("sessions/rss.xml", title="港の会議：発表ごと", language="")]

    outlines = etree.fromstring(opml.document("会議録の再放送", channels)).findall("body/outline")

    assert [dict(outline.attrib) for outline in outlines] == [
        {
            "type": "rss",
            "text": "港の会議 2026 まとめ",
            "title": "港の会議 2026 まとめ",
            "xmlUrl": "https://recaps.example.org/minato/rss.xml",
            "htmlUrl": "https://recaps.example.org/minato/",
            "language": "ja",
        },
        {
            "type": "rss",
            "text": "港の会議：発表ごと",
            "title": "港の会議：発表ごと",
            "xmlUrl": "https://recaps.example.org/minato/sessions/rss.xml",
            "htmlUrl": "https://recaps.example.org/minato/",
        },
    ]


@given(title=hostile, name=hostile, path=hostile)
def test_any_text_gives_a_list_of_feeds(title, name, path):
    channel = a_channel(title=name, self_url=f"https://recaps.example.org/{path}")

    root = etree.fromstring(opml.document(title, [channel]))

    [outline] = root.findall("body/outline")
    assert outline.get("text")
    assert str(outline.get("xmlUrl")).isascii()


def test_a_title_is_read_as_html_and_still_says_what_it_says():
    root = etree.fromstring(opml.document("<b>R&D</b>", [a_channel(title="a <b> & c")]))

    assert root.findtext("head/title") == "&lt;b&gt;R&amp;D&lt;/b&gt;"
    assert root.findall("body/outline")[0].get("text") == "a &lt;b&gt; &amp; c"
