"""Markdown as people write it on Zenn, Qiita, Hatena and Jekyll: every word arrives, once, on its line."""

import re
import time
import tracemalloc
import unicodedata
from collections import Counter
from itertools import islice

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnddigest.recap.markdown import blocks
from cnddigest.recap.markdown.lines import MAX_INDENT, MAX_MARKERS
from cnddigest.recap.markdown.parser import parser
from cnddigest.recap.source import decode


def read(text):
    return list(blocks(text))


def only(text):
    """The one block of a text."""
    (block,) = blocks(text)
    return block


def kinds(text):
    return [(block.kind, *block.strings) for block in blocks(text)]


def links(text):
    return [(link.label, link.url) for block in blocks(text) for link in block.links]


def html(text):
    return "".join(block.html for block in blocks(text))


# Headings


@pytest.mark.parametrize(
    ("text", "level", "title"),
    [
        ("# Title", 1, "Title"),
        ("##題名", 2, "題名"),
        ("##[題名](https://a.example/)", 2, "題名"),
        ("#\u3000題名", 1, "題名"),
        ("###\u3000 題名", 3, "題名"),
        ("Title\n===", 1, "Title"),
        ("Title\n---", 2, "Title"),
        ("題名\n-----", 2, "題名"),
        ("二行の\n題名\n===", 1, "二行の 題名"),
        ("## Title ##", 2, "Title"),
        ("## Title {#anchor .wide}", 2, "Title"),
        ("## [](#anchor)Title", 2, "Title"),
        ("## Title [#](#title)", 2, "Title"),
        ("## Title[¶](#title 'Link')", 2, "Title"),
        ('## <a name="x"></a>Title', 2, "Title"),
        ("## Title[^1]\n\n[^1]: note", 2, "Title"),
        ("## **太字**と`code`と~~取消~~", 2, "太字とcodeと取消"),
        ("## \\[A-1\\] Title", 2, "[A-1] Title"),
        ("## ![Logo of the day](logo.png)", 2, "Logo of the day"),
        ("<h2 align=center>Title</h2>", 2, "Title"),
    ],
)
def test_a_heading_is_its_visible_text(text, level, title):
    heading = next(blocks(text))

    assert (heading.kind, heading.level, heading.strings, heading.line) == ("heading", level, (title,), 1)


def test_a_heading_keeps_its_link_without_the_anchor_icon():
    heading = only("## [Title](https://a.example/talk)[#](#title)")

    assert [(link.label, link.url) for link in heading.links] == [("Title", "https://a.example/talk")]
    assert heading.html == '<h2><a href="https://a.example/talk">Title</a></h2>\n'


@pytest.mark.parametrize(
    "text", ["#hashtag です", "#1 of 3", "#!/bin/sh", "####### seven", "\\## escaped", "    ## code"]
)
def test_not_every_hash_is_a_heading(text):
    assert only(text).kind != "heading"


def test_an_author_who_glues_hashes_glues_single_ones_too():
    assert kinds("#一日目\n##題名\n本文") == [("heading", "一日目"), ("heading", "題名"), ("paragraph", "本文")]


def test_a_hashtag_stays_text_beside_spaced_headings():
    assert kinds("# 題名\n##副題\n#hashtag") == [("heading", "題名"), ("heading", "副題"), ("paragraph", "#hashtag")]


@pytest.mark.parametrize(
    "paragraph",
    [
        "本文です。",
        "楽しかったです！",
        "（おわり。）",
        "That was all.",
        "一行目です。\nもう一行",
        "https://a.example/",
        "![図](a.png)",
    ],
)
def test_dashes_under_a_sentence_are_a_rule(paragraph):
    found = read(f"{paragraph}\n---\n次の話")

    assert [block.kind == "heading" for block in found] == [False] * 3
    assert found[1].html == "<hr />\n"


def test_rules_between_chapters_are_left_out():
    found = kinds("# A\n\n---\n\ntext\n\n---\n\n# B\n\nmore\n\n---\n\nrest\n\n***\n")

    texts = [("heading", "A"), ("paragraph", "text"), ("heading", "B"), ("paragraph", "more")]
    assert found == [*texts, ("paragraph",), ("paragraph", "rest")]


def test_a_hashtag_ends_no_paragraph():
    assert only("本文です\n#hashtag\n続き").strings == ("本文です\n#hashtag\n続き",)


