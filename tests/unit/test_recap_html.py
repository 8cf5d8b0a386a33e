"""Saved pages and fragments of HTML as blocks: the article is found, nothing is lost, nothing is believed."""

import datetime as dt
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_source
from cnddigest.recap import html
from cnddigest.recap.encoding import decoded
from cnddigest.recap.html import referee
from cnddigest.recap.html.parsing import parsed
from cnddigest.recap.outline import understood
from cnddigest.recap.sections import letters, lines
from cnddigest.recap.source import decode

TEXT = "港の会議で聞いた話をまとめて、詳しく紹介します。"
PAGE = "<html><head><title>T</title></head><body>{}</body></html>"


def read(text):
    return list(html.blocks(text))


def shown(text):
    return [block for block in read(text) if block.kind != "furniture"]


def strings(text):
    return [string for block in shown(text) for string in block.strings]


def dropped(text):
    return {string: block.reason for block in read(text) if block.kind == "furniture" for string in block.strings}


def the_only(text):
    (block,) = shown(text)
    return block


# Which part of a page is the article.


@pytest.mark.parametrize(
    "opening",
    [
        "<article>",
        "<main>",
        "<div role='main'>",
        "<div itemprop='articleBody'>",
        "<div class='entry-content'>",
        "<section class='it-MdContent'>",
        "<div class='znc'>",
        "<div class='note-common-styles__textnote-body'>",
        "<div class='postBody'>",
    ],
)
def test_what_calls_itself_the_article_is_it(opening):
    tag = opening.split()[0].strip("<>")
    page = PAGE.format(f"<div>会社の案内</div>{opening}<h2>1日目</h2><p>{TEXT}</p></{tag}><div>問い合わせ</div>")

    assert strings(page) == ["1日目", TEXT]
    assert dropped(page) == {"会社の案内": "page furniture", "問い合わせ": "page furniture"}


def test_of_several_articles_the_one_with_most_text_is_read():
    page = PAGE.format(f"<article><p>{TEXT * 3}</p></article><div><article><p>予告です。</p></article></div>")

    assert strings(page) == [TEXT * 3]


def test_articles_side_by_side_are_read_together():
    days = "".join(f"<article><h2>{n}日目</h2><p>{TEXT}</p></article>" for n in (1, 2, 3))

    assert strings(PAGE.format(f"<h1>会議</h1>{days}")) == ["会議", "1日目", TEXT, "2日目", TEXT, "3日目", TEXT]


def test_a_long_discussion_is_not_the_article():
    comments = "".join(f"<article><p>{TEXT}</p></article>" for _ in range(9))
    page = PAGE.format(f"<article><h2>話</h2><p>{TEXT}</p></article><div id='comments'>{comments}</div>")

    assert strings(page) == ["話", TEXT]


def test_a_form_around_a_whole_page_is_no_furniture():
    page = PAGE.format(f"<form id='aspnetForm'><h2>話</h2><p>{TEXT}</p><input type='submit' value='送る'></form>")

    assert strings(page) == ["話", TEXT]


def test_a_page_without_a_name_for_its_article_is_read_without_a_second_opinion_too(monkeypatch):
    page = PAGE.format(f"<div><div class='a'>案内</div><div class='b'><h2>話</h2><p>{TEXT * 4}</p></div></div>")

    told = strings(page)
    monkeypatch.setitem(sys.modules, "trafilatura", None)

    assert {"話", TEXT * 4} <= set(told)
    assert {"話", TEXT * 4} <= set(strings(page))


def test_the_second_opinion_names_an_element_of_the_page():
    pytest.importorskip("trafilatura")
    root = parsed(PAGE.format(f"<ul><li><a href='/'>案内</a></ul><div id='x'><p>{TEXT * 9}</p><p>{TEXT}</p></div>"))
    assert root is not None

    found = referee.judged(next(root.iter("body")))

    assert found is not None
    assert found.get("id") == "x"


