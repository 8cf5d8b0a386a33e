"""NAME.outline.toml: what may stand in it, and what `outline --write` puts there."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_recap, a_session, a_source
from cnddigest.errors import BadRecap
from cnddigest.recap.beside import corrections as beside
from cnddigest.recap.corrections import Corrections, decode, drafted, parse
from cnddigest.recap.model import Day, Finding, Link
from cnddigest.recap.outline import understood
from hostile import hostile

PATH = "recaps/minato.outline.toml"


@pytest.mark.parametrize(
    ("recap", "expected"),
    [
        ("recaps/day1.md", "recaps/day1.outline.toml"),
        ("day1.tar.txt", "day1.tar.outline.toml"),
        ("v1.2/day1", "v1.2/day1.outline.toml"),
        (".md", ".md.outline.toml"),
    ],
)
def test_corrections_stand_beside_their_recap(recap, expected):
    assert beside(recap) == expected


def test_every_key_of_an_entry_is_read():
    text = """
        [[line]]
        match = "網の話"
        role = "session"
        [[session]]
        match = "船の話"
        title = "船のすべて"
        url = "https://example.org/1"
        speakers = ["沖 あかね", "Jory Penn"]
        track = "A"
        room = "Pier 2"
        kind = "keynote"
        starts_at = "9:30"
        ends_at = 10:15:00
        day = 2
        links = [{ label = "資料", url = "https://example.org/slides" }, { url = "https://example.org/video" }]
        after = "網の話"
        split_at = "ここから別の話"
        [[session]]
        match = "夕食"
        drop = true
        """

    read = parse(PATH, text)

    line, split = read.lines
    talk, dinner = read.sessions
    assert (line.match, line.role, line.at) == ("網の話", "session", 2)
    assert (split.match, split.role) == ("ここから別の話", "session")
    assert (talk.title, talk.speakers, talk.kind, talk.day) == ("船のすべて", ("沖 あかね", "Jory Penn"), "keynote", 2)
    assert (talk.starts_at, talk.ends_at, talk.room, talk.track) == ("09:30", "10:15", "Pier 2", "A")
    assert talk.links == (
        Link(label="資料", url="https://example.org/slides"),
        Link(label="https://example.org/video", url="https://example.org/video"),
    )
    assert (dinner.match, dinner.drop, dinner.at) == ("夕食", True, 19)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[[lines]]", "unknown key in {}, line 1: lines", "did you mean line?"),
        ("x = 1", "unknown key in {}, line 1: x", "known keys: line, session"),
        ('[[line]]\nmatch = "a"\nrol = "text"', "unknown key in {}, line 3: line[0].rol", "did you mean role?"),
        ('[[line]]\nmatch = "a"', "missing key in {}, line 1, line[0].role", None),
        ('[[session]]\ntitle = "a"', "missing key in {}, line 1, session[0].match", None),
        (
            '[[line]]\nmatch = "a"\nrole = "talk"',
            "none of the known words in {}, line 3, line[0].role: talk",
            "one of title, introduction, day, session, text, closing, drop",
        ),
        ('[[line]]\nmatch = " "\nrole = "text"', "an empty text in {}, line 2, line[0].match:  ", None),
        ("[line]", "not a list of entries in {}, line 1, line: a table", "write [[line]], in two brackets each"),
        (
            "session = [1]",
            "not an entry in {}, line 1, session[0]: 1",
            "write [[session]] and its keys on the lines below",
        ),
        (
            '[[session]]\nmatch = "a"\nday = "2"',
            "not a day's number in {}, line 3, session[0].day: 2",
            "write it without quotes, as in day = 2",
        ),
        (
            '[[session]]\nmatch = "a"\nurl = "javascript:alert(1)"',
            "not an address in {}, line 3, session[0].url: javascript:alert(1)",
            "write all of it, beginning with https://",
        ),
        (
            '[[session]]\nmatch = "a"\nstarts_at = "25時"',
            "not a time in {}, line 3, session[0].starts_at: 25時",
            'write hours and minutes, as in "09:30"',
        ),
        (
            '[[session]]\nmatch = "a"\ndrop = "yes"',
            "neither true nor false in {}, line 3, session[0].drop: yes",
            "write it without quotes, as in drop = true",
        ),
        (
            '[[session]]\nmatch = "a"\nspeakers = "b"',
            "not a list of names in {}, line 3, session[0].speakers: b",
            'write [ ] around them, as in speakers = ["First Last"]',
        ),
        (
            '[[session]]\nmatch = "a"\ndrop = true\nmerge_into = "b"',
            "both drop and merge_into in {}, line 1, session[0]: a",
            "a merged session's heading is kept with its text",
        ),
        ('match = "a', "corrections are not TOML, illegal character '\\n': {}, line 1, column 11", None),
        (
            "[[line]]\nrole = text",
            "corrections are not TOML, invalid value: {}, line 2, column 8",
            'texts stand in quotes, as in role = "text"',
        ),
        ("a = " + "[" * 100_000, "corrections are not TOML that a person would write: {}", None),
        ("a." * 100_000 + "b = 1", "corrections are not TOML that a person would write: {}", None),
    ],
)
def test_what_is_no_correction_is_refused_with_its_place(text, message, hint):
    with pytest.raises(BadRecap) as refused:
        parse(PATH, text + "\n" * text.startswith("match"))

    assert refused.value.message.rstrip() == message.format(PATH).rstrip()
    assert refused.value.hint == hint


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"#" * (1 << 20) + b"#", f"corrections are larger than 1 MiB: {PATH}"),
        (b"# a\nb = \xff", f"corrections are not UTF-8: {PATH}, line 2"),
    ],
)
def test_a_file_that_is_no_text_of_ours_is_refused(data, message):
    with pytest.raises(BadRecap) as refused:
        decode(PATH, data)

    assert refused.value.message == message


def test_a_byte_order_mark_and_windows_line_ends_change_nothing():
    read = decode(PATH, b'\xef\xbb\xbf[[line]]\r\nmatch = "a"\r\nrole = "drop"\r\n')

    assert [(line.match, line.role) for line in read.lines] == [("a", "drop")]


@given(
    st.one_of(
        hostile,
        st.lists(st.sampled_from(["[[line]]", "[[session]]", "match = ", '"a"', "\n", "drop = true"])).map("".join),
    )
)
def test_any_text_is_read_or_refused_in_a_sentence(text):
    try:
        parse(PATH, text)
    except BadRecap as refused:
        assert "\n" not in refused.message  # noqa: PT017 - either outcome is right


# What `outline --write` writes.


def doubtful(line: int, words: str, read_as: str) -> Finding:
    message = f"line was read as {read_as} (70 % sure): {words}"
    return Finding(rule="low-confidence", severity="info", line=line, message=message)


def uncommented(text: str) -> str:
    """Take the entries into use as a person would."""
    return re.sub(r"^# (?=\[\[\w+\]\]  #|\w+ = )", "", text, flags=re.MULTILINE)


def test_a_drafted_file_changes_nothing():
    recap = a_recap(findings=(doubtful(10, "発表その1", "a heading"),))

    text = drafted(recap)

    assert parse(PATH, text) == Corrections(path=PATH)


def test_a_draft_has_an_entry_for_each_session_and_each_doubtful_line():
    findings = (doubtful(10, "発表その1", "a heading"), doubtful(14, "DNS", "text"))

    text = drafted(a_recap(days=1, sessions=2, findings=findings))

    read = parse(PATH, uncommented(text))
    assert [(line.match, line.role) for line in read.lines] == [("発表その1", "text"), ("DNS", "session")]
    assert [session.match for session in read.sessions] == ["talk-00000001", "talk-00000002"]


def test_drafting_twice_does_nothing():
    recap = a_recap(findings=(doubtful(10, "発表その1", "a heading"),))
    once = drafted(recap)

    assert drafted(recap, once) == once


def test_what_an_author_wrote_stays_and_what_is_new_is_appended():
    known = '[[session]]\r\nmatch="発表その1"  # mine\r\ntitle = "別名"'

    text = drafted(a_recap(days=1, sessions=2), known)

    assert text.startswith(known)
    assert text.count("[[session]]") == 2
    assert '# match = "talk-00000002"' in text
    assert [session.title for session in parse(PATH, text).sessions] == ["別名"]


def test_a_session_is_mentioned_by_its_beginning_too():
    known = '# match = "発表その"'

    assert drafted(a_recap(days=1, sessions=2), known) == known


def test_a_renamed_session_is_known_by_the_title_it_had():
    source = a_source(
        "# 会議\n\n## 10:00 船の話\n\n本文です。\n\n## 11:00 網の話\n\n本文です。\n",
        format="markdown",
        path="minato.md",
    )
    known = uncommented(drafted(understood([source]))).replace('title = "船の話"', 'title = "船のすべて"')

    text = drafted(understood([source], [parse(PATH, known)]), known)

    assert text == known


def test_an_entry_taken_into_use_as_it_is_changes_nothing():
    source = a_source("# 会議\n\n## 船の話 - 沖 あかね\n\nhttps://example.org/1\n\n本文です。\n", format="markdown")
    recap = understood([source])

    read = parse(PATH, uncommented(drafted(recap)))

    assert read.sessions
    assert understood([source], [read]) == recap


@given(st.lists(hostile, max_size=4), st.one_of(st.none(), hostile))
def test_any_titles_make_a_file_that_changes_nothing(titles, words):
    sessions = tuple(a_session(n, title=title, heading=title) for n, title in enumerate(titles, 1))
    findings = (doubtful(99, words, "text"),) if words is not None else ()
    recap = replace(a_recap(), days=(Day(number=1, sessions=sessions),), findings=findings)

    text = drafted(recap)

    assert parse(PATH, text) == Corrections(path=PATH)
    assert drafted(recap, text) == text