# Running text


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("これは**「重要」**です", "「重要」"),
        ("これは**重要。**次の文", "重要。"),
        ("**“引用”**です", "“引用”"),
        ("**「警告のみ」**で半年", "「警告のみ」"),
        ("漢字**太字**漢字", "太字"),
        ("이것은 **강조(强調)**입니다", "강조(强調)"),
        ("これは**`code`**です", "<code>code</code>"),
        ("これは**[資料](u)**です", '<a href="u">資料</a>'),
    ],
)
def test_emphasis_beside_japanese_works_as_its_author_meant(text, bold):
    assert f"<strong>{bold}</strong>" in html(text)


@pytest.mark.parametrize(
    "text", ["a * b * c", "snake_case_name", "2 ** 3 ** 4", "日本 * 語 * です", "`**a**`", "\\*\\*字\\*\\*"]
)
def test_stars_that_emphasise_nothing_stay(text):
    assert "<strong>" not in html(text)
    assert "<em>" not in html(text)


@pytest.mark.parametrize(
    ("text", "strings", "markup"),
    [
        ("一行目\n二行目", "一行目\n二行目", "一行目<br />\n二行目"),
        ("製品は\nKubernetes\nです", "製品は\nKubernetes\nです", "製品は<br />\nKubernetes<br />\nです"),
        ("hard wrapped\nLatin text", "hard wrapped Latin text", "hard wrapped\nLatin text"),
        ("Latin  \nhard break", "Latin\nhard break", "Latin<br />\nhard break"),
        (f"{'English text ' * 9}と\n言う", f"{'English text ' * 9}と\n言う", f"{'English text ' * 9}と<br />\n言う"),
        ("![a](b.png)\n*caption*", "caption", '<img src="b.png" alt="a" /><br />\n<em>caption</em>'),
    ],
)
def test_line_ends_break_japanese_and_join_latin(text, strings, markup):
    found = only(text)

    assert found.strings == (strings,)
    assert markup in found.html


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see https://a.example/x_y_z.", "https://a.example/x_y_z"),
        ("see (https://a.example/x).", "https://a.example/x"),
        ("https://a.example/x_(y) is", "https://a.example/x_(y)"),
        ("詳しくはhttps://a.example/xを見る", "https://a.example/x"),
        ("「https://a.example/x」です", "https://a.example/x"),
        ("**https://a.example/x**", "https://a.example/x"),
        ("x https://a.example/?a=1&b=2#c", "https://a.example/?a=1&b=2#c"),
        ("HTTP://a.example/x です", "HTTP://a.example/x"),
    ],
)
def test_a_bare_address_becomes_a_link(text, url):
    (found,) = links(text)

    assert found == (url, url)


@pytest.mark.parametrize(
    "text", ["`https://a.example`", "xhttps://a.example", "https:// x", "ftp://a.example/ x", "https://"]
)
def test_what_is_no_address_stays_text(text):
    assert links(text) == []


def test_an_address_inside_a_link_is_not_linked_twice():
    assert links("[see https://a.example/x](https://b.example/)") == [("see https://a.example/x", "https://b.example/")]


def test_links_come_in_order_with_their_labels():
    text = '[一](https://a.example/1) <https://a.example/2> <a href="//a.example/3">三</a> [![図](i.png)](https://a.example/4)'

    assert links(text) == [
        ("一", "https://a.example/1"),
        ("https://a.example/2", "https://a.example/2"),
        ("三", "https://a.example/3"),
        ("図", "https://a.example/4"),
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "vbscript:x", "data:text/html,x"])
def test_a_dangerous_address_is_no_link(url):
    assert links(f"[a]({url}) <a href='{url}'>b</a>") == []


def test_a_word_in_brackets_after_brackets_is_no_target():
    assert kinds("5月3日[日](祝)です") == [("paragraph", "5月3日[日](祝)です")]
    assert links("[資料](資料.pdf) [一](/港)") == [
        ("資料", "%E8%B3%87%E6%96%99.pdf"),
        ("一", "/%E6%B8%AF"),
    ]


# Definitions reach over chapters


def test_a_definition_serves_every_chapter():
    text = "# [A][a]\n\ntext\n\n# B [a]\n\n[a]: https://a.example/ 'T'\n"

    assert links(text) == [("A", "https://a.example/"), ("a", "https://a.example/")]
    assert "example" not in " ".join(string for block in blocks(text) for string in block.strings)


