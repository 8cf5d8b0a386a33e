"""`outline`: an author sees at a glance how the recap is understood."""

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from builders import a_recap, a_session, some_prose
from cnddigest.cli import output, tree
from cnddigest.cli.main import run
from cnddigest.recap.model import Closing, Day, Dropped, Finding, Link, Severity

RECAP = """\
---
title: 港の会議 2026 まとめ
date: 2026-03-09
---
2026年3月7日・8日に開かれた会議の記録です。

# 1日目

## 基調講演「港を開く」

https://event.example/talks/1

十年分の話でした。[資料](https://slides.example/1)もあります。

## 10:30 [/etc]を:fire:から守る - 汐見 蓮

設定の話です。

# 2日目

## 海図を描き直す

<!-- 下書き -->

本日の話です。

# おわりに

ありがとうございました。
"""


@pytest.fixture
def recap(tmp_path, monkeypatch):
    (tmp_path / "minato.md").write_text(RECAP, "utf-8")
    monkeypatch.chdir(tmp_path)
    return "minato.md"


@pytest.fixture
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of so many columns."""

    def sized(columns):
        monkeypatch.setattr(output, "_is_terminal", lambda stream: stream is sys.stdout)
        monkeypatch.setenv("COLUMNS", str(columns))

    return sized


def drawn(*parts):
    """Rich parts as a wide terminal without colours shows them."""
    console = Console(file=io.StringIO(), width=200, markup=False, emoji=False, highlight=False)
    console.print(*parts, sep="\n")
    return console.file.getvalue()  # type: ignore[attr-defined]


def recap_of(*sessions, label=""):
    """A recap of one day."""
    return replace(a_recap(title=label), days=(Day(number=1, label=label, sessions=sessions),))


def width(line):
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line)


def test_an_author_sees_days_sessions_and_what_is_known_of_each(recap, capsys):
    code = run(["outline", recap])

    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "港の会議 2026 まとめ"
    assert lines[1].startswith("minato.md · markdown · ja · ")
    assert "├── 1日目  line 7 · Sat 2026-03-07 · 2 sessions" in lines
    assert any(line.endswith(" 1 港を開く") for line in lines)
    assert any(line.endswith("line 9 · keynote · 1 paragraph, 17 characters · page · 1 slide deck") for line in lines)
    assert any(line.endswith("line 15 · 10:30 · 汐見 蓮 · 1 paragraph, 7 characters") for line in lines)
    assert "└── closing  おわりに · line 27 · 1 paragraph, 12 characters" in lines
    assert "└── line 23: 下書き  comment" in lines
    assert lines[-1].startswith("2 days, 3 sessions")


def test_titles_are_no_markup(recap, capsys):
    run(["outline", recap])

    assert "[/etc]を:fire:から守る" in capsys.readouterr().out


def test_json_is_one_document_and_nothing_else(recap, capsys):
    code = run(["outline", recap, "--json"])

    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert found["schema"] == "cnddigest/outline/1"
    assert [session["number"] for day in found["days"] for session in day["sessions"]] == [1, 2, 3]
    assert found["source"]["path"] == "minato.md"


def test_why_shows_how_every_heading_was_judged(recap, capsys):
    run(["outline", recap, "--why"])

    table = capsys.readouterr().out.partition("how minato.md was judged")[2]
    assert re.search(r"7 +heading 1: day +sure +1日目\n +names a day \(number 1\)", table)
    assert re.search(r"9 +heading 2: keynote +sure +基調講演「港を開く」\n +level 2 holds the talks", table)
    assert re.search(r"27 +heading 1: closing +sure +おわりに\n +a closing word", table)
    assert "十年分" not in table


def test_why_shows_dropped_lines_once_and_in_their_place(recap, capsys):
    run(["outline", recap, "--why"])

    out = capsys.readouterr().out
    assert out.count("下書き") == 1
    assert re.search(r"23 +dropped +sure +下書き\n +comment", out)


def test_why_shows_every_line_of_plain_text_and_how_sure_it_is(tmp_path, capsys):
    file = tmp_path / "a.txt"
    file.write_text(
        "会議のまとめ\n1日目\n海の話\n波が高かったです。\nまた聞きたいです。\n山の話\n高かったです。\n", "utf-8"
    )

    run(["outline", str(file), "--why"])

    table = capsys.readouterr().out.partition("was judged")[2]
    assert re.search(r"1 +title +(?:sure|likely) +会議のまとめ\n +does not end like a sentence", table)
    assert re.search(r"4 +text +sure +波が高かったです。\n +ends like a sentence", table)


def test_several_files_are_one_recap(tmp_path, capsys):
    for day in (1, 2):
        (tmp_path / f"{day}.md").write_text(f"# 港 {day}日目\n\n## 話その{day}\n\n本文です。\n", "utf-8")

    code = run(["outline", str(tmp_path / "1.md"), str(tmp_path / "2.md"), "--json"])

    days = json.loads(capsys.readouterr().out)["days"]
    assert code == 0
    assert [[session["title"] for session in day["sessions"]] for day in days] == [["話その1"], ["話その2"]]


def test_of_several_files_each_is_told_and_corrected_by_itself(empty_folder, capsys):
    for day in (1, 2):
        (empty_folder / f"{day}.md").write_text(f"# 港 {day}日目\n\n## 話その{day}\n\n本文です。\n", "utf-8")

    run(["outline", "1.md", "2.md", "--write", "--why", "--json"])

    out, err = capsys.readouterr()
    talks = [(one["path"], one["line"], one["text"]) for one in json.loads(out)["why"] if one["role"] == "talk"]
    assert talks == [("1.md", 3, "話その1"), ("2.md", 3, "話その2")]
    assert err == "wrote 1.outline.toml\nwrote 2.outline.toml\n"


def test_several_files_become_one_markdown(empty_folder, capsys):
    for day in (1, 2):
        (empty_folder / f"{day}.md").write_text(f"# 港 {day}日目\n\n## 話その{day}\n\n本文です。\n", "utf-8")
    run(["outline", "1.md", "2.md", "--json"])
    before = json.loads(capsys.readouterr().out)

    run(["outline", "1.md", "2.md", "--to", "markdown"])
    (empty_folder / "clean.md").write_text(capsys.readouterr().out, "utf-8")
    run(["outline", "clean.md", "--json"])

    assert json.loads(capsys.readouterr().out)["days"] == before["days"]


def test_a_recap_is_read_from_stdin_too(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(RECAP.encode())))

    code = run(["outline", "-", "--json"])

    assert code == 0
    assert json.loads(capsys.readouterr().out)["source"]["path"] == "-"


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.md", None, "error: recap not found: a.md"),
        (".", None, "error: cannot read recap"),
        ("a\0b.md", None, "error: cannot read recap"),
        ("a.md", b"", "error: recap is empty: a.md"),
        ("a.md", b"\0\1", "error: recap is not text: a.md"),
        ("a.md", b"only a sentence", "error: recap has no sessions: a.md"),
    ],
)
def test_what_can_not_be_read_is_said_in_a_sentence(name, data, sentence, empty_folder, capsys):
    if data is not None:
        (empty_folder / name).write_bytes(data)

    code = run(["outline", name])

    assert code == 2
    assert capsys.readouterr().err.startswith(sentence)


def test_a_recap_without_sessions_is_shown_all_the_same(tmp_path, capsys):
    file = tmp_path / "a.md"
    file.write_text("only a sentence", "utf-8")

    code = run(["outline", str(file), "--json"])

    out, err = capsys.readouterr()
    assert (code, json.loads(out)["introduction"]) == (2, ["only a sentence"])
    assert "hint: mark each talk with a heading" in err


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(recap, terminal, columns, capsys):
    terminal(columns)

    run(["outline", recap])

    lines = capsys.readouterr().out.splitlines()
    assert max(map(width, lines)) <= columns
    assert "汐見蓮" in re.sub(r"[\s│├└─]+", "", "".join(lines))


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_sees_colours_unless_asked_not_to(recap, environment, coloured):
    ours, theirs = os.openpty()
    variables = {**os.environ, "TERM": "xterm-256color", **environment}

    subprocess.run([sys.executable, "-m", "cnddigest", "outline", recap], stdout=theirs, env=variables, check=True)

    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "港を開く" in shown
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", shown)) == coloured


def test_a_pipe_gets_whole_lines_without_colours(tmp_path, capsys):
    file = tmp_path / "a.md"
    file.write_text(f"# {'長い題名' * 100}\n\n本文です。\n", "utf-8")

    run(["outline", str(file)])

    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "長い題名" * 100 in out
    assert all(line == line.rstrip() for line in out.splitlines())


def test_quiet_keeps_the_outline_and_drops_the_sum(recap, capsys):
    run(["outline", recap, "-q"])

    out = capsys.readouterr().out
    assert "港を開く" in out
    assert "2 days" not in out


# The drawing


def test_findings_stand_by_severity_the_worst_first():
    severities: tuple[Severity, ...] = ("info", "warning", "error", "info")
    findings = tuple(
        Finding(rule=f"rule-{severity}", severity=severity, line=n, message=f"message {n}")
        for n, severity in enumerate(severities, 1)
    )

    shown = drawn(*tree.overview(a_recap(findings=findings), size=1))

    assert re.findall(r"line (\d): message", shown) == ["3", "2", "1", "4"]
    assert tree.total(a_recap(findings=findings)) == "2 days, 6 sessions, 1 error, 1 warning, 2 notes"


def test_a_long_list_is_cut_and_says_so():
    dropped = tuple(Dropped(line=n, text=f"text {n}", reason="contents") for n in range(1, 31))
    findings = tuple(Finding(rule="no-link", severity="info", line=n, message=f"note {n}") for n in range(1, 31))
    recap = a_recap(dropped=dropped, findings=findings)

    short = drawn(*tree.overview(recap, size=1))
    whole = drawn(*tree.overview(recap, size=1, everything=True))

    assert (short.count("and 18 more: see --why"), "text 13" in short, "note 13" in short) == (2, False, False)
    assert ("more" in whole, "text 1" in whole, "note 30" in whole) == (False, False, True)


def test_groups_stand_between_a_day_and_its_sessions():
    sessions = (a_session(1, group="トラックA"), a_session(2, group="トラックA"), a_session(3))

    shown = drawn(*tree.overview(recap_of(*sessions), size=1))

    assert shown.count("トラックA") == 1
    assert shown.index("トラックA") < shown.index("発表その1") < shown.index("発表その3")


def test_nothing_is_invented_for_a_bare_recap():
    recap = a_recap(days=1, sessions=1, introduction=some_prose(), closing=Closing(), title="")

    shown = drawn(*tree.overview(recap, size=0))

    assert shown.startswith("(no title)")
    assert "introduction" not in shown
    assert "closing" not in shown
    assert tree.total(recap) == "1 day, 1 session, nothing to check"


def test_the_page_of_a_talk_is_not_counted_among_its_links():
    page = Link(label="p", url="https://a.example/")

    shown = drawn(*tree.overview(recap_of(a_session(1, url=page.url, links=(page,))), size=1))

    assert "characters · page\n" in re.sub(" +\n", "\n", shown)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.integers(20, 120))
def test_no_title_breaks_the_drawing(title, columns):
    recap = recap_of(a_session(title=title), label=title)
    console = Console(file=io.StringIO(), width=columns, markup=False, emoji=False, highlight=False)

    for part in tree.overview(recap, size=1):
        console.print(part)

    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


# Corrections, schedules, markdown


def test_why_is_in_the_json_too(recap, capsys):
    run(["outline", recap, "--why", "--json"])

    why = json.loads(capsys.readouterr().out)["why"]
    assert [one["role"] for one in why] == ["day", "keynote", "talk", "day", "talk", "dropped", "closing"]
    assert all(one["reasons"] and one["confidence"] == 1.0 and one["path"] == recap for one in why)


def test_a_file_of_corrections_is_begun_and_changes_nothing(recap, capsys):
    run(["outline", recap, "--json"])
    before = capsys.readouterr().out

    code = run(["outline", recap, "--write"])

    assert code == 0
    assert capsys.readouterr().err == "wrote minato.outline.toml\n"
    run(["outline", recap, "--json"])
    assert capsys.readouterr().out == before


def test_what_an_author_wrote_stays_and_is_followed(recap, empty_folder, capsys):
    file = empty_folder / "minato.outline.toml"
    mine = '# mine\n[[session]]\nmatch = "港を開く"\ntitle = "港を開いた"\n'
    file.write_text(mine, "utf-8")

    run(["outline", recap, "--write"])
    capsys.readouterr()
    run(["outline", recap, "--json"])

    assert file.read_text("utf-8").startswith(mine)
    assert "港を開いた" in capsys.readouterr().out


def test_writing_twice_adds_nothing(recap, empty_folder, capsys):
    run(["outline", recap, "--write"])
    before = (empty_folder / "minato.outline.toml").read_bytes()

    run(["outline", recap, "--write"])

    assert (empty_folder / "minato.outline.toml").read_bytes() == before
    assert "nothing to add: minato.outline.toml" in capsys.readouterr().err


def test_markdown_is_written_that_reads_back_the_same(recap, empty_folder, capsys):
    run(["outline", recap, "--json"])
    before = json.loads(capsys.readouterr().out)

    run(["outline", recap, "--to", "markdown"])
    (empty_folder / "clean.md").write_text(capsys.readouterr().out, "utf-8")
    run(["outline", "clean.md", "--json"])

    after = json.loads(capsys.readouterr().out)
    assert [after[name] for name in ("title", "introduction", "closing")] == [
        before[name] for name in ("title", "introduction", "closing")
    ]
    assert after["days"] == before["days"]


def test_a_schedule_adds_what_the_author_left_open(recap, empty_folder, capsys):
    (empty_folder / "talks.csv").write_text("title,room,speakers\n港を開く,大ホール,灘 ひろ\n", "utf-8")

    run(["outline", recap, "--schedule", "talks.csv", "--json"])

    first = json.loads(capsys.readouterr().out)["days"][0]["sessions"][0]
    assert (first["room"], first["speakers"]) == ("大ホール", ["灘 ひろ"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["https://example.org/post"], "error: pages are not fetched: https://example.org/post"),
        (["-", "--write"], "error: nothing to write beside stdin"),
        (["a.md", "--to", "markdown", "--json"], "error: --to goes with no other way to show a recap"),
        (["a.md", "--schedule", "none.json"], "error: schedule not found: none.json"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(arguments, sentence, empty_folder, monkeypatch, capsys):
    (empty_folder / "a.md").write_text("# A\n\n## B\n\ntext\n", "utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"# A\n\n## B\n\ntext\n"), "utf-8"))

    code = run(["outline", *arguments])

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith(sentence)
    assert "\nhint: " in err or "schedule" in err


def test_a_picture_that_is_there_is_no_finding_and_one_that_is_not_is(empty_folder, capsys):
    pytest.importorskip("PIL.Image").new("RGB", (8, 8)).save(empty_folder / "pier.png")
    (empty_folder / "a.md").write_text("# A\n\n## B\n\n![pier](pier.png)\n\n![gone](gone.png)\n", "utf-8")

    run(["outline", "a.md", "--json"])

    found = {finding["rule"]: finding["line"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert found.get("missing-image") == 7
    assert "relative-link" not in found


def test_a_recap_without_sessions_is_no_markdown(empty_folder, capsys):
    (empty_folder / "a.md").write_text("only a sentence\n", "utf-8")

    code = run(["outline", "a.md", "--to", "markdown"])

    assert (code, capsys.readouterr().out) == (2, "")