# What is left out of the article, and why.


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<nav>案内</nav>", "navigation"),
        ("<aside>案内</aside>", "page furniture"),
        ("<button>案内</button>", "form"),
        ("<form>案内</form>", "form"),
        ("<noscript>案内</noscript>", "page furniture"),
        ("<div class='share-buttons'>案内</div>", "share buttons"),
        ("<div class='SocialShare_box__x1'>案内</div>", "share buttons"),
        ("<div class='relatedPosts'>案内</div>", "related articles"),
        ("<div id='disqus_thread'>案内</div>", "comments"),
        ("<div class='kaerebalink-box kaerebalink'>案内</div>", "advertisement"),
        ("<ins class='adsbygoogle'>案内</ins>", "advertisement"),
        ("<div class='cookie-consent'>案内</div>", "page furniture"),
        ("<div class='author-box'>案内</div>", "author box"),
        ("<div id='toc'>案内</div>", "contents"),
        ("<p hidden>案内</p>", "hidden"),
        ("<p style='color: red; display: none'>案内</p>", "hidden"),
        ("<span class='sr-only'>案内</span>", "hidden"),
        ("<ul><li><a href='#a'>案内</a></li><li><a href='#b'></a></li></ul>", "contents"),
    ],
)
def test_what_is_not_the_authors_is_dropped_with_its_reason(markup, reason):
    page = PAGE.format(f"<article><p>{TEXT}</p>{markup}<p>{TEXT * 2}</p></article>")

    assert strings(page) == [TEXT, TEXT * 2]
    assert dropped(page) == {"案内": reason}


@pytest.mark.parametrize(
    "markup", ["<script>案内</script>", "<style>案内</style>", "<template>案内</template>", "<svg>案内</svg>"]
)
def test_what_is_no_text_is_not_told(markup):
    assert [block.strings for block in read(f"<p>前{markup}後</p>")] == [("前後",)]


def test_a_box_of_the_authors_is_text():
    page = f"<p>{TEXT}</p><aside class='msg message'><span class='msg-symbol'>!</span><p>注意です。</p></aside>"

    assert strings(page) == [TEXT, "注意です。"]
    assert dropped(page) == {"!": "icon"}


def test_bylines_stand_around_the_text_and_authors_in_it():
    page = PAGE.format(
        f"<article><h1>T</h1><p class='author'>汐見 りく</p><time>2026年6月2日</time><p>{TEXT}</p>"
        f"<h2>話</h2><p class='author'>沖 あかね</p><p>{TEXT}</p><div class='tags'>港</div></article>"
    )

    assert strings(page) == ["T", TEXT, "話", "沖 あかね", TEXT]
    assert set(dropped(page)) == {"汐見 りく", "2026年6月2日", "港"}


def test_a_tracking_pixel_is_no_picture():
    page = "<p><img src='https://t.example/p.gif' width='1' height='1'><img src='https://i.example/a.png' alt='港'></p>"

    assert the_only(page).html == '<p><img src="https://i.example/a.png" alt="港"></p>'


# Words, spaces, line ends.


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>港の\n  会議</p>", "港の会議"),
        ("<p>the\n  harbour\tconf</p>", "the harbour conf"),
        ("<p>Go\n言語</p>", "Go 言語"),
        ("<p>港 の</p>", "港 の"),
        ("<p> <b> a </b> <i> b </i> </p>", "a b"),
        ("<p>一<br>\n二</p>", "一\n二"),
        ("<p>a&nbsp;b&amp;c</p>", "a\u00a0b&c"),
        ("<p><ruby>港<rt>みなと</rt></ruby>です</p>", "港(みなと)です"),
        ("<p><ruby>港<rp>（</rp><rt>みなと</rt><rp>）</rp></ruby>です</p>", "港（みなと）です"),
        ("<p>話<sup><a href='#fn1'>1</a></sup>です</p>", "話[1]です"),
        ("<p>話です <a href='#ref1'>↩︎</a></p>", "話です"),
        ("<p>楽しい<img class='emoji' alt='🎉' src='x.png'></p>", "楽しい🎉"),
        ("<div>a<div>b</div></div>", "a"),
    ],
)
def test_text_is_what_a_browser_shows(markup, text):
    assert shown(markup)[0].strings == (text,)


def test_two_line_breaks_end_a_paragraph():
    assert strings("<div>一<br>二<br><br>三</div>") == ["一\n二", "三"]


def test_a_heading_is_one_line_without_its_anchor():
    page = "<h2 id='a'><a class='anchor' href='#a'><svg><path/></svg></a> 港の\n<b>会議</b> <a href='#a'>#</a></h2>"

    block = the_only(page)

    assert (block.kind, block.level, block.strings) == ("heading", 2, ("港の会議",))


