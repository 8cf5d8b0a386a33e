"""Images in the markup of a text: found, looked for, and hung where they are published."""

import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap import outline, source
from cnddigest.recap.pictures import GALLERY, Hanging, Reference, candidates, references, replaced

WALL = Hanging(address="https://wall.example/a.png", width=800, height=400)


def hung(html: str, hanging: Hanging | None = WALL) -> str:
    return replaced(html, lambda _: hanging)


def local(src: str) -> str:
    return Reference(source=src, alt=None).path


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="a b.png" alt="x&amp;y">',
        "<img alt='x&amp;y' src='a b.png'/>",
        '<IMG\nSRC = "a\n b.png" ALT="x&amp;y" onerror="alert(1)">',
        '<img data-src="z.png" src="a b.png" src="c.png" alt="x&amp;y">',
    ],
)
def test_an_image_is_found_however_it_is_written(tag):
    found = list(references(f"<p>{tag}</p>"))

    assert [(one.source, one.alt) for one in found] == [("a b.png", "x&y")]


def test_an_image_in_an_attribute_is_a_word_and_no_image():
    html = '<a title="<img src=\'x.png\'>" href="y">z</a><imgs src="x.png"><p>1 < 2 &lt;img src="x.png"></p>'

    assert list(references(html + "<img>")) == [Reference(source="", alt=None)]
    assert hung(html) == html


def test_an_image_hangs_with_its_words_and_its_size():
    html = hung('<p><img src="a.png" alt="&quot;x&quot; > y" title="z" onload="alert(1)"></p>')

    assert html == (
        '<p><img src="https://wall.example/a.png" alt="&quot;x&quot; &gt; y" title="z" width="800" height="400"></p>'
    )


def test_what_hangs_nowhere_stays_as_it_is():
    html = "<p><img src='a.png' class=x></p>"

    assert hung(html, None) == html


def test_nobody_hangs_an_image_in_our_gallery_but_we():
    assert hung(f'<p><img src="{GALLERY}0123456789abcdef0123.png/x.png">y</p>', None) == "<p>y</p>"


@pytest.mark.parametrize(
    ("tag", "size"),
    [
        ('<img src="a.png" width="400">', (400, 200)),
        ('<img src="a.png" height="100">', (200, 100)),
        ('<img src="a.png" width="10" height="90">', (10, 90)),
        ('<img src="a.png" width="50%">', (800, 400)),
        ('<img src="a.png" width="9999999999">', (800, 400)),
        ('<img src="a.png#=300x">', (300, 150)),
        ('<img src="a.png#=x20">', (40, 20)),
    ],
)
def test_an_author_says_how_large_an_image_is(tag, size):
    assert hung(tag).endswith(f'width="{size[0]}" height="{size[1]}">')


def test_a_size_in_markdown_reaches_the_image():
    text = "# T\n\n## 発表\n\n![図](img/a.png =300x150)\n\n![図](<b.png> =30x15)\n"

    recap = outline.understood([source.decode("r.md", text.encode())])

    found = list(references(recap.sessions[0].prose.html))
    assert [(one.source, one.width, one.height) for one in found] == [("img/a.png", 300, 150), ("b.png", 0, 0)]


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("a.png", "local"),
        ("/images/a.png", "local"),
        ("%E5%9B%B3.png?v=1#x", "local"),
        ("https://x.example/a.png", "remote"),
        ("//x.example/a.png", "remote"),
        ("data:image/png;base64,AAAA", "inside"),
        ("data:image/png;base64," + "A" * 10_000, "inside"),
        ("file:///etc/passwd", "foreign"),
        ("C:\\Users\\x\\a.png", "foreign"),
        ("C%3A%5Ca.png", "foreign"),
        ("javascript:alert(1)", "foreign"),
        ("a\0.png", "foreign"),
        ("a%00.png", "foreign"),
        ("a" * 2_000, "foreign"),
        ("", "foreign"),
    ],
)
def test_an_address_says_where_an_image_lies(address, where):
    assert Reference(source=address, alt=None).whereabouts == where


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("%E5%9B%B3%20a.png?v=1#x", "図 a.png"),
        ("img\\a.png", "img/a.png"),
        ("img%5Ca.png", "img/a.png"),
        ("{static}/images/a.png", "/images/a.png"),
        ("{{ site.baseurl }}/assets/a.png", "/assets/a.png"),
    ],
)
def test_a_path_is_what_a_file_system_calls_it(address, path):
    assert local(address) == path


def test_a_path_begins_at_the_recap():
    assert list(candidates("../img/./a.png", ["recaps/2022"])) == ["recaps/img/a.png"]
    assert list(candidates("a.png", ["recaps", "more"])) == ["recaps/a.png", "more/a.png"]


def test_a_path_from_the_root_is_looked_for_at_every_root_there_may_be():
    assert list(candidates("/images/a.png", ["recaps"])) == [
        "recaps/images/a.png",
        "recaps/static/images/a.png",
        "recaps/public/images/a.png",
        "images/a.png",
        "static/images/a.png",
        "public/images/a.png",
    ]


@pytest.mark.parametrize("path", ["../../etc/passwd", "../..", "a/../../../b.png", "..\\..\\x.png"])
def test_no_path_leads_out_of_the_publication(path):
    assert not list(candidates(local(path), ["recaps"]))


@given(st.text("./ab%2eE\\:", max_size=30), st.sampled_from(["", "a", "a/b"]))
def test_whatever_an_address_says_it_is_looked_for_inside(address, folder):
    for found in candidates(local(address), [folder]):
        assert not found.startswith("/")
        assert not {"", ".", ".."} & set(found.split("/")) or found == ""


@given(st.text("<>img src='\"=a/ ", max_size=60))
def test_hanging_never_changes_a_text_without_images(soup):
    if "<img" not in soup:
        assert hung(soup) == soup


@given(st.text("\"'<>&xé= ", max_size=20), st.text("\"'<>&x ", max_size=20))
def test_what_was_hung_is_found_again(alt, title):
    (found,) = references(hung(f'<img src="a" alt="{escape(alt)}" title="{escape(title)}">'))

    assert (found.source, found.alt, found.title) == (WALL.address, alt, title)


@pytest.mark.parametrize(
    "soup", ["<img", "<img a", "<img src='", '<img "', "<img " + "a" * 50_000, "<a '\"", "<img src=a ", "<!--<img"]
)
def test_a_megabyte_of_soup_takes_no_time(soup):
    began = time.process_time()

    hung(soup * (1_000_000 // len(soup)) + "<img src='a.png'>")

    assert time.process_time() - began < 5


def test_an_attribute_without_end_takes_no_time():
    began = time.process_time()

    hung(f"<img {'a' * 500_000} src='a.png'>")

    assert time.process_time() - began < 5
