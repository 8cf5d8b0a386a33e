"""Prose as text: everything is said, nothing is broken, and no markup is left."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.rendering.markup import safe, text_only
from cnddigest.rendering.plaintext import TABLE_WIDTH, as_text, columns, rule
from hostile import hostile

NAMES = (
    "p ul ol li blockquote pre code em table tr td th caption h2 dl dt dd details summary figure figcaption ruby div"
)
elements = st.sampled_from([*NAMES.split(), "a href='https://e.example/'"])
markup = st.recursive(
    st.sampled_from(["語", "word", " ", "\n", "<br>", "<hr>", "&lt;p&gt;", "１"]),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name.split()[0]}>", elements, st.lists(inner)
    ),
    max_leaves=12,
)


def read(html, **options):
    return as_text(safe(html), **options)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>一つ。</p><p>二つ。</p>", "一つ。\n\n二つ。"),
        ("<p>一行目<br>二行目</p>", "一行目\n二行目"),
        ("<p>Q&amp;A &lt;b&gt;</p>", "Q&A <b>"),
        ("<h2>手順</h2><p>本文</p>", "■ 手順\n\n本文"),
        ("<p>上</p><hr><p>下</p>", "上\n\n--------\n\n下"),
        ("<p>前</p><ul><li>一</li><li>二</li></ul><p>後</p>", "前\n\n・一\n・二\n\n後"),
        ("<ul><li>一<ul><li>内</li></ul></li><li>二</li></ul>", "・一\n  ・内\n・二"),
        ("<ul><li><p>一</p><p>続き</p></li><li><p>二</p></li></ul>", "・一\n\n  続き\n・二"),
        ("<ol start='9'><li>九</li><li>十<ul><li>内</li></ul></li></ol>", "9. 九\n10. 十\n    ・内"),
        ("<blockquote><p>一</p><p>二</p></blockquote>", "> 一\n>\n> 二"),
        ("<blockquote>一<ul><li>内</li></ul></blockquote>", "> 一\n>\n> ・内"),
        ("<blockquote><blockquote>深い</blockquote></blockquote>", "> > 深い"),
        ("<pre>if x:\n    y\n\nz</pre>", "    if x:\n        y\n\n    z"),
        ("<dl><dt>SLO</dt><dd>目標</dd></dl>", "SLO\n  目標"),
        ("<figure><img src='https://e.example/a.png' alt='図'></figure>", "[図]: https://e.example/a.png"),
        ("<p><img src='https://e.example/a.png' alt=''>本文</p>", "本文"),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>", "漢（かん）字"),
        ("<p>x<sup>2</sup> H<sub>2</sub>O <del>旧</del></p>", "x^2 H_2O ~~旧~~"),
    ],
)
def test_each_kind_of_block_reads_as_one_would_write_it(html, text):
    assert read(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>詳しくは<a href='https://e.example/'>資料</a>を。</p>", "詳しくは資料を。\n資料: https://e.example/"),
        ("<p>詳しくは<a href='https://e.example/'>https://e.example/</a>を。</p>", "詳しくは https://e.example/ を。"),
        ("<p><a href='mailto:a@e.example'>a@e.example</a>へ</p>", "a@e.example へ"),
        ("<ul><li><a href='https://e.example/'>資料</a></li></ul>", "・資料: https://e.example/"),
        ("<blockquote><p>見<a href='https://e.example/'>よ</a></p></blockquote>", "> 見よ\n> よ: https://e.example/"),
        ("<table><tr><td><a href='https://e.example/'>表</a></td></tr></table>", "表\n表: https://e.example/"),
        ("<a href='https://e.example/'><p>一</p><p>二</p></a>", "一: https://e.example/\n\n二: https://e.example/"),
        (
            "<p><a href='https://e.example/'><img src='https://e.example/a.png' alt='図'></a></p>",
            "[図]: https://e.example/",
        ),
    ],
)
def test_an_address_stands_apart_from_the_sentence(html, text):
    assert read(html) == text


def test_a_long_linked_text_is_not_said_twice_in_full():
    text = read(f"<p>{'前' * 10}<a href='https://e.example/'>{'長' * 500}</a></p>")

    assert text.count("長") == 500 + 59


def test_a_table_is_aligned_by_columns_not_characters():
    text = read("<table><tr><th>名前</th><th>n</th></tr><tr><td>x</td><td>1</td></tr></table>")

    assert text == "名前 | n\n-----+--\nx    | 1"


def test_a_table_too_wide_to_be_aligned_keeps_its_cells():
    wide = "語" * TABLE_WIDTH

    assert read(f"<table><tr><td>{wide}</td><td>b</td></tr></table>") == f"{wide} | b"


def test_source_lines_are_joined_without_a_blank_between_full_width_characters():
    assert read("<p>全角の\n続き\nand more\nwords</p>") == "全角の続き and more words"


def test_items_begin_as_the_language_begins_them():
    assert read("<ul><li>one</li></ul>", bullet="- ") == "- one"


def test_no_paragraph_is_broken_by_force():
    assert "\n" not in read(f"<p>{'長い文。' * 1000}</p>")


def test_a_rule_is_as_wide_as_its_title_and_no_wider_than_a_line():
    assert rule("2日目") == "====="
    assert len(rule("長" * 500)) == TABLE_WIDTH


def test_combining_marks_take_no_column():
    assert columns("e\u0301") == 1


@given(markup)
def test_everything_is_said_and_no_markup_is_left(html):
    clean = safe(html)

    text = as_text(clean)

    said = re.sub(r"[\s>・■|()（）+-]|https://e\.example/|\d+\.", "", text)
    for word in text_only(clean).split():
        bare = re.sub(r"[\s>・■|()（）+-]|\d+\.", "", word)
        assert bare in said or all(char in said for char in bare)
    assert not re.search(r"</?(p|ul|ol|li|td|tr|a|em)\b", text.replace("<p>", ""))


@given(hostile)
def test_nobodys_text_becomes_markup_or_blank_ends_of_lines(text):
    lines = read(f"<p>{text}</p><ul><li>{text}</li></ul>").split("\n")

    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote>x" * 5_000 + "</blockquote>" * 5_000,
        "<ul><li>x" * 5_000 + "</li></ul>" * 5_000,
        "<table><tr>" + "<td>x</td>" * 20_000 + "</tr>" + "<tr><td>y</td></tr>" * 20_000 + "</table>",
        "<p>" + '<a href="https://e.example/">x</a>' * 5_000 + "</p>",
        '<p title="' + "'<p " * 50_000 + '">x</p>',
        "<p>" + "x<br>" * 20_000 + "</p>",
        "<p>" + "\n語" * 50_000 + "</p>",
    ],
    ids=["quotes", "lists", "table", "links", "attribute", "breaks", "lines"],
)
def test_hostile_texts_take_time_in_proportion(html):
    begin = time.process_time()

    text = as_text(html)

    assert time.process_time() - begin < 2
    assert len(text) < 4 * len(html)