def test_a_heading_that_is_a_link_keeps_its_address():
    for markup in ("<h3><a href='https://a.example/1'>話</a></h3>", "<a href='https://a.example/1'><h3>話</h3></a>"):
        block = the_only(markup)

        assert (block.kind, [link.url for link in block.links]) == ("heading", ["https://a.example/1"])


def test_bold_lines_are_talks_where_a_page_has_no_headings():
    talks = "".join(f"<b>話その{n}</b><br>{TEXT}<br><br>" for n in range(4))

    found = understood([a_source(f"<b>港の会議2026</b><br><br>{talks}", format="html")])

    assert found.title == "港の会議2026"
    assert [session.title for session in found.sessions] == ["話その0", "話その1", "話その2", "話その3"]


# Lists, tables, code.


def test_a_list_has_a_cell_for_each_item_with_what_is_in_it():
    block = the_only("<ul><li>一 <a href='https://a.example/'>a</a></li><li><p>二</p><ul><li>三</li></ul></li></ul>")

    assert [cell.strings for (cell,) in block.cells] == [("一 a",), ("二", "三")]
    assert block.strings == ("一 a", "二", "三")
    assert [link.url for link in block.links] == ["https://a.example/"]


def test_a_list_that_holds_headings_is_read_block_by_block():
    assert [block.kind for block in shown("<ul><li><h3>話</h3><p>文。</p></li></ul>")] == ["heading", "paragraph"]


def test_definitions_are_items_with_their_terms_first():
    block = the_only("<dl><dt>話</dt><dd>一</dd><dd>二</dd><div><dt>話2</dt><dd>三</dd></div></dl>")

    assert [cell.strings for (cell,) in block.cells] == [("話", "一", "二"), ("話2", "三")]


@pytest.mark.parametrize(
    "markup", ["<dl>一<dt>二</dt></dl>", "<dl><div>一<dt>二</dt></div></dl>", "<table>一<tr><td>二<td>三</table>"]
)
def test_text_that_stands_between_cells_is_not_lost(markup):
    assert {"一", "二"} <= set("".join(strings(markup)))


def test_cells_keep_their_columns_and_a_clock_counts_for_all_its_rows():
    table = (
        "<table><tr><th>時刻</th><th>A</th><th>B</th></tr><tr><td rowspan='2'>10:00</td><td>話1</td><td>話2</td></tr>"
        "<tr><td>話3</td><td>話4</td></tr><tr><td>12:00</td><td colspan='2'>昼食</td></tr></table>"
    )

    block = the_only(table)

    rows = [[" ".join(cell.strings) for cell in row] for row in block.cells]
    assert rows == [["時刻", "A", "B"], ["10:00", "話1", "話2"], ["10:00", "話3", "話4"], ["12:00", "昼食", ""]]
    assert block.strings == ("時刻 | A | B", "10:00 | 話1 | 話2", "話3 | 話4", "12:00 | 昼食")


def test_code_stays_as_it_was_typed():
    block = the_only("<pre><span class='lineno'>1 </span><code># 1日目\n  <b>run</b>\n\nend</code></pre>")

    assert (block.kind, block.strings) == ("code", ("# 1日目\n  run\n\nend",))


def test_line_numbers_beside_code_are_dropped():
    page = "<table><tr><td class='gutter'><pre>1\n2</pre></td><td class='code'><pre>a\nb</pre></td></tr></table>"

    assert strings(page) == ["a\nb"]
    assert dropped(page) == {"1 2": "line numbers"}


# Addresses, cards, players.


@pytest.mark.parametrize(
    "markup",
    [
        "<p><a href='https://a.example/1'>https://a.example/1</a></p>",
        "<p>https://a.example/1</p>",
        "<div class='blogcard'><a href='https://a.example/1'><div>題</div><div>a.example</div></a></div>",
        "<a href='https://a.example/1'><div>題</div><span>a.example</span></a>",
        "<a href='https://a.example/1'><h2>題</h2><p>a.example</p></a>",
        "<iframe src='https://hatenablog-parts.com/embed?url=https%3A%2F%2Fa.example%2F1'></iframe>",
        "<p><iframe src='https://embed.zenn.studio/card#x' data-content='https%3A%2F%2Fa.example%2F1'></iframe></p>",
        "<figure embedded-service='external-article' data-src='https://a.example/1'><div>題</div></figure>",
    ],
)
def test_the_card_of_another_page_is_its_address(markup):
    block = the_only(markup)

    assert (block.kind, block.strings, block.links[0].url) == ("card", ("https://a.example/1",), "https://a.example/1")