@pytest.mark.parametrize("text", ["[補足]: ここは大事です", "[Note]: remember", "[^a]: uncited", "[TODO]:\n明日"])
def test_words_that_look_like_a_definition_stay(text):
    assert letters(text) == letters(*only(text).strings)


def test_a_remark_below_a_definition_is_not_its_title():
    assert kinds("[a]: /u\n(記者)") == [("paragraph", "(記者)")]


def test_a_note_stands_at_the_end_of_the_chapter_that_cites_it():
    notes = "[^x]: 注の文\n    二行目\n\n    次の段落\n\n[^2]: もう一つ[^3]\n[^3]: 奥\n\n"
    text = f"# A\n\n文[^x]です。\n\n続き\n\n# B\n\n別[^2][^x]\n\n{notes}終わり"

    assert kinds(text) == [
        ("heading", "A"),
        ("paragraph", "文[1]です。"),
        ("paragraph", "続き"),
        ("paragraph", "[1] 注の文\n二行目"),
        ("paragraph", "次の段落"),
        ("heading", "B"),
        ("paragraph", "別[2][1]"),
        ("paragraph", "終わり"),
        ("paragraph", "[2] もう一つ[3]"),
        ("paragraph", "[3] 奥"),
    ]
    assert [block.line for block in blocks(text)][3:5] == [11, 14]


@pytest.mark.parametrize("text", ["文[^1]です", "[^1]: 引かれない注", "`[^1]`\n\n[^1]: コードだけが引く注"])
def test_notes_without_a_partner_lose_nothing(text):
    assert letters(text) - letters("1") == letters(*(s for block in blocks(text) for s in block.strings)) - letters("1")


def test_notes_that_cite_each_other_end():
    assert kinds("a[^1]\n\n[^1]: b[^2]\n[^2]: c[^1]") == [
        ("paragraph", "a[1]"),
        ("paragraph", "[1] b[2]"),
        ("paragraph", "[2] c[1]"),
    ]


def test_a_note_where_it_is_cited_is_a_remark():
    assert kinds("本文^[ここに*注*]です") == [("paragraph", "本文 (ここに注)です")]


# Lines of blogs


@pytest.mark.parametrize(
    "line",
    [
        "https://a.example/t",
        "<https://a.example/t>",
        "[https://a.example/t](https://a.example/t)",
        "@[card](https://a.example/t)",
        "[https://a.example/t:embed:cite]",
        "[https://a.example/t:title=話]",
        "  https://a.example/t  ",
    ],
)
def test_an_address_alone_on_its_line_is_a_card(line):
    card = only(line)

    assert (card.kind, card.strings) == ("card", ("https://a.example/t",))
    assert card.html == '<p><a href="https://a.example/t">https://a.example/t</a></p>\n'


def test_a_card_between_japanese_lines_stands_alone():
    found = [(block.line, block.kind, *block.strings) for block in blocks("一行目\nhttps://a.example/\n三行目")]

    assert found == [(1, "paragraph", "一行目"), (2, "card", "https://a.example/"), (3, "paragraph", "三行目")]


def test_an_address_in_a_wrapped_latin_sentence_is_no_card():
    assert kinds("the slides are at\nhttps://a.example/\nfor a week") == [
        ("paragraph", "the slides are at https://a.example/ for a week")
    ]


@pytest.mark.parametrize(
    ("line", "label", "url"),
    [
        ("@[speakerdeck](abc123)", "Speaker Deck", "https://speakerdeck.com/player/abc123"),
        ("@[youtube](x-Y_z)", "YouTube", "https://www.youtube.com/watch?v=x-Y_z"),
        ("@[youtube](https://youtu.be/x)", "YouTube", "https://youtu.be/x"),
        ("@[tweet](https://twitter.com/a/status/1)", "Tweet", "https://twitter.com/a/status/1"),
        ("@[slideshare](k)", "SlideShare", "https://www.slideshare.net/slideshow/embed_code/key/k"),
        ("@[figma](https://figma.com/f/1)", "Figma", "https://figma.com/f/1"),
        ("@[novelty](https://a.example/)", "novelty", "https://a.example/"),
    ],
)
def test_an_embed_becomes_a_linked_line(line, label, url):
    embed = only(line)

    assert (embed.kind, embed.strings) == ("paragraph", (label,))
    assert [(link.label, link.url) for link in embed.links] == [(label, url)]
    assert "iframe" not in embed.html


