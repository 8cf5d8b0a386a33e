"""What Hatena, Qiita, Jekyll and Hugo write into markdown, and what readers get to see of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap import markdown
from cnddigest.recap.markdown import habits
from cnddigest.recap.model import Link


def read(text):
    return list(markdown.blocks(text))


def shown(text):
    return [string for block in read(text) if block.kind != "furniture" for string in block.strings]


def furniture(text):
    return [block.text for block in read(text) if block.kind == "furniture"]


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("{{< youtube abc >}}", Link(label="YouTube", url="https://www.youtube.com/watch?v=abc")),
        ('{{< youtube id="abc" autoplay="true" >}}', Link(label="YouTube", url="https://www.youtube.com/watch?v=abc")),
        ("{{% vimeo 123 %}}", Link(label="Vimeo", url="https://vimeo.com/123")),
        ("{{< gist ann 42 >}}", Link(label="Gist", url="https://gist.github.com/ann/42")),
        ('{{< tweet user="ann" id="42" >}}', Link(label="Tweet", url="https://twitter.com/i/status/42")),
    ],
)
def test_a_player_of_hugo_becomes_a_link(line, link):
    (block,) = read(line)

    assert block.links == (link,)


def test_a_figure_of_hugo_is_a_picture_with_its_words():
    (block,) = read('{{< figure src="a.png" title="夕方" caption="港で" >}}')

    assert block.strings == ("夕方 港で",)
    assert '<img src="a.png"' in block.html


def test_a_box_of_hugo_shows_its_title_and_text():
    hidden = '{{< details "もっと" >}}\n隠れた文です。\n{{< /details >}}\n'
    notice = "{{% notice note %}}\n注意です。\n{{% /notice %}}\n"

    assert shown(f"{hidden}\n{notice}") == ["もっと", "隠れた文です。", "注意です。"]


def test_code_of_hugo_has_no_headings():
    (block,) = read("{{< highlight go >}}\n# x\n{{< /highlight >}}\n")

    assert (block.kind, block.strings) == ("code", ("# x",))


@pytest.mark.parametrize(
    "target",
    ['{{< ref "other.md" >}}', '{{< relref "other.md" >}}', "{% post_url other.md %}", "{{ site.baseurl }}other.md"],
)
def test_a_link_to_a_page_of_the_same_site_keeps_its_words(target):
    (block,) = read(f"See [the other]({target}) too.")

    assert block.strings == ("See the other too.",)
    assert block.links == (Link(label="the other", url="other.md"),)


@pytest.mark.parametrize("attributes", ["{: .note}", "{: .no_toc }", '{:target="_blank"}', '{: #id width="300"}'])
def test_attributes_of_kramdown_are_not_shown(attributes):
    assert shown(f"段落です。\n{attributes}\n\n語{attributes}の後。") == ["段落です。", "語の後。"]
    assert furniture(f"段落です。\n{attributes}\n") == [attributes]


def test_a_symbol_in_braces_is_no_attribute():
    assert shown("It returns {:ok, value} then.") == ["It returns {:ok, value} then."]


def test_a_placeholder_of_kramdown_is_no_list():
    assert [block.kind for block in read("* TOC\n{:toc}\n\n# A\n")] == ["furniture", "heading"]


@pytest.mark.parametrize("line", ["[toc]", "[TOC]", "@[toc]", "[:contents]", "{:toc}"])
def test_a_place_for_contents_is_furniture(line):
    assert furniture(f"文です。\n\n{line}\n") == [line]


def test_links_of_hatena_show_their_title():
    (block,) = read("文中の[https://e.org/p:title=題名]と[https://e.org/q:title]です。")

    assert block.strings == ("文中の題名とhttps://e.org/qです。",)
    assert [link.url for link in block.links] == ["https://e.org/p", "https://e.org/q"]


def test_code_of_hatena_is_verbatim():
    blocks = read(">|ruby|\n# x\n||<\n\n>||\n# y\n||<\n\n文です。\n")

    assert [(block.kind, block.line, block.strings) for block in blocks] == [
        ("code", 1, ("# x",)),
        ("code", 5, ("# y",)),
        ("paragraph", 9, ("文です。",)),
    ]


def test_a_quotation_of_hatena_ends_at_its_mark():
    blocks = read(">>\n引用です。\n\n二つ目。\n<<\n文です。\n")

    assert [block.strings for block in blocks] == [("引用です。", "二つ目。"), ("文です。",)]


def test_stars_of_hatena_are_headings():
    blocks = read("*一日目\n**発表\n話です。\n*二日目\n**別の発表\n話です。\n")

    assert [(block.level, block.line) for block in blocks if block.kind == "heading"] == [
        (2, 1),
        (3, 2),
        (2, 4),
        (3, 5),
    ]


def test_emphasis_over_two_lines_makes_no_heading():
    assert [block.kind for block in read("*強い\n語*です。\n\n*もう\n一つ*です。\n")] == ["paragraph", "paragraph"]


PIECES = [">||", "||<", ">>", "<<", "*題", "**題", "# 題", "```", "{{< x >}}", "{: .a}", "](", "{{< ref", "語", "", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_a_line_stays_a_line(lines):
    rewritten = list(lines)

    habits.rewrite(rewritten)

    assert len(rewritten) == len(lines)
    assert "".join(rewritten).count("語") == "".join(lines).count("語")


@pytest.mark.parametrize("line", [">>\n", ">||\n", "*題\n", "[x]({{< ref ", "{{< x ", "{: .a", "[https://e.org:title="])
def test_a_mark_that_nobody_closes_loses_nothing(line):
    assert "語" in "".join(shown(line * 3_000 + "語"))
