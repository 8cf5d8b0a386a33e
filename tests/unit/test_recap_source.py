"""From bytes to text: whatever the encoding, no line moves and nothing is lost."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.errors import BadRecap
from cnddigest.recap import source
from cnddigest.recap.source import decode

ARTICLE = "港の会議\n1日目\nKubernetesの話を聞きました。カタカナもあります。\n"
FRENCH = "Journées d’été à Genève\nOn a parlé de « caches » et de fiabilité.\n"


def rules(found):
    return [finding.rule for finding in found.findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_needs_no_comment(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    found = decode("a.txt", mark + ARTICLE.encode(encoding))

    assert (found.text, found.findings) == (ARTICLE, ())


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP"), ("cp1252", "Windows-1252")],
)
def test_older_encodings_are_guessed_with_a_warning(encoding, name):
    text = FRENCH if encoding == "cp1252" else ARTICLE

    found = decode("a.txt", text.encode(encoding))

    assert found.text == text
    assert [(finding.rule, finding.severity) for finding in found.findings] == [("decoded-as", "warning")]
    assert name in found.findings[0].message


def test_western_letters_that_could_be_japanese_are_western():
    found = decode("a.txt", "Les élans vénèrent".encode("cp1252"))

    assert found.text == "Les élans vénèrent"


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_inside_a_character_stays_utf8(cut):
    found = decode("a.md", "港の会議に来ました".encode()[:-cut])

    assert found.text == "港の会議に来まし\ufffd"
    assert rules(found) == ["decoded-as"]


def test_a_shift_jis_file_cut_inside_a_character_stays_japanese():
    found = decode("a.txt", ARTICLE.encode("cp932")[:-4])

    assert found.text.startswith("港の会議\n1日目")
    assert "Shift_JIS" in found.findings[0].message


def test_all_line_ends_become_one():
    found = decode("a.txt", b"one\r\ntwo\rthree\nfour")

    assert found.text == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_unicode_line_separators_start_no_line(separator):
    found = decode("a.txt", f"one{separator}two\nthree".encode())

    assert found.text.splitlines() == ["one two", "three"]


def test_control_characters_stay_and_are_reported():
    found = decode("a.txt", b"one\ntw\x07o\n\x1b[31mred")

    assert found.text == "one\ntw\x07o\n\x1b[31mred"
    assert [(f.rule, f.severity, f.line) for f in found.findings] == [("control-characters", "info", 2)]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "recap is empty: a.md"),
        (b" \n\t\r\n", "recap is empty: a.md"),
        (b"\xef\xbb\xbf\n", "recap is empty: a.md"),
        ("\u3000\u2028".encode(), "recap is empty: a.md"),
        (b"text with a \0 in it", "recap is not text: a.md"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "recap is not text: a.md"),
        (b"\xff\xfea\0\0\0", "recap is not text: a.md"),
        (bytes(range(1, 32)) * 9, "recap is not text: a.md"),
    ],
)
def test_what_is_no_article_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(BadRecap) as caught:
        decode("a.md", data)

    assert caught.value.message == sentence


def test_a_file_beyond_the_limit_is_refused_with_a_hint(monkeypatch):
    monkeypatch.setattr(source, "MAX_BYTES", 2 * 1024 * 1024)

    with pytest.raises(BadRecap, match="larger than 2 MiB: big") as caught:
        decode("big.md", b"a" * (2 * 1024 * 1024 + 1))

    assert caught.value.hint


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.md", "plain", "markdown"),
        ("a.MARKDOWN", "plain", "markdown"),
        ("folder.md/a", "plain", "text"),
        ("a.html", "# no", "html"),
        ("a.rst", "# no", "rst"),
        ("a.txt", "plain", "text"),
        ("a.txt", "\n <!DOCTYPE html><p>x", "html"),
        ("a", "<html lang=ja>", "html"),
        ("a.txt", "<p>angle</p> brackets", "text"),
        ("a.txt", "# One\ntext\n# Two\ntext\n### Three", "markdown"),
        ("a.txt", "# One\ntext\n# Two", "text"),
        ("a.txt", "#1 one\n#2 two\n#3 three", "text"),
        ("a.txt", "---\ntitle: T\n---\nplain", "markdown"),
        ("a.txt", "Title: T\nDate: 2026-03-09\n\nplain", "markdown"),
        ("-", "plain", "text"),
    ],
)
def test_the_name_tells_the_format_and_else_the_text(path, text, expected):
    assert decode(path, text.encode()).format == expected


def test_front_matter_becomes_facts_and_empty_lines():
    data = b'---\ntitle: "T"\nlanguage: ja\ndate: 2026-03-09 08:00\n---\nfirst\n'

    found = decode("a.md", data)

    assert (found.title, found.language, found.written_on) == ("T", "ja", dt.date(2026, 3, 9))
    assert found.text == "\n\n\n\n\nfirst\n"


def test_the_digest_is_that_of_the_bytes():
    found = decode("a.txt", b"abc")

    assert found.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


STARTS = st.sampled_from(
    [b"", b"---\n", b"+++\n", b"a: b\nc: d\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x1b$B"]
)


@given(start=STARTS, data=st.binary(max_size=200), path=st.sampled_from(["a.md", "a.txt", "a", "a.html"]))
def test_any_bytes_are_a_text_or_a_bad_recap(start, data, path):
    try:
        found = decode(path, start + data)
    except BadRecap:
        return

    assert "\r" not in found.text
    assert len(found.text.splitlines()) == len(found.text.removesuffix("\n").split("\n"))
    found.text.encode()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1))
def test_no_visible_character_of_a_plain_text_is_lost(text):
    try:
        found = decode("a.html", text.encode())
    except BadRecap:
        return

    assert "".join(found.text.split()) == "".join(text.split())