def test_an_embed_of_an_unknown_service_keeps_its_name():
    assert kinds("@[novelty](42)") == [("paragraph", "novelty")]


def test_boxes_show_their_titles_and_their_text():
    text = (
        ":::message alert\n注意\n:::\n::::details 開く\n:::note info\n中\n:::\n- 項目\n:::\n::::\n::: tip Hint\nx\n:::"
    )

    assert kinds(text) == [
        ("paragraph", "注意"),
        ("paragraph", "開く"),
        ("paragraph", "中"),
        ("list", "項目"),
        ("paragraph", "Hint"),
        ("paragraph", "x"),
    ]


@pytest.mark.parametrize(
    ("text", "strings"),
    [
        ("```yaml\na: 1\n```", ("a: 1",)),
        ("```yaml:deploy.yaml\n# a\n```", ("deploy.yaml", "# a")),
        ("~~~\n```\n# Day 2\n~~~", ("```\n# Day 2",)),
        ("````\n```\n# x\n```\n````", ("```\n# x\n```",)),
        ("    $ indented", ("$ indented",)),
        ("{% highlight sh %}\n# x\n\n## y\n{% endhighlight %}", ("# x\n\n## y",)),
        ("{% highlight sh %}echo{% endhighlight %}", ("echo",)),
        ("~~~~ 区切り ~~~~\nx", ("区切り ~~~~", "x")),
        ("```sh title=x\nx\n```", ("x",)),
        ("{% highlight sh %}a\nb{% endhighlight %}c", ("a\nbc",)),
        ("{% highlight sh %}\nnever closed", ("never closed",)),
        ("```\nnever closed\n# x", ("never closed\n# x",)),
    ],
)
def test_code_is_verbatim(text, strings):
    assert (only(text).kind, only(text).strings) == ("code", strings)


def test_a_file_name_stands_above_its_code():
    name = "<p><code>a&amp;b.yaml</code></p>\n"

    assert html("```yaml:a&b.yaml\nx\n```") == f'{name}<pre><code class="language-yaml">x\n</code></pre>\n'
    assert name in html("- ```yaml:a&b.yaml\n  x\n  ```")


@pytest.mark.parametrize("text", ["- item\n\n  ```sh\n  # no heading\n  ```\n\n  rest", "> ```\n> # no\n> ```\n> rest"])
def test_a_comment_in_nested_code_is_no_heading(text):
    assert [block.kind for block in blocks(text)] in (["list"], ["paragraph"])


def test_a_heading_follows_a_quotation_with_an_open_fence():
    assert kinds("> ```\n> code\n\n##題名") == [("paragraph", "code"), ("heading", "題名")]


@pytest.mark.parametrize(
    ("text", "shown", "reason"),
    [
        ("{% include toc.html %}", "", "template tag"),
        ("前{% raw %}後", "前後", "template tag"),
        ("[[toc]]", "", "template tag"),
        ("[:contents]", "", "template tag"),
        ("前<!-- 秘密 -->後", "前後", "comment"),
        ("<!--\n秘密\n\n# 題\n-->", "", "comment"),
        ("前<script>秘密()</script>後", "前後", "script"),
        ("<script>\n秘密()\n\n秘密\n</script>", "", "script"),
        ("<style>秘密{}</style>", "", "style"),
        ("- 前<!-- 秘密 -->後", "前後", "comment"),
        ("> <!-- 秘密 -->\n> 後", "後", "comment"),
    ],
)
def test_what_readers_never_see_is_furniture(text, shown, reason):
    found = read(text)

    assert "".join(string for block in found if block.kind != "furniture" for string in block.strings) == shown
    assert {block.reason for block in found if block.kind == "furniture"} == {reason}
    assert "秘密" not in "".join(block.html for block in found)


# Lists and tables


