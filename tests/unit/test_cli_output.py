"""What reaches a terminal or a pipe: JSON as data, titles as text, talk on the other stream."""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.cli import output
from cnddigest.cli.output import Terminal, one_line, plain


class Screen(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "utf-8", write_through=True)

    def isatty(self) -> bool:
        return True

    def shown(self) -> str:
        self.seek(0)
        return self.read()


@pytest.fixture
def screen(monkeypatch):
    """Do something with both streams on a terminal of 60 columns, and return what is seen there."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")

    def seen(action: Callable[[], None]) -> str:
        found = Screen()
        with redirect_stdout(found), redirect_stderr(found):
            action()
        return found.shown()

    return seen


def test_a_document_is_one_line_of_utf8_in_the_order_given(capsysbinary):
    Terminal().document({"b": "港", "a": [1, None]})

    assert capsysbinary.readouterr() == ('{"b": "港", "a": [1, null]}\n'.encode(), b"")


def test_a_document_on_a_terminal_is_indented(screen):
    shown = screen(lambda: Terminal().document({"b": {"a": 1}}))

    assert shown == '{\n  "b": {\n    "a": 1\n  }\n}\n'


def test_a_file_name_that_is_no_unicode_stays_valid_json(capsysbinary):
    Terminal().document({"path": "caf\udce9.md"})

    assert json.loads(capsysbinary.readouterr().out) == {"path": "caf\udce9.md"}


def test_a_list_that_can_not_be_read_has_no_head(capsys):
    def broken():
        raise LookupError
        yield {}

    with pytest.raises(LookupError):
        Terminal().stream({"schema": "s"}, "list", broken())

    assert capsys.readouterr().out == ""


def test_the_quiet_hear_nothing_but_data(capsys):
    terminal = Terminal(-1)

    terminal.talk("talk")
    terminal.report("report")
    terminal.line("line")

    assert capsys.readouterr() == ("line\n", "")


def test_talk_goes_to_the_other_stream(capsys):
    Terminal().talk("warning: look")

    assert capsys.readouterr() == ("", "warning: look\n")


def test_an_error_is_one_line_and_its_hint_another(capsys):
    output.error("recap has no\nsessions: a.md", "mark each\ttalk")

    assert capsys.readouterr().err == "error: recap has no sessions: a.md\nhint: mark each talk\n"


def test_titles_are_no_markup_and_no_emoji(capsys):
    Terminal().columns(("Title",), [("[bold] [/etc] :fire: [session]",)])
    output.console().print("[bold] [/etc] :fire: [session]")

    assert capsys.readouterr().out == "Title\n" + "[bold] [/etc] :fire: [session]\n" * 2


def test_columns_stand_below_each_other_whatever_the_width_of_the_letters(capsys):
    Terminal().columns(("Title", "Part"), [("港の会議", "1"), ("Harbour", "2")])

    lines = capsys.readouterr().out.splitlines()
    assert lines == ["Title     Part", "港の会議  1", "Harbour   2"]


def test_numbers_stand_at_the_right(capsys):
    Terminal().columns(("Part", "Title"), [("1", "a"), ("10", "b")], right=(0,))

    assert capsys.readouterr().out.splitlines() == ["Part  Title", "   1  a", "  10  b"]


def test_nothing_is_cut_in_a_pipe(capsys):
    Terminal().columns(("Title",), [("長い題名" * 200,)])

    assert "長い題名" * 200 in capsys.readouterr().out


def test_a_long_title_is_folded_on_a_terminal(screen):
    shown = screen(lambda: Terminal().columns(("Title",), [("長い題名" * 20,)]))

    lines = shown.splitlines()
    assert len(lines) > 2
    assert all(len(line) <= 30 for line in lines[1:])


def test_no_color_means_no_colour(screen, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    shown = screen(lambda: Terminal().columns(("Title",), [("a",)]))

    assert "\x1b[3" not in shown


@given(st.text())
def test_no_text_moves_the_cursor_or_turns_the_reading_direction(text):
    shown = plain(text)

    assert len(shown) == len(text)
    assert not {char for char in shown if (char < " " and char not in "\t\n") or "\x7f" <= char <= "\x9f"}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text())
def test_one_line_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1


def work() -> None:
    with Terminal().progress() as progress:
        progress("rendering", 1, 2)
        progress("rendering", 2, 2)


def test_a_progress_bar_waits_until_it_is_worth_looking_at(screen):
    assert screen(work) == ""


def test_a_progress_bar_says_what_is_done(screen, monkeypatch):
    monkeypatch.setattr(output, "PATIENCE", 0)

    assert "rendering" in screen(work)


def test_no_progress_bar_is_shown_to_programs(capsys, monkeypatch):
    monkeypatch.setattr(output, "PATIENCE", 0)

    work()

    assert capsys.readouterr() == ("", "")
