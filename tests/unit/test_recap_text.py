"""Plain text into blocks: lines, wrapped paragraphs, contents lists, furniture."""

from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap.text import blocks, paragraph

PROSE = "発表の内容をまとめて紹介していました。"


def of_kind(kind: str, text: str) -> list[str]:
    return [block.text for block in blocks(text) if block.kind == kind]


def test_one_line_is_one_paragraph():
    assert of_kind("paragraph", f"会議\n{PROSE} {PROSE}\n{PROSE}") == [f"{PROSE} {PROSE}", PROSE]


def test_blocks_know_their_lines():
    assert [block.line for block in blocks(f"会議\n\n{PROSE}\n\n\n{PROSE}")] == [1, 3, 6]


def test_wrapped_latin_lines_are_joined():
    text = (
        "Notes from Somewhere\n\n"
        "The conference took place in a converted boathouse with one stage and a\n"
        "very loud kettle. I went to everything, because there was only one track\n"
        "and the weather left no choice.\n\n"
        "A Talk by First Last\n\n"
        "It was about the time that a retry costs, measured over a whole year by\n"
        "somebody with patience.\n\n"
        "- one thing that is long enough to be broken by the editor at the margin\n"
        "  of the page\n"
        "- another thing\n"
    )

    found = of_kind("paragraph", text)

    assert found[0].endswith("no choice.")
    assert found[1].startswith("It was about")
    assert found[2:] == [
        "- one thing that is long enough to be broken by the editor at the margin of the page",
        "- another thing",
    ]


def test_wrapped_lines_are_joined_where_every_title_has_its_speaker_right_below():
    body = "It was about the time that a retry costs, measured over a whole year and\nby somebody with patience."
    talks = [f"A Title\nSpeaker: First {name}\n\n{body}" for name in ("Adler", "Berg", "Clay", "Dunn")]
    short = [f"B Title\nSpeaker: First {name}\n\nIt was short and good." for name in ("Eder", "Falk")]

    found = of_kind("paragraph", "\n\n".join(["Notes from Somewhere", *talks, *short]))

    assert found.count(body.replace("\n", " ")) == len(talks)


def test_short_lines_without_a_margin_are_not_joined():
    assert of_kind("paragraph", "A Day\n\nOne is short.\nTwo is short.\n\nB Day\n\nThree.\nFour.\nFive.\nSix.")[:2] == [
        "One is short.",
        "Two is short.",
    ]


def test_what_the_platform_adds_below_is_furniture():
    text = f"会議\n{PROSE}\nDiscussion\nログインするとコメントできます"

    assert of_kind("furniture", text) == ["Discussion", "ログインするとコメントできます"]


def test_a_talk_called_discussion_is_a_talk():
    assert of_kind("furniture", f"会議\n{PROSE}\nDiscussion\n{PROSE}") == []


def test_a_contents_list_is_furniture():
    items = ["消えたログを追え", "小さなチームの話", "そのアラート、誰が読むのか"]
    text = (
        "会議\n"
        + PROSE
        + "\n目次\n"
        + "\n".join(f"・{item}" for item in items)
        + "\n"
        + "".join(f"{item}\n{PROSE}\n" for item in items)
    )

    assert of_kind("furniture", text) == ["目次", *(f"・{item}" for item in items)]
    assert of_kind("heading", text) == ["会議", *items]


def test_a_contents_list_needs_no_announcement():
    items = ["消えたログを追え", "小さなチームの話", "そのアラート、誰が読むのか"]
    talks = "".join(f"{item}\n{PROSE}\n" for item in items)

    assert of_kind("furniture", "会議\nはじめての参加でした。\n" + "\n".join(items) + "\n" + talks) == items


def test_rules_are_furniture():
    assert of_kind("furniture", f"会議\n=====\n{PROSE}\n***\n{PROSE}") == ["=====", "***"]


def test_markup_is_escaped_and_addresses_are_linked():
    assert paragraph("a <b> & https://example.org/?a=1&b=2. c") == (
        '<p>a &lt;b&gt; &amp; <a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>. c</p>'
    )


def test_an_address_ends_before_japanese_text():
    found = [block.links for block in blocks(f"会議\n{PROSE}\n資料は「https://example.org/a」です。")][-1]

    assert [link.url for link in found] == ["https://example.org/a"]


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_no_character_is_lost(text):
    found = "".join("".join(block.strings) for block in blocks(text))

    assert sorted("".join(found.split())) == sorted("".join(text.split()))


def test_a_heading_right_above_wrapped_text_is_not_joined_to_it():
    body = (
        "It was about the time that a retry costs, measured over a whole year by\nsomebody with patience and a very\n"
    )
    more = "large notebook, which was passed around the room while the speaker went\non and on about budgets.\n\n"
    text = "Notes from Somewhere\n\n" + "".join(f"Talk Number {n}\n{body}{more}" for n in "ABCD")

    found = [block.text for block in blocks(text)]

    assert "Talk Number A" in found


def test_titles_of_other_articles_at_the_end_are_furniture():
    tail = "いいね\nコメント\n関連記事\n港の会議2023のまとめ\n船の会議に行ってきた"

    found = of_kind("furniture", f"会議\n{PROSE}\n港の話\n{PROSE}\nまとめ\n{PROSE}\n{tail}")

    assert found == tail.split("\n")


def test_a_talk_about_related_articles_is_none():
    assert not of_kind("furniture", f"会議\n{PROSE}\n港の話\n{PROSE}\n関連記事\n{PROSE}\nまとめ\n{PROSE}")