@pytest.mark.parametrize(
    ("markup", "label", "url"),
    [
        (
            "<iframe src='https://www.youtube.com/embed/abcdefghijk?rel=0' title='録画'></iframe>",
            "録画",
            "https://www.youtube.com/watch?v=abcdefghijk",
        ),
        ("<iframe src='//speakerdeck.com/player/1a'></iframe>", "Speaker Deck", "https://speakerdeck.com/player/1a"),
        ("<video><source src='https://v.example/a.mp4'></video>", "v.example", "https://v.example/a.mp4"),
        (
            "<script class='speakerdeck-embed' data-id='1a' src='//speakerdeck.com/assets/embed.js'></script>",
            "Speaker Deck",
            "https://speakerdeck.com/player/1a",
        ),
        ("<script src='https://gist.github.com/u/0a1b2c.js'></script>", "Gist", "https://gist.github.com/u/0a1b2c"),
    ],
)
def test_a_player_is_a_line_that_links_to_what_it_plays(markup, label, url):
    block = the_only(f"<div>{markup}</div>")

    assert (block.kind, block.strings, block.links[0].url) == ("paragraph", (label,), url)


def test_a_frame_of_a_script_is_nothing():
    assert shown("<iframe src='javascript:alert(1)'></iframe><iframe src='data:text/html,x'></iframe>") == []


def test_addresses_are_those_they_had_where_the_page_was_published():
    head = "<link rel='canonical' href='https://b.example/2026/04/x'><base href='/docs/'>"
    body = f"<p>{TEXT}<a href='a.html'>資料</a> <a href='#x'>下</a> <img src='../i.png' alt=''></p>"

    block = the_only(f"<html><head>{head}</head><body>{body}</body></html>")

    assert [link.url for link in block.links] == ["https://b.example/docs/a.html"]
    assert 'src="https://b.example/i.png"' in block.html


def test_pictures_beside_a_saved_page_stay_there():
    saved = "<!-- saved from url=(0022)https://b.example/2026/ -->"

    block = the_only(f"<!doctype html>\n{saved}\n<p>港<img src='./記事_files/a.png'><img src='b.png'></p>")

    assert 'src="./記事_files/a.png"' in block.html
    assert 'src="https://b.example/2026/b.png"' in block.html


def test_lazy_pictures_have_their_address_beside_the_placeholder():
    page = "<p><img src='data:image/gif;base64,R0lGOD' data-src='https://i.example/a.png'></p>"

    assert the_only(page).html == '<p><img src="https://i.example/a.png" alt=""></p>'


def test_keyword_links_of_a_blog_are_words():
    page = "<p><a class='keyword' href='https://d.hatena.ne.jp/keyword/x'>港</a>の<a href='javascript:x()'>話</a></p>"

    block = the_only(page)

    assert (block.html, block.links) == ("<p>港の話</p>", ())


def test_markup_has_no_script_no_handler_and_no_class():
    page = "<p class='x' onclick='x()' style='y'>一<b onmouseover='x()'>二</b><script>x()</script><font>三</font></p>"

    assert the_only(page).html == "<p>一<b>二</b>三</p>"


# What a page says of itself.


def test_the_title_is_what_head_and_heading_agree_on():
    head = "<title>港の会議2026 参加記 - 潮風日記</title><meta property='og:site_name' content='潮風日記'>"
    article = f"<div class='entry-content'><h2 class='entry-title'>港の会議2026 参加記</h2><p>{TEXT}</p>"
    page = f"<html lang='ja'><head>{head}</head><body><h1>潮風日記</h1>{article}"

    assert html.facts(page).title == "港の会議2026 参加記"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Cove Conf notes | Dockside</title>", "Cove Conf notes"),
        ("<title>Cove Conf - notes</title>", "Cove Conf - notes"),
        ("<title>x</title><meta property='og:title' content='Cove Conf'>", "Cove Conf"),
        ("<title>Dockside: Cove Conf</title><meta property='og:site_name' content='Dockside'>", "Dockside: Cove Conf"),
        ("<title>Untitled Document</title>", None),
    ],
)
def test_without_a_heading_the_title_is_that_of_the_head_without_its_site(head, title):
    assert html.facts(f"<html><head>{head}</head><body><h2>Day 1</h2><p>{TEXT}</p>").title == title


