"""HTML from anybody becomes harmless and still says the same."""

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as parsed_html

from cnddigest.rendering.markup import ATTRIBUTES, TAGS, address, excerpt, minutes, safe, text_only, width
from cnddigest.rendering.slots import clean
from hostile import hostile

BASE = "https://example.org/articles/recap"
KEPT = {"rel"}.union(*ATTRIBUTES.values())

FRAGMENTS = [
    *(
        "<pre>\n\n",
        "</pre>",
        "<tr>",
        "</table>",
        "</li>",
        "<ol>",
        "<dl><dt>",
        "<ruby><rt>",
        "<figure>",
        "<summary>",
        "x",
    ),
    *("<p>", "</p>", "<ul>", "<li>", "</ul>", "<h1>", "</h1>", "<h5>", "</h5>", "<table>", "<td>", "<details>", "<b>"),
    *(
        '<a href="javascript:alert(1)">',
        '<a href=" JaVaScript&colon;x">',
        '<a href="/x" onclick=y>',
        "</a>",
        "<a href='#n'>",
    ),
    *(
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        "<svg onload=x>",
        "<math>",
        "<iframe src=//x></iframe>",
        "<br>",
    ),
    *(
        '<img src=x onerror="y">',
        '<img src="data:image/png;base64,AA">',
        "<video src=v.mp4>",
        "<object data=x>",
        "<noscript>",
    ),
    *(
        "<!--",
        "-->",
        "<template>",
        "<plaintext>",
        "<xmp>",
        "<textarea>",
        "<title>",
        "<form action=x>",
        "&lt;script&gt;",
    ),
]
soup = st.lists(st.one_of(st.sampled_from(FRAGMENTS), hostile), max_size=12).map("".join)

words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8).filter(clean)
nodes = st.recursive(
    words.map(html.escape),
    lambda inner: st.tuples(
        st.sampled_from(["p", "em", "ul", "blockquote", "h3", "section", "font", "details", "figure"]),
        st.lists(inner, max_size=3).map(" ".join),
    ).map(lambda node: f"<{node[0]}>{node[1]}</{node[0]}>"),
    max_leaves=12,
)


@given(soup)
def test_nothing_live_gets_through(text):
    tree = parsed_html.fromstring(f"<div>{safe(text, base_url=BASE)}</div>")

    elements = [element for element in tree.iterdescendants() if isinstance(element.tag, str)]
    assert {element.tag for element in elements} <= TAGS
    assert {name for element in elements for name in element.keys()} <= KEPT  # noqa: SIM118 - an element is no mapping
    urls = [url for element in elements for name in ("href", "src") if (url := element.get(name)) is not None]
    assert all(re.match("https?:|mailto:", url) for url in urls)


@given(soup, st.sampled_from(["", BASE]), st.integers(2, 4))
def test_cleaning_twice_changes_nothing(text, base_url, level):
    once = safe(text, base_url=base_url, level=level)

    assert safe(once, base_url=base_url, level=level) == once


@given(nodes)
def test_all_text_is_kept(text):
    said = "".join(re.findall(r">([^<]*)<", f">{text}<"))

    kept = "".join(re.findall(r">([^<]*)<", f">{safe(text)}<"))

    assert "".join(html.unescape(kept).split()) == "".join(clean(html.unescape(said)).split())


@given(hostile)
def test_escaped_text_is_read_back_as_it_was(text):
    assert text_only(html.escape(text)) == " ".join(clean(html.unescape(html.escape(clean(text)))).split())


@given(st.lists(st.integers(1, 6), max_size=12), st.integers(1, 6))
def test_headings_begin_at_the_level_and_skip_none(levels, level):
    text = "".join(f"<h{n}>x</h{n}>" for n in levels)

    shown = [int(n) for n in re.findall(r"<h(\d)>", safe(text, level=level))]

    assert len(shown) == len(levels)
    assert all(later <= earlier + 1 for earlier, later in zip([level - 1, *shown], shown, strict=False))
    assert all(level <= n <= 6 for n in shown)


def test_headings_keep_who_is_under_whom():
    assert safe("<h1>a</h1><h4>b</h4><h4>c</h4><h1>d</h1>") == "<h2>a</h2><h3>b</h3><h3>c</h3><h2>d</h2>"


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [(BASE, '<a href="https://example.org/x.pdf" rel="noopener">x</a>'), ("", "<a>x</a>")],
)
def test_relative_addresses_follow_the_article_or_go(base_url, expected):
    assert safe('<a href="/x.pdf">x</a>', base_url=base_url) == expected


def test_addresses_inside_the_page_go_since_their_targets_do():
    assert safe('<a href="#fn-1">1</a>', base_url=BASE) == "<a>1</a>"