def test_a_list_has_a_row_for_each_item():
    found = only("- [話一](https://a.example/1)\n  詳しい話\n\n  もう一段落\n- 二\n  - 内\n-[三](u)")

    assert found.strings == ("話一\n詳しい話", "もう一段落", "二", "内", "三")
    assert [(cell.line, cell.strings) for (cell,) in found.cells] == [
        (1, ("話一\n詳しい話", "もう一段落")),
        (5, ("二", "内")),
        (7, ("三",)),
    ]
    assert [link.url for (cell,) in found.cells for link in cell.links] == ["https://a.example/1", "u"]


def test_a_table_has_a_row_for_each_line_and_keeps_every_cell():
    found = only("| 時刻 | A |\n|---|:-:|\n| 10:00 | [話](u) / 名前 | 余り |\n| 11:00 |\n")

    assert found.strings == ("時刻 | A", "10:00 | 話 / 名前 | 余り", "11:00")
    assert [[cell.strings for cell in row] for row in found.cells] == [
        [("時刻",), ("A",)],
        [("10:00",), ("話 / 名前",), ("余り",)],
        [("11:00",), ()],
    ]
    assert [row[0].line for row in found.cells] == [1, 3, 4]
    assert found.html.count("<td") == 5


def test_a_table_may_have_one_column():
    assert only("| 話 |\n---\n| 港 |").strings == ("話", "港")


def test_a_sentence_that_begins_with_a_year_is_no_list():
    assert kinds("1986. That was a year.") == [("paragraph", "1986. That was a year.")]


@pytest.mark.parametrize(
    "text", ["> " * 60 + "深い", "- " * 60 + "深い", "\n".join(" " * 2 * n + "- 深い" for n in range(90))]
)
def test_text_in_deep_nesting_is_kept(text):
    assert "深い" in "".join(string for block in blocks(text) for string in block.strings)
    assert letters(text) == letters(*(string for block in blocks(text) for string in block.strings))


# Raw HTML


def test_raw_html_is_read_by_what_it_shows():
    text = '<div>\n<h2>題 <a href="https://a.example/">名</a></h2>\n<p>一<br>二</p><ul><li>三<li>四</ul>\n</div>'

    assert [(block.line, block.kind, *block.strings) for block in blocks(text)] == [
        (2, "heading", "題 名"),
        (3, "paragraph", "一\n二", "三", "四"),
    ]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ('<iframe src="https://a.example/v" width=1>x</iframe>', "https://a.example/v"),
        ('見て<iframe src="//a.example/v"></iframe>ください', "https://a.example/v"),
        ('<video controls><source src="https://a.example/v">x</video>', "https://a.example/v"),
        ('前<video><source src="https://a.example/v"></video>', "https://a.example/v"),
        ('<embed src="https://a.example/v">', "https://a.example/v"),
    ],
)
def test_a_player_becomes_a_link(text, url):
    assert links(text) == [(url, url)]
    assert "<iframe" not in html(text)
    assert "<video" not in html(text)


@pytest.mark.parametrize("text", ["<iframe>\n\n# A\n\nb", "<video>\n\n# A\n\nb", "x <script> b\n\n# A"])
def test_an_unclosed_player_swallows_no_chapter(text):
    assert ("heading", "A") in kinds(text)


def test_the_frame_around_a_page_is_the_card_of_that_page():
    page = "https%3A%2F%2Fa.example%2Ft%3Fx%3D1"
    frame = f'<iframe src="https://hatenablog-parts.com/embed?url={page}" title="t"></iframe>'

    found = read(f'{frame}\n<cite><a href="https://a.example/t?x=1">a.example</a></cite>\n\n本文と{frame}')

    assert [(block.kind, *block.strings) for block in found] == [
        ("card", "https://a.example/t?x=1"),
        ("paragraph", "a.example"),
        ("paragraph", "本文とhttps://a.example/t?x=1"),
    ]


def test_an_unclosed_player_hides_no_text_below_it():
    assert kinds('<div>\n<iframe src="//a.example/v">\n本文\n</div>') == [("paragraph", "https://a.example/v", "本文")]


def test_ruby_and_details_keep_their_words():
    assert kinds("<ruby>港<rt>みなと</rt></ruby>の話") == [("paragraph", "港みなとの話")]
    assert kinds("<details><summary>開く</summary>\n\n中身\n\n</details>") == [
        ("paragraph", "開く"),
        ("paragraph", "中身"),
    ]


# Lines, laws, limits