@pytest.mark.parametrize(
    "markup",
    [
        "<meta property='article:published_time' content='2026-04-20T10:00:00+09:00'>",
        '<script type=\'application/ld+json\'>{"@type": "BlogPosting", "datePublished": "2026-04-20"}</script>',
        "<body><article><time datetime='2026-04-20'>20日</time><p>話</p></article>",
        "<body><div class='Article_publishedAt__x'>2026/04/20に公開</div>",
    ],
)
def test_the_day_of_a_page_is_read_where_it_says_it(markup):
    assert html.facts(f"<html><head>{markup}<p>話").written_on == dt.date(2026, 4, 20)


@pytest.mark.parametrize(
    ("tag", "text", "code"), [("en", TEXT, "ja"), ("ja", "It was a talk.", "en"), ("fr-CA", "Bon.", "fr")]
)
def test_a_pages_language_is_believed_unless_its_script_says_otherwise(tag, text, code):
    assert html.facts(f"<html lang='{tag}'><body><p>{text}</p>").language == code


def test_front_matter_before_html_comes_first():
    source = decode("a.html", "---\ntitle: 港の会議\n---\n<h2>話</h2><p>文。</p>".encode())

    assert (source.title, source.format) == ("港の会議", "html")


@pytest.mark.parametrize("name", ["a.txt", "a", "a.html"])
def test_html_is_known_by_its_tags_or_its_name(name):
    page = f"<h2>話</h2>\n<p>{TEXT}</p>\n<p>{TEXT}</p>"

    assert decode(name, page.encode()).format == "html"


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp", "utf-8"])
@pytest.mark.parametrize("declared", ["shift_jis", "euc-jp", "iso-8859-1", "utf-8", "nonsense"])
def test_a_page_is_decoded_whatever_it_declares(encoding, declared):
    page = f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={declared}'></head><p>{TEXT}</p>"

    found = decoded(page.encode(encoding))

    assert found is not None
    assert TEXT in found.text


@pytest.mark.parametrize(("declared", "text"), [("gbk", "会议记录"), ("koi8-r", "заметки"), ("iso-8859-2", "příště")])
def test_an_encoding_that_a_page_declares_is_believed(declared, text):
    page = f"<?xml version='1.0' encoding='{declared}'?><p>{text}</p>"

    found = decoded(page.encode(declared))

    assert found is not None
    assert (text in found.text, found.findings) == (True, ())


# Lines.


def test_lines_are_those_of_the_file():
    page = f"<html>\n<body>\n<h2>話</h2>\n<p>\n  {TEXT}</p>\n<div>一<br>\n二<br><br>\n三</div>"

    assert [(block.line, block.strings[0]) for block in read(page)] == [(3, "話"), (5, TEXT), (6, "一\n二"), (8, "三")]


def test_lines_beyond_what_the_parser_counts_go_on():
    page = "<p>一</p>\n" * 66_000 + "<h2>話</h2>"

    assert read(page)[-1].line == 66_001


# Conservation.

TAGS = [
    *("p", "div", "b", "a", "span", "section", "article", "aside", "nav", "h2", "h3", "ul", "ol", "li", "table", "tr"),
    *(
        "td",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "code",
        "figure",
        "figcaption",
        "details",
        "summary",
        "form",
        "main",
    ),
    *("button", "header", "footer", "noscript", "ruby", "rt", "sup", "em", "center", "font", "label", "time", "cite"),
]
CLASSES = ["", "share", "toc", "comments", "entry-content", "author", "meta", "related", "ad", "post-body", "hidden"]
words = st.text(st.characters(categories=("L", "N"), codec="utf-8"), min_size=1, max_size=6)
elements = st.recursive(
    words,
    lambda inner: st.builds(
        lambda tag, name, parts: f'<{tag} class="{name}">{" ".join(parts)}</{tag}>',
        st.sampled_from(TAGS),
        st.sampled_from(CLASSES),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)
SOUP = st.lists(
    st.one_of(words, st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS])), max_size=30
)
pages = st.one_of(elements, st.lists(elements, max_size=5).map("".join), SOUP.map(" ".join))


