"""Every character of a text is in exactly one place of its outline, whatever was done to the text."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_source
from cnddigest.recap import markdown
from cnddigest.recap.model import Recap
from cnddigest.recap.outline import understood
from cnddigest.recap.sections import letters, lines

MARKS = "■◆●▼▶★□◇○§#"  # before a label they are markup
PIECES = [
    *(
        "会議のまとめ",
        "2026年3月7日-8日に開催されました。",
        "1日目",
        "2日目",
        "Day 1",
        "初日",
        "最終日",
        "Saturday",
        "目次",
    ),
    *(
        "トラックA",
        "ライトニングトーク",
        "まとめ",
        "おわりに",
        "Discussion",
        "コメント",
        "はじめに",
        "資料",
        "昼休憩",
        "Lunch",
    ),
    *(
        "発表の題名",
        "別の発表",
        "「五分の話」 - 沖 あかね",
        "10:00 朝の話",
        "A Talk by First Last",
        "1. 番号",
        "◆ 印のある話",
        "**太字の題名**",
        "**太字の話** （沖 あかね）",
        "A-1 記号の話",
        "[1日目] 日のある話",
        "関連記事",
    ),
    *(
        "内容をまとめて紹介していました。",
        "It worked on the second try.",
        "https://example.org/a",
        "・項目",
        "- item",
        "====",
        "***",
    ),
    *(
        "1日目基調講演「あ」",
        "1日目LT",
        "What is 会議?",
        "題名　山田 太郎さん",
        "<b>&amp;",
        "\u3000",
        "　字下げ",
        "",
        "",
        "①",
        "👩‍💻",
    ),
]
HEADS = ["# ", "## ", "### ", "- ", "1. ", "> ", "    ", "| a | b |\n|---|---|\n| ", ""]

anything = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
plain_texts = st.lists(st.one_of(st.sampled_from(PIECES), anything), max_size=30).map("\n".join)
markdown_texts = st.lists(st.tuples(st.sampled_from(HEADS), st.sampled_from(PIECES)).map("".join), max_size=20).map(
    "\n\n".join
)


def parts(recap: Recap, text: str = ""):
    """Yield every string of an outline once; a label or group that is part of a heading is not counted again."""
    lines_of_text = text.split("\n")
    yield from (
        recap.title,
        *recap.introduction.paragraphs,
        recap.closing.heading or "",
        *recap.closing.prose.paragraphs,
    )
    yield from (dropped.text for dropped in recap.dropped)
    for day in recap.days:
        line = lines_of_text[day.line - 1].strip() if text and day.line else ""
        prefixes = day.line in {session.line for session in day.sessions} or (
            bool(line) and any(session.group == line != day.label for session in day.sessions)
        )
        if not prefixes:
            yield day.label if day.line else ""
        yield from day.introduction.paragraphs
        group = None
        for session in day.sessions:
            yield session.group or "" if session.group != group else ""
            group = session.group
            yield from (session.heading, *session.prose.paragraphs)
            yield session.url if session.url and session.url not in session.heading else ""


def characters(strings) -> Counter[str]:
    return Counter(character for character in "".join(strings) if not character.isspace() and character not in MARKS)


@given(plain_texts)
def test_plain_text_is_conserved(text):
    recap = understood([a_source(text)])

    assert characters(parts(recap, text)) == characters(text)


@given(markdown_texts)
def test_no_letter_of_markdown_is_lost(text):
    visible = [string for block in markdown.blocks(text) for _, string in lines(block)]

    recap = understood([a_source(text, format="markdown")])

    shown = [*parts(recap), *(f"{s.track}{s.starts_at}" for s in recap.sessions)]
    assert not Counter(letters("".join(visible))) - Counter(letters("".join(shown)))


@pytest.fixture(scope="module")
def articles(shared) -> list[str]:
    paths = [*(shared / "fixtures" / "recaps").glob("*.txt"), shared / "seed" / "cndt2022.txt"]
    return [path.read_text("utf-8-sig") for path in sorted(paths)]


@given(data=st.data())
def test_a_damaged_article_is_conserved(articles, data):
    article = data.draw(st.sampled_from(articles))
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(article))] * 2)))
    rows = article[first:last].split("\n")
    shuffled = data.draw(st.permutations(rows)) if len(rows) < 40 and data.draw(st.booleans()) else rows
    text = "\n".join(shuffled)

    recap = understood([a_source(text)])

    assert characters(parts(recap, text)) == characters(text)