def test_lines_count_from_the_first_line_given():
    text = "a\n\n## b\n\n- c\n- d\n\n| e | f |\n|---|---|\n| g | h |\n"

    found = list(blocks(text, first_line=11))

    assert [block.line for block in found] == [11, 13, 15, 18]
    assert [cell.line for block in found for row in block.cells for cell in row] == [15, 16, 18, 18, 20, 20]


def letters(*texts):
    """How often each visible letter and digit occurs."""
    return Counter(c for text in texts for c in text if unicodedata.category(c)[0] in "LN")


WORD = st.text("あいうかな港海abcXYZ", min_size=1, max_size=6)
WORDS = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
INLINE = ("{}", "**{}**", "*{}*", "~~{}~~", "`{}`", "[{}](https://0.0/0)", "<b>{}</b>", "「{}」", "{}<br>", "\\[{}\\]")
SENTENCE = st.lists(st.tuples(st.sampled_from(INLINE), WORDS), min_size=1, max_size=4).map(
    lambda found: (" ".join(shape.format(words) for shape, words in found), " ".join(words for _, words in found))
)
HEADINGS = ("# {}", "##{}", "### {} ###", "{}\n===", "## {} [#](#0)")
TEXTS = ("{}", "{}。\n---", "> {}", "> > {}", "![0](0 =3x)\n*{}*", ":::0\n{}\n:::", "{{% 0 %}}\n\n{}")
ITEMS = ("- {}", "1. {}", "* - {}", "-\n\n  {}", "| {} |\n|---|", "<div>\n\n{}\n\n</div>")
CODE = ("```\n# {}\n```", "~~~ 0\n## {}\n```\n~~~", "    {}", "{{% highlight 0 %}}\n# {}\n{{% endhighlight %}}")


def shaped(found):
    """The markdown of a chapter, and the words a reader sees of it."""
    shape, (marked, words) = found
    return shape.format(marked), words


CHAPTER = st.one_of(
    st.tuples(st.sampled_from((*HEADINGS, *TEXTS, *ITEMS)), SENTENCE).map(shaped),
    st.tuples(st.sampled_from(CODE), WORDS.map(lambda words: (words, words))).map(shaped),
)


@given(st.lists(CHAPTER, max_size=6), st.sampled_from(["\n\n", "\n\n\n"]))
def test_every_word_arrives_in_order(chapters, between):
    text = between.join(source for source, _ in chapters)
    visible = "".join(shown for _, shown in chapters)

    found = "".join(string for block in blocks(text) for string in block.strings if block.kind != "furniture")

    assert re.sub(r"[\W\d_]+", "", found) == re.sub(r"[\W\d_]+", "", visible)


PIECES = [
    *("# ", "##", "- ", "1. ", "> ", "    ", "\t", "* ", "+ ", "\n", "\n\n", "---\n", "===\n", "| a |\n|---|\n", "|"),
    *(
        "```\n",
        "~~~\n",
        "`",
        "**",
        "*",
        "_",
        "~~",
        "\\",
        "[",
        "]",
        "](u)",
        "![",
        "[^1]",
        "\n[^1]: ",
        "\n[a]: /u\n",
        "^[",
    ),
    *(
        ":::details 題\n",
        ":::\n",
        "@[youtube](a)\n",
        "{% x %}",
        "{% highlight %}\n",
        "{% endhighlight %}\n",
        "{",
        "https://a.b/c",
    ),
    *(
        "<div>\n",
        "</div>",
        "<!--",
        "-->",
        "<b>",
        "<a href='x'>",
        "</a>",
        "<br>",
        "<h2>",
        "</h2>",
        "&amp;",
        "<",
        ">",
        "  \n",
    ),
    *("港", "です。", "word", "1986. ", "\u3000", "\x0b", "\x00", "\u2028", "🔗", "**「", "」**"),
]
MESS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(MESS)
def test_no_text_makes_it_fail_or_miscount(text):
    last = text.count("\n") + 1

    for block in blocks(text):
        assert 1 <= block.line <= last
        assert all(1 <= cell.line <= last for row in block.cells for cell in row)
        assert all(string.strip() for string in block.strings)
        assert block.kind == "furniture" or block.strings or block.html


@given(MESS)
def test_no_japanese_letter_of_any_text_is_lost(text):
    assume("![" not in text)  # an image's words are not visible

    found = Counter(c for block in blocks(text) for string in block.strings for c in string if c in "港です題")

    assert found == Counter(c for c in text if c in "港です題")


JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


HARMLESS = [piece for piece in PIECES if not JAPANESE.search(piece) and piece not in {"](u)", "<a href='x'>"}]


@given(data=st.data())
def test_a_damaged_article_keeps_its_letters(shared, data):
    file = data.draw(st.sampled_from(sorted((shared / "fixtures" / "recaps").glob("s*.md"))))
    text = re.sub(r"!\[.*?\]|\]\(.*?\)", "", decode(file.name, file.read_bytes()).text)
    start = data.draw(st.integers(0, len(text)))
    text = text[start : start + data.draw(st.integers(1, 600))]
    for piece in data.draw(st.lists(st.sampled_from(HARMLESS), max_size=4)):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + piece + text[place:]

    found = Counter(c for block in blocks(text) for string in block.strings for c in JAPANESE.findall(string))

    assert found == Counter(JAPANESE.findall(text))


@given(st.text(st.characters(), max_size=60))
def test_no_character_is_too_strange(text):
    list(blocks(text))


HOSTILE = {
    **{
        name: name * 3_000
        for name in ("[", "![", "^[", "[^1", "*a ", "_*", "`a``", "<", "<a ", "<!--", "{%", "https://", "|a")
    },
    **{
        name: name * 3_000
        for name in ("[a](", "a**b", "&amp;", "@[", ":::a\n", "- ", "> ", "> a\n", "- a\n", "a\n", "あ\n", "\\")
    },
    **{
        name: name * 1_000
        for name in ("<b>", "<div>\n", "x<script>", "x<iframe src=//a>", "<a href=x>b", "<h2>", "[a]:\n", "<a '\"")
    },
    **{
        name: name * 1_000
        for name in ("```\n", "本文。\n---\n", "[^1]: [^1]\n", "x|y\n-|-\n", "<video>", "<!-- a -->", "[![a](b)")
    },
    "spaces in a heading": "## a" + " " * 100_000 + "b",
    "run of brackets": "[" * 300_000,
    "scripts": "x<script>" * 8_000,
    "players": "x<iframe src=//a>" * 8_000,
    "spaces": " " * 20_000,
    "brackets": "https://a.b/" + "(" * 20_000,
    "definitions": "".join(f"[a{n}]: /b\n" for n in range(1_500)),
    "notes": "".join(f"a[^{n}]\n\n[^{n}]: b\n\n" for n in range(800)),
    "names": f"<div>{'<' + 'a' * 8_000}" * 4,
    "attribute": "<a " + "x='\"' " * 5_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_costs_no_more_than_long_text(text):
    begun = time.process_time()

    list(blocks(text))

    assert time.process_time() - begun < 3


@pytest.mark.parametrize("mark", ["*a_", "[", "a\n", "[](", "`a"])
def test_a_paragraph_of_nothing_but_marks_stays_as_typed(mark):
    text = "x" + mark * 30_000 + "x"

    (sentence,) = [token for token in parser().parse(text) if token.type == "inline"]

    assert [(one.type, one.content) for one in sentence.children or ()] == [("text", text)]


CHAPTER_TEXT = (
    "## 題名{}\n\nhttps://a.example/{}\n\n"
    "本文は**「重要」**で、[資料](https://a.example/)もあります。\n続きの行です。\n\n- 一つ\n- 二つ\n\n"
)


def test_twice_the_text_takes_twice_the_time():
    def seconds(count):
        text = "".join(CHAPTER_TEXT.format(n, n) for n in range(count))
        begun = time.process_time()
        assert sum(block.kind == "heading" for block in blocks(text)) == count
        return time.process_time() - begun

    seconds(10)

    assert seconds(400) < 4 * seconds(200) + 0.2


@pytest.mark.slow
def test_a_long_text_is_read_in_little_memory():
    text = "".join(CHAPTER_TEXT.format(n, n) for n in range(700))
    list(blocks(CHAPTER_TEXT))

    tracemalloc.start()
    for _ in islice(blocks(text), 2_000):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 12 * len(text)


def test_the_limits_are_those_the_parser_can_stand():
    from cnddigest.recap.markdown.parser import MAX_NESTING

    assert 2 * MAX_MARKERS + MAX_INDENT < MAX_NESTING
