"""Front matter: three kinds of it, and much that only looks like it."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap.frontmatter import split


@pytest.mark.parametrize(
    "text",
    [
        '---\ntitle: "港の会議"\nlang: ja_JP\npublished_at: 2026-03-09 08:00\ntags: [a, b]\n---\nbody',
        '+++\ntitle = "港の会議"\nlanguage = "ja-JP"\ndate = 2026-03-09T08:00:00+09:00\n+++\nbody',
        '+++\ntitle = "港の会議"\nlanguage = "ja-JP"\ndate = 2026-03-09\n+++\nbody',
        "---\ntitle: 港の会議\nlocale: ja-JP\ndate: 2026/3/9\n...\nbody",
        "Title: 港の会議\nLang: ja-JP\nDate: 2026年3月9日\n\nbody",
        "title: 港の会議\nlanguage: ja-JP\nwritten_on: 2026-03-09\nDate: 2020-01-01\n\nbody",
    ],
)
def test_each_kind_gives_the_same_facts(text):
    found = split(text)

    assert (found.title, found.language, found.written_on) == ("港の会議", "ja-JP", dt.date(2026, 3, 9))
    assert found.found


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: T\n---\nbody",
        "+++\ntitle = 'T'\n+++\n\nbody",
        "---\n---\nbody",
        "Title: T\nSlug: t\n\nbody",
        "Title: T\nSlug: t",
    ],
)
def test_lines_keep_their_numbers(text):
    found = split(text)

    assert found.text.count("\n") >= text.count("\n")
    assert [line for line in found.text.split("\n") if line] == [line for line in text.split("\n") if line == "body"]
    assert found.text.find("body") == found.text.rfind("\n") + 1 or "body" not in text


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "---\nA rule above prose, and no mapping.\n---\nbody",
        "---\n\nAn article that begins with a rule: yes\nand goes on.\n\n---\nbody",
        "---\ntitle: never closed\nbody",
        "Place: somewhere\nWeather: fine\n\nbody",
        "Title: only one line\n\nbody",
        "Title: T\nand a sentence\n\nbody",
        "https://example.org/\nTitle: T\n\nbody",
        "----\ntitle: T\n----\nbody",
    ],
)
def test_what_is_no_front_matter_stays_text(text):
    found = split(text)

    assert (found.text, found.found, found.title, found.findings) == (text, False, None, ())


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: [unclosed\n---\nbody",
        "---\ntitle: a\n\tb: c\n---\nbody",
        "---\ntitle: 'a: b\n---\nbody",
        "+++\ntitle = unquoted\n+++\nbody",
        "+++\n[[[[\n+++\nbody",
    ],
)
def test_broken_front_matter_is_a_finding_and_text(text):
    found = split(text)

    assert (found.text, found.found) == (text, False)
    assert [(f.rule, f.severity, f.line) for f in found.findings] == [("broken-front-matter", "warning", 1)]


@pytest.mark.parametrize(
    ("line", "title"),
    [("title: 2026", "2026"), ("title: [a]", None), ("title:", None), ("title: ' '", None), ("name: N", "N")],
)
def test_a_title_is_a_line_of_words(line, title):
    assert split(f"---\n{line}\n---\nbody").title == title


@pytest.mark.parametrize("value", ["2026-13-45", "soon", "20260309", "[1]", "''", "99999-01-01"])
def test_a_date_that_is_none_is_no_date(value):
    found = split(f"---\ntitle: T\ndate: {value}\n---\nbody")

    assert (found.title, found.written_on, found.findings) == ("T", None, ())


@pytest.mark.parametrize("value", ["Japanese", "日本語", "j", "[ja]", "ja;x"])
def test_a_language_that_is_no_tag_is_no_language(value):
    assert split(f"---\nlang: {value}\n---\nbody").language is None


@pytest.mark.parametrize(
    "block",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{n}: &{n} [{','.join([f'*{p}'] * 9)}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)),
        "a: &a {x: 1}\n"
        + "".join(
            f"{n}: &{n} {{<<: [{','.join([f'*{p}'] * 9)}]}}\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "a: " + "[" * 60_000,
        "a: " + "{a: " * 9_000,
        "? " * 9_000,
        "- " * 9_000,
        "a: !!python/object/apply:os.system [exit]",
        "a: " + "x" * 60_000,
    ],
    ids=["aliases", "merges", "lists", "maps", "keys", "dashes", "objects", "long"],
)
def test_yaml_bombs_go_off_nowhere(block):
    begun = time.process_time()

    found = split(f"---\n{block}\n---\nbody")

    assert "body" in found.text
    assert time.process_time() - begun < 5


@given(st.text("-+=:. \n[]{}'\"#&*!|>%@`abTitle", max_size=80), st.sampled_from(["---\n", "+++\n", "Title: a\n"]))
def test_no_text_makes_it_fail_or_lose_a_line(text, start):
    found = split(f"{start}{text}\n---\n+++\nbody")

    assert found.text.endswith("body")
    assert found.text.count("\n") == f"{start}{text}\n---\n+++\nbody".count("\n")
