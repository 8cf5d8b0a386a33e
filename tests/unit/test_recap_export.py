"""Exported markdown reads back to the outline it was made from, whatever the recap was."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_recap, a_session, a_source, some_prose
from cnddigest.recap import outline, source
from cnddigest.recap.export import exported
from cnddigest.recap.model import Closing, Link, Prose, Recap, Session
from cnddigest.recap.wire import wire
from conftest import ROOT

OWN = ("source", "format", "findings", "dropped")  # what belongs to a file and not to what it says
SUFFIXES = {".md", ".txt", ".html", ".rst"}
MARKUP = [
    *(
        "# not a heading",
        "1. not a list",
        "- nor this",
        "> quoted",
        "===",
        "---",
        ":::message",
        "| a | b |",
        "    four",
    ),
    *(
        "*stars* and _lines_",
        "`code`",
        "[label](https://a.example)",
        "![alt](x.png)",
        "<b>tag</b>",
        "&amp; &copy;",
        "~~x~~",
    ),
    *(
        "@[youtube](abc)",
        "{% tag %}",
        "{{ slot }}",
        "https://a.example/b",
        "+ plus",
        "3) three",
        "Key: value",
        "\\ back",
    ),
    *(
        "[^1]: note",
        "本文です。",
        "1日目",
        "まとめ",
        "Day 2",
        "**重要。**次",
        "a\u3000b",
        "a\u00a0b",
        "  two  blanks  ",
        "…",
    ),
]
LINES = st.one_of(st.sampled_from(MARKUP), st.text(alphabet="あaA#*_`<>[]()|-=:!\\~ 1.&{}@", min_size=1, max_size=20))


def told(recap: Recap) -> dict[str, Any]:
    return {name: value for name, value in wire(recap).items() if name not in OWN}


def read_back(recap: Recap) -> Recap:
    return outline.understood([source.decode("recap.md", exported(recap).encode())])


def recaps() -> list[Path]:
    folders = [path for path in (ROOT / "tests/golden/recaps").glob("*/*") if path.suffix in SUFFIXES]
    return sorted([ROOT / "recaps/cndt2022.md", *folders])


@pytest.mark.parametrize("path", recaps(), ids=lambda path: path.parent.name)
def test_a_recap_is_the_same_after_its_export(path: Path) -> None:
    recap = outline.understood([source.decode(path.name, path.read_bytes())])

    assert told(read_back(recap)) == told(recap)


def test_the_seed_is_the_same_after_its_export(shared: Path) -> None:
    recap = outline.understood([source.decode("seed.txt", (shared / "seed/cndt2022.txt").read_bytes())])

    assert told(read_back(recap)) == told(recap)


def test_the_fixtures_are_the_same_after_their_export(shared: Path) -> None:
    files = [path for path in (shared / "fixtures/recaps").rglob("s*") if path.suffix in SUFFIXES]
    recaps = [outline.understood([source.decode(path.name, path.read_bytes())]) for path in files]

    backs = list(map(read_back, recaps))

    assert list(map(told, backs)) == list(map(told, recaps))


@given(
    st.lists(st.one_of(LINES, st.just("")), min_size=1, max_size=25).map("\n".join),
    st.sampled_from(["text", "markdown"]),
)
def test_whatever_was_read_is_the_same_after_its_export(text: str, form: str) -> None:
    recap = outline.understood([a_source(text, format=form)])

    back = read_back(recap)

    assert told(back) == told(recap)


@given(st.lists(LINES.filter(str.strip), min_size=1, max_size=4))
def test_no_paragraph_becomes_markup(lines: list[str]) -> None:
    paragraphs = tuple(" ".join(line.split()) for line in lines)
    session = a_session(1, prose=Prose(paragraphs=paragraphs))

    (back,) = read_back(_with(a_recap(days=1, sessions=1), session)).sessions

    assert back.prose.paragraphs == paragraphs


def _with(recap: Recap, session: Session) -> Recap:
    return replace(recap, days=(replace(recap.days[0], sessions=(session,)),))


def test_what_headings_can_not_say_stands_in_the_front_matter() -> None:
    session = a_session(
        1,
        title="corrected",
        heading="発表その1",
        kind="lightning",
        group="LT",
        room="Hall A",
        speakers=("沖 あかね",),
        url="https://event.example/1",
        links=(Link(label="slides", url="https://slides.example/1"),),
        prose=some_prose("本文です。"),
    )

    (back,) = read_back(_with(a_recap(days=1, sessions=1), session)).sessions

    names = ("title", "heading", "kind", "group", "room", "speakers", "url", "links")
    assert [getattr(back, name) for name in names] == [getattr(session, name) for name in names]


@pytest.mark.parametrize(
    "html",
    [
        "<p><strong>重要</strong>な話</p>",
        "<p><em>stars</em> first</p>",
        "<p>rare\u00a0: <b>bold</b></p>",
        "<table><tr><td>a\u3000b</td><td>c</td></tr></table>",
        "<p>one<br>two<br></p>",
        "<figure><img src='a.png' alt='a'><figcaption>below</figcaption></figure>",
        "<p>see <code>a_b*c</code> and <a href='https://a.example/x_(y)'>that</a></p>",
        "<ol start='3'><li>three</li><li><p>four</p><ul><li>inside</li></ul></li></ol>",
    ],
)
def test_markup_is_written_as_markdown(html: str) -> None:
    (read,) = outline.understood([a_source(f"<h2>Day 1</h2><h3>T</h3>{html}", format="html")]).sessions

    (back,) = read_back(outline.understood([a_source(f"<h2>Day 1</h2><h3>T</h3>{html}", format="html")])).sessions

    assert tags(back.prose.html) == tags(read.prose.html)
    assert back.prose.paragraphs == read.prose.paragraphs


def tags(html: str) -> list[str]:
    """The elements in a text that carry meaning."""
    meant = {"strong", "em", "code", "a", "img", "ol", "ul", "li", "td", "br", "pre", "blockquote"}
    same = {"b": "strong", "i": "em", "th": "td"}
    found = (same.get(name, name) for name in re.findall(r"<(\w+)", html))
    return [name for name in found if name in meant]


HTML = [
    *("<p>", "</p>", "<ul><li>", "</li><li>", "</ul>", "<h2>", "</h2>", "<h3>", "</h3>", "<b>", "</b>", "<br>"),
    *("<pre><code>", "  a\n\n b\n", "</code></pre>", "<blockquote>", "</blockquote>", "<code>", "</code>"),
    *("<table><tr><td>", "</td><td>", "</tr></table>", "<a href='https://a.example/x_y(1)'>", "</a>"),
    *("<img src='a b.png' alt='x'>", "&lt;b&gt;", "&amp;lt;", "|", "`", " "),
]


@given(
    st.lists(st.one_of(st.sampled_from(HTML), LINES), min_size=1, max_size=25).map("".join),
    st.sampled_from(["html", "markdown"]),
)
def test_whatever_markup_was_read_is_the_same_after_its_export(text: str, form: str) -> None:
    recap = outline.understood([a_source(text, format=form)])

    assert told(read_back(recap)) == told(recap)


def test_what_can_not_be_written_costs_only_its_own_markup() -> None:
    # Markdown has no form for the middle one: a string that looks like the markup around another one.
    html = "<pre><code>  a\n\n  b</code></pre>\n<p>unlike</p>\n<p><strong>bold</strong></p>"
    paragraphs = ("  a\n\n  b", "other words", "bold")
    session = a_session(1, prose=Prose(paragraphs=paragraphs, html=html))

    text = exported(_with(a_recap(days=1, sessions=1), session))

    (back,) = outline.understood([source.decode("recap.md", text.encode())]).sessions
    assert back.prose.paragraphs == paragraphs
    assert (text.count("```"), text.count("**bold**")) == (2, 1)


def test_code_without_markup_keeps_its_layout() -> None:
    paragraphs = ("def a():\n    return 1\n\n\ndef b(): ...", "```\n  x\n```")
    session = a_session(1, prose=Prose(paragraphs=paragraphs))

    (back,) = read_back(_with(a_recap(days=1, sessions=1), session)).sessions

    assert back.prose.paragraphs == paragraphs


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/b",
        "https://a.example/_b_",
        "https://a.example/b\\",
        "https://a.example/*[x](y)",
        "https://a.example/?a=1&copy;=2",
    ],
)
def test_an_address_is_told_as_it_is(address: str) -> None:
    paragraphs = (f"words {address}\nmore", f"{address}\nbelow", f"{address} 。")
    session = a_session(1, prose=Prose(paragraphs=paragraphs))

    (back,) = read_back(_with(a_recap(days=1, sessions=1), session)).sessions

    assert back.prose.paragraphs == paragraphs


def test_a_closing_without_a_heading_keeps_none() -> None:
    recap = a_recap(days=1, sessions=1, closing=Closing(heading=None, prose=some_prose("さようなら。")))

    back = read_back(recap)

    assert (back.closing.heading, back.closing.prose.paragraphs) == (None, ("さようなら。",))


@pytest.mark.parametrize(
    "front",
    [
        "days: 3",
        "days: [[1], {number: x, date: 2026-99-99}]",
        "sessions: {heading: A}",
        "sessions: [{heading: A, kind: bomb, speakers: 3, links: [1, {}], url: [1], title: ''}]",
        "closing: [1]",
        "introduction: '-1'",
    ],
)
def test_senseless_facts_are_as_if_not_said(front: str) -> None:
    text = f"---\ntitle: T\noutline: exact\n{front}\n---\n\nhello\n\n# Day 1\n\n## A\n\ntext\n"

    recap = outline.understood([source.decode("a.md", text.encode())])

    assert [(session.title, session.kind) for session in recap.sessions] == [("A", "talk")]


def test_in_an_exact_text_nothing_is_guessed() -> None:
    text = "---\ntitle: T\noutline: exact\n---\n\n# Lunch\n\n## まとめ\n\n### Day 2\n\ntext\n\n## Closing\n\nbye\n"

    recap = outline.understood([source.decode("a.md", text.encode())])

    assert [day.label for day in recap.days] == ["Lunch"]
    assert [session.heading for session in recap.sessions] == ["まとめ", "Closing"]
    assert recap.sessions[0].prose.paragraphs == ("Day 2", "text")
    assert recap.closing.heading is None