@pytest.mark.parametrize(
    ("embed", "line"),
    [
        ('<iframe src="https://v.example/1" title="動画"><b>no frames</b></iframe>', ("https://v.example/1", "動画")),
        ('<video controls><source src="https://v.example/1.mp4">old</video>', ("https://v.example/1.mp4",) * 2),
        ('<audio src="https://v.example/1.mp3"></audio>', ("https://v.example/1.mp3",) * 2),
        ('<object data="https://v.example/1.pdf"></object>', ("https://v.example/1.pdf",) * 2),
        ('<embed src="https://v.example/1.swf">', ("https://v.example/1.swf",) * 2),
    ],
)
def test_what_only_a_browser_plays_becomes_a_linked_line(embed, line):
    url, label = line

    cleaned = safe(f"<p>before</p>{embed}<p>after</p>")

    assert cleaned == f'<p>before</p><p><a href="{url}" rel="noopener">{label}</a></p><p>after</p>'


def test_a_frame_of_another_scheme_leaves_no_link():
    assert "javascript" not in safe('<iframe src="javascript:alert(1)" title="動画"></iframe>')


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://t.example/p.gif" width="1" height="1">',
        '<img height=0 width=0 src="https://t.example/p.gif">',
        '<img src="data:image/gif;base64,R0lGOD" alt="x">',
    ],
)
def test_tracking_pixels_and_data_vanish(image):
    assert safe(f"<p>a{image}b</p>") == "<p>ab</p>"


def test_an_image_always_says_what_it_shows_or_that_it_says_nothing():
    assert safe('<img src="https://e.org/a.png">') == '<img alt="" src="https://e.org/a.png">'


def test_what_recaps_need_is_kept():
    text = (
        "<p><em>a</em><strong>b</strong><del>c</del>H<sub>2</sub>O<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby><kbd>C</kbd></p>"
        '<ol start="3"><li>a</li></ol><pre><code>a  b\n c</code></pre><details><summary>s</summary>t</details>'
        '<figure><img src="https://e.org/a.png" alt="図"><figcaption>c</figcaption></figure>'
        '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>'
    )

    assert safe(text) == text


def test_text_that_turns_the_page_around_cannot():
    assert clean("a\u202eb\u2066c\u2069") == "abc"
    assert safe("<p>a\u202eb&#x202e;c</p>") == "<p>abc</p>"


@pytest.mark.parametrize(
    "tag", ["<div>", "<blockquote>", "<b>", "<table><tr><td>", "<video>", "<iframe>", "<p>", "<", "<a b='"]
)
def test_deep_nesting_takes_no_more_than_linear_time(tag):
    text = tag * (200_000 // len(tag))
    began = time.process_time()

    safe(text + "x")
    text_only(text + "x")

    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a b", "https://example.org/a b"),
        (" mailto:a@example.org ", "mailto:a@example.org"),
        ("/x", "https://example.org/x"),
        ("//other.example/x", "https://other.example/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://example.org/a\n\tb", "https://example.org/ab"),
        ("http://", None),
        ("http://[", None),
        ("mailto:", None),
    ],
)
def test_only_addresses_of_the_web_and_of_people_are_links(url, expected):
    assert address(url, base_url=BASE) == expected


def test_an_address_without_a_base_must_be_whole():
    assert address("/x") is None


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u202e"])
def test_nothing_is_no_address_and_not_the_base_either(nothing):
    assert address(nothing, base_url=BASE) is None


@pytest.mark.parametrize(
    ("paragraphs", "columns", "expected"),
    [
        (["短い文です。"], 40, "短い文です。"),
        (["一つ目の文です。二つ目の文はもっと長く続きます。"], 20, "一つ目の文です。"),
        (["切れ目のない長い長い文章がどこまでも続いていく"], 20, "切れ目のない長い長…"),
        (["An endless line of words that has no stop in it at all"], 30, "An endless line of words…"),
        (["First one. Then a second sentence that is long."], 18, "First one."),
        (["一。", "二。", "Three.", "Four."], 40, "一。二。Three. Four."),
        (["バージョン1.2の話が続きます"], 20, "バージョン1.2の話…"),
        ([], 20, ""),
    ],
)
def test_an_excerpt_ends_where_a_reader_would(paragraphs, columns, expected):
    assert excerpt(paragraphs, columns) == expected


@given(st.lists(hostile, max_size=4), st.integers(10, 60))
def test_an_excerpt_is_never_wider_than_asked_for(paragraphs, columns):
    assert width(excerpt(paragraphs, columns)) <= columns


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ([], 1),
        (["あ" * 1500], 3),
        (["word " * 460], 2),
        (["語" * 500, "word " * 230], 2),
        (["don't re-count 1.5 "] * 77, 1),
    ],
)
def test_reading_time_counts_characters_of_one_script_and_words_of_the_other(paragraphs, expected):
    assert minutes(paragraphs) == expected