def visible(text):
    root = parsed(text)
    return Counter(letters("".join(map(str, root.itertext())))) if root is not None else Counter()


@given(pages, st.booleans())
def test_every_letter_of_a_page_is_in_one_block(body, whole):
    page = PAGE.format(body) if whole else body

    found = Counter(letters("".join(string for block in read(page) for string in block.strings)))

    assert found == visible(body)


@given(pages)
def test_no_letter_of_a_page_is_lost_in_its_outline(body):
    blocks = [string for block in read(body) for _, string in lines(block)]

    recap = understood([a_source(body, format="html")])

    parts = [recap.title, *recap.introduction.paragraphs, recap.closing.heading or "", *recap.closing.prose.paragraphs]
    parts += [dropped.text for dropped in recap.dropped]
    for day in recap.days:
        parts += [day.label, *day.introduction.paragraphs]
        for session in day.sessions:
            parts += [session.group or "", session.track or "", session.heading, session.starts_at or ""]
            parts += session.prose.paragraphs
    assert not Counter(letters("".join(blocks))) - Counter(letters("".join(parts)))


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    read(text)
    html.facts(text)


# Pages that mean harm.

HOSTILE = {
    "deep elements": "<div>a" * 10_000,
    "deep quotations": "<blockquote>a" * 10_000,
    "deep phrases": "<b>a" * 10_000,
    "deep links": "<a href=x>a" * 5_000,
    "deep lists": "<ul><li>a" * 5_000,
    "deep tables": "<table><tr><td>a" * 3_000,
    "deep articles": "<article><p>a" * 3_000,
    "deep furniture": "<aside>a" * 5_000,
    "deep cards": "<div class=blogcard>a" * 5_000,
    "deep reading aids": "<ruby>a<rt>b" * 2_000,
    "angles": "<" * 100_000,
    "open tags": "<a <b " * 30_000,
    "open quotes": '<a href="' * 30_000,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(40_000)) + ">a</p>",
    "classes": f"<p class='{'a-' * 200_000}'>a</p>",
    "spans": "<table>" + "<tr><td colspan=1000 rowspan=65534>a" * 2_000 + "</table>",
    "declarations": "<!DOCTYPE x [" * 20_000,
    "line breaks": "a<br>" * 10_000,
    "data": f"<script type='application/ld+json'>{'[' * 100_000}</script><p>a",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read(name):
    found = read(PAGE.format(HOSTILE[name]))

    assert len(found) <= 60_000


def test_what_lies_too_deep_is_still_text():
    found = "".join(string for block in read("<div>a" * 10_000 + "<p>end") for string in block.strings)

    assert found == "a" * 10_000 + "end"


def test_entities_of_a_pages_own_are_not_expanded():
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    head = f'<?xml version="1.0"?>\n<!DOCTYPE html [<!ENTITY e0 "ha">\n{declared}]>\n'

    (block,) = read(f"{head}<html><body><p>a &e29; b</p></body></html>")

    assert (block.line, block.strings) == (4, ("a &e29; b",))


@pytest.mark.parametrize(
    "page", ["", "   ", "<!-- x -->", "<html><body></body></html>", "<html></html>", "<frameset><frame src=a>"]
)
def test_a_page_that_shows_nothing_has_no_blocks(page):
    assert read(page) == []


def test_a_frameset_shows_what_it_has_for_others():
    page = (
        "<html><head><title>T</title></head><frameset><frame src='a.html'><noframes>案内</noframes></frameset></html>"
    )

    assert [string for block in read(page) for string in block.strings][-1:] == ["案内"]


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html>\n<title>T</title>\n<nav>menu</nav><article><h2>Day 1</h2><p>text</p></article>",
        "<title>T</title><main><h2>Day 1</h2></main><p>text",
        "<!doctype html><meta charset=utf-8><title>T</title><section><h2>Day 1</h2>text</section><div>more</div>",
    ],
)
def test_a_page_without_the_tags_of_head_and_body_is_read(page: str) -> None:
    strings = [string for block in html.blocks(page) for string in block.strings]

    assert "Day 1" in strings
    assert "text" in strings
