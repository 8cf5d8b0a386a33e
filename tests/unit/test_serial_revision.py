"""A corrected recap taken over into a Serial of which some Parts are out."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_recap, a_session, some_prose
from cnddigest.recap.model import NO_CLOSING, NOTHING
from cnddigest.serial.cadence import SECOND
from cnddigest.serial.model import Release, SessionEntry
from cnddigest.serial.parts import cut
from cnddigest.serial.plan import session_moments
from cnddigest.serial.revision import revise
from cnddigest.values import to_json

MORE = " ほか{count}件"
LATER = NOON + dt.timedelta(days=30)
RULES = st.one_of(st.sampled_from(["day", "session"]), st.integers(1, 4))
TOPICS = ["監視", "決済", "認証", "配備", "障害", "検索", "翻訳", "暗号", "通知", "課金", "予約", "地図"]


def a_told_recap(*, days=2, sessions=3):
    """Sessions that are unlike each other in title and text."""
    recap = a_recap(days=days, sessions=sessions)
    return in_sessions(
        recap,
        lambda s: replace(
            s,
            title=f"{TOPICS[s.number - 1]}の話",
            prose=some_prose("".join(chr(0x4E00 + 40 * s.number + n) for n in range(40))),
        ),
    )


def in_sessions(recap, change):
    days = tuple(replace(day, sessions=tuple(map(change, day.sessions))) for day in recap.days)
    return replace(recap, days=days)


def with_days(recap, *sessions_of_days):
    days = tuple(replace(d, sessions=tuple(s)) for d, s in zip(recap.days, sessions_of_days, strict=True))
    return replace(recap, days=days)


def without(recap, *numbers):
    days = [[s for s in day.sessions if s.number not in numbers] for day in recap.days]
    return with_days(recap, *days)


def with_session(recap, number, **fields):
    return in_sessions(recap, lambda s: replace(s, **fields) if s.number == number else s)


def a_newcomer(name="new", **fields):
    return a_session(99, **{"id": name, "title": f"飛び入り{name}", "prose": some_prose("急に話した。" * 5)} | fields)


def out(parts, count):
    """The first `count` Parts, released a day apart."""
    return [release_of(part, NOON + n * dt.timedelta(days=1)) for n, part in enumerate(parts[:count])]


def release_of(part, moment):
    dates = session_moments(moment, len(part.sessions))
    entries = tuple(
        SessionEntry(session_id=s.id, published_at=d, updated_at=d) for s, d in zip(part.sessions, dates, strict=True)
    )
    return Release(
        serial="minato", part=part, release_at=moment, released_at=moment, updated_at=moment, entries=entries
    )


def parts_of(recap, rule="day"):
    return cut(recap, rule, title=recap.title, more=MORE)


def read(released, recap, rule="day", *, now=LATER, **fields):
    return revise(released, recap, rule, title=recap.title, more=MORE, now=now, **fields)


def taken_over(released, revision):
    edited = {release.part.number: release for release in revision.edited}
    return [edited.get(release.part.number, release) for release in released]


def rules(revision):
    return [finding.rule for finding in revision.findings]


def entry_of(release, name):
    return next(entry for entry in release.entries if entry.session_id == name)


RECAP = a_told_recap()
BY_DAY = out(parts_of(RECAP), 1)


def test_before_the_first_release_all_parts_are_as_cut():
    revision = read([], RECAP)

    assert revision.parts == parts_of(RECAP)
    assert revision.edited == revision.findings == ()


@given(RULES, st.integers(1, 6))
def test_an_unchanged_recap_changes_nothing(rule, count):
    parts = parts_of(RECAP, rule)

    revision = read(out(parts, count), RECAP, rule)

    assert revision.edited == ()
    assert to_json(revision.parts) == to_json(parts[count:])
    assert revision.findings == ()


def test_lines_that_moved_change_nothing_that_is_out():
    moved = in_sessions(RECAP, lambda s: replace(s, line=s.line + 7, heading=s.heading + " "))
    released = out(parts_of(RECAP), 2)

    assert read(released, replace(moved, closing=replace(moved.closing, line=99))).edited == ()


def test_a_corrected_text_moves_updated_of_its_session_and_part_alone():
    (edited,) = read(BY_DAY, with_session(RECAP, 2, prose=some_prose("全く別の要約。"))).edited

    assert [entry.updated_at == LATER for entry in edited.entries] == [False, True, False]
    assert edited.updated_at == LATER
    assert [entry.published_at for entry in edited.entries] == [entry.published_at for entry in BY_DAY[0].entries]
    assert (edited.release_at, edited.released_at) == (BY_DAY[0].release_at, BY_DAY[0].released_at)


def test_a_renamed_session_keeps_its_id():
    (edited,) = read(BY_DAY, with_session(RECAP, 2, id="other", title="改題")).edited

    assert [s.id for s in edited.part.sessions] == [s.id for s in BY_DAY[0].part.sessions]
    assert edited.part.sessions[1].title == "改題"


def test_corrected_markup_is_taken_over_without_an_update():
    old = RECAP.sessions[1].prose
    (edited,) = read(BY_DAY, with_session(RECAP, 2, prose=replace(old, html="<div>x</div>"))).edited

    assert edited.part.sessions[1].prose.html == "<div>x</div>"
    assert (edited.updated_at, edited.entries) == (BY_DAY[0].updated_at, BY_DAY[0].entries)


def test_several_edits_are_dated_a_second_apart():
    parts = out(parts_of(RECAP), 2)

    revision = read(parts, in_sessions(RECAP, lambda s: replace(s, speakers=("志摩",))))

    dates = [entry.updated_at for release in revision.edited for entry in release.entries]
    assert dates == [LATER - n * SECOND for n in range(5, -1, -1)]
    assert [release.updated_at for release in revision.edited] == [LATER - 3 * SECOND, LATER]


def test_a_vanished_session_stays_and_is_withdrawn():
    revision = read(BY_DAY, without(RECAP, 2))

    (edited,) = revision.edited
    assert edited.part.sessions == BY_DAY[0].part.sessions
    assert [entry.withdrawn for entry in edited.entries] == [False, True, False]
    assert rules(revision) == ["session-vanished"]


def test_a_session_is_withdrawn_once():
    released = taken_over(BY_DAY, read(BY_DAY, without(RECAP, 2)))

    again = read(released, without(RECAP, 2), now=LATER + SECOND)

    assert again.edited == again.findings == ()


def test_a_withdrawn_session_that_is_back_is_no_longer_withdrawn():
    released = taken_over(BY_DAY, read(BY_DAY, without(RECAP, 2)))

    revision = read(released, RECAP, now=LATER + SECOND)

    (edited,) = revision.edited
    assert not any(entry.withdrawn for entry in edited.entries)
    assert edited.updated_at == LATER + SECOND
    assert rules(revision) == ["session-added"]


def test_by_day_a_new_session_joins_the_part_of_its_day_that_is_out():
    first, second = RECAP.days
    revision = read(BY_DAY, with_days(RECAP, [a_newcomer(), *first.sessions], second.sessions))

    (edited,) = revision.edited
    assert [s.id for s in edited.part.sessions] == [*(s.id for s in first.sessions), "new"]
    assert entry_of(edited, "new") == SessionEntry(session_id="new", published_at=LATER, updated_at=LATER)
    assert rules(revision) == ["session-added"]


def test_a_day_whose_sessions_are_all_replaced_is_known_by_its_label():
    revision = read(BY_DAY, with_days(RECAP, [a_newcomer()], RECAP.days[1].sessions))

    (edited,) = revision.edited
    assert [entry.withdrawn for entry in edited.entries] == [True, True, True, False]
    assert [part.day for part in revision.parts] == ["2日目"]


def test_a_new_session_is_never_dated_before_its_part():
    first, second = RECAP.days
    early = NOON - dt.timedelta(days=9)

    (edited,) = read(BY_DAY, with_days(RECAP, [*first.sessions, a_newcomer()], second.sessions), now=early).edited

    assert entry_of(edited, "new").published_at == BY_DAY[0].release_at
    assert edited.updated_at == BY_DAY[0].updated_at


def test_by_session_a_new_one_comes_with_the_next_part():
    first, second = RECAP.days
    released = out(parts_of(RECAP, "session"), 2)

    revision = read(released, with_days(RECAP, [a_newcomer(), *first.sessions], second.sessions), "session")

    assert revision.edited == ()
    assert [(part.number, part.title) for part in revision.parts[:2]] == [(3, "飛び入りnew"), (4, "認証の話")]
    assert rules(revision) == ["session-added"]


def test_a_session_that_waits_is_neither_new_nor_an_old_one_in_other_words():
    first, second = RECAP.days
    waiting = {session.id for session in second.sessions}
    twin = replace(second.sessions[0], prose=first.sessions[0].prose)

    revision = read(BY_DAY, with_days(RECAP, [*first.sessions[1:], twin], second.sessions[1:]), waiting=waiting)

    assert [entry.withdrawn for entry in revision.edited[0].entries] == [True, False, False]
    assert [s.id for s in revision.parts[0].sessions] == [twin.id]
    assert rules(revision) == ["session-vanished"]


def test_changing_the_rule_lets_waiting_sessions_of_a_day_that_began_wait():
    released = out(parts_of(RECAP, "session"), 1)

    revision = read(released, RECAP, "day", waiting={s.id for s in RECAP.sessions[1:]})

    assert revision.edited == ()
    assert [[s.number for s in part.sessions] for part in revision.parts] == [[2, 3], [4, 5, 6]]
    assert revision.findings == ()


def test_a_released_session_that_was_moved_stays_where_it_was_released():
    first, second = RECAP.days
    released = out(parts_of(RECAP), 2)

    revision = read(released, with_days(RECAP, first.sessions[1:], [*second.sessions, first.sessions[0]]))

    assert revision.edited == ()
    assert rules(revision) == ["session-moved"]


def test_introductions_follow_the_recap_where_they_were_released():
    first, second = RECAP.days
    changed = replace(
        RECAP,
        introduction=some_prose("書き直した前書き"),
        days=(replace(first, label="初日", introduction=some_prose("朝から雨")), second),
    )

    revision = read(BY_DAY, changed)

    (edited,) = revision.edited
    assert edited.part.introduction == changed.introduction
    assert edited.part.chapters[0].introduction == some_prose("朝から雨")
    assert edited.part.title == "初日 – 港の会議 2026 まとめ"
    assert edited.updated_at == LATER
    assert edited.entries == BY_DAY[0].entries
    assert not any(part.introduction for part in revision.parts)


def test_the_introduction_of_a_day_that_began_is_not_repeated():
    first, second = RECAP.days
    recap = replace(RECAP, days=(replace(first, introduction=some_prose("朝から雨")), second))
    released = out(parts_of(recap, "session"), 1)

    revision = read(released, recap, "session")

    assert revision.edited == ()
    assert not any(chapter.introduction for part in revision.parts for chapter in part.chapters)


def test_a_part_named_after_the_serial_is_not_renamed_with_a_session_of_that_name():
    first, second = RECAP.days
    days = (replace(first, label=""), replace(second, label=""))
    recap = with_session(replace(RECAP, title="監視の話", days=days), 4, title="監視の話")
    released = out(parts_of(recap), 2)

    revision = read(released, with_session(recap, 4, title="改題"))

    assert [release.part.title for release in revision.edited] == ["監視の話 (2)"]


def test_a_part_named_after_its_first_session_follows_its_renaming():
    released = out(parts_of(RECAP, 2), 1)

    (edited,) = read(released, with_session(RECAP, 1, title="新題"), 2).edited

    assert edited.part.title == "新題 ほか1件"


def test_a_released_part_keeps_the_kind_of_title_it_was_given():
    released = out(parts_of(RECAP), 1)

    assert read(released, RECAP, "session").edited == ()


def test_a_day_added_after_the_end_is_a_new_part_without_a_second_closing():
    released = out(parts_of(RECAP), 2)
    third = replace(RECAP.days[1], number=3, label="3日目", sessions=(a_newcomer(),))

    revision = read(released, replace(RECAP, days=(*RECAP.days, third)))

    assert revision.edited == ()
    assert [(part.number, part.day, part.closing) for part in revision.parts] == [(3, "3日目", NO_CLOSING)]


def test_the_closing_comes_with_the_last_part_that_is_left():
    revision = read(BY_DAY, replace(RECAP, days=RECAP.days[:1]))

    assert revision.parts == ()
    assert revision.edited[0].part.closing == RECAP.closing


def test_a_new_session_never_takes_the_id_of_an_old_one():
    released = taken_over(BY_DAY, read(BY_DAY, with_session(RECAP, 1, id="renamed", title="改題")))
    first, second = RECAP.days
    name = first.sessions[0].id
    again = [replace(first.sessions[0], id="renamed", title="改題"), *first.sessions[1:]]

    revision = read(released, with_days(RECAP, again, [a_newcomer(name), *second.sessions]))

    assert revision.edited == ()
    assert revision.parts[0].sessions[0].id == f"{name}-2"


def test_part_titles_stay_distinct_from_those_that_are_out():
    released = out(parts_of(RECAP, "session"), 1)

    revision = read(released, with_session(RECAP, 4, title=RECAP.sessions[0].title), "session")

    assert revision.edited == ()
    assert revision.parts[2].title == "監視の話 (2)"


@st.composite
def edits(draw):
    """A recap after an author's evening: sessions gone, renamed, rewritten, moved, shuffled and new."""
    sessions = [list(day.sessions) for day in a_told_recap(days=3, sessions=draw(st.integers(1, 3))).days]
    for n in range(draw(st.integers(0, 5))):
        day = sessions[draw(st.integers(0, 2))]
        act = draw(st.sampled_from(["drop", "rename", "rewrite", "move", "shuffle", "add", "twin"]))
        at = draw(st.integers(0, max(0, len(day) - 1)))
        if act == "add":
            day.insert(at, a_newcomer(f"new-{n}"))
        elif act == "shuffle":
            day[:] = draw(st.permutations(day))
        elif day and act == "drop":
            day.pop(at)
        elif day and act == "move":
            sessions[draw(st.integers(0, 2))].append(day.pop(at))
        elif day and act == "rename":
            day[at] = replace(day[at], id=f"renamed-{n}", title=f"改題{n}")
        elif day and act == "rewrite":
            day[at] = replace(day[at], prose=some_prose("書き直した要約です。" * 3))
        elif day and act == "twin":
            day.append(replace(day[at], id=f"twin-{n}"))
    recap = with_days(a_told_recap(days=3), *sessions)
    closing = draw(st.sampled_from([recap.closing, NO_CLOSING, replace(recap.closing, heading="結び")]))
    return replace(recap, closing=closing, introduction=draw(st.sampled_from([recap.introduction, NOTHING])))


@given(edits(), RULES, RULES, st.integers(1, 9), st.booleans())
def test_whatever_the_author_does_nothing_is_lost_doubled_or_redated(recap, before, rule, count, tells):
    parts = parts_of(a_told_recap(days=3), before)
    released = out(parts, count)
    waiting = {s.id for part in parts[count:] for s in part.sessions} if tells else set()

    revision = read(released, recap, rule, waiting=waiting)

    now_out = taken_over(released, revision)
    every = [release.part for release in now_out] + list(revision.parts)
    names = [session.id for part in every for session in part.sessions]
    assert len(set(names)) == len(names)
    assert [session.number for part in every for session in part.sessions] == list(range(1, len(names) + 1))
    assert [part.number for part in every] == list(range(1, len(every) + 1))
    assert len({part.title for part in every}) == len(every)
    assert [part.closing for part in every if part.closing != NO_CLOSING] == [recap.closing] * (
        recap.closing != NO_CLOSING
    )
    gone = sum(entry.withdrawn for release in now_out for entry in release.entries)
    assert len(names) - gone == len(recap.sessions)
    for old, new in zip(released, now_out, strict=True):
        assert [e.session_id for e in new.entries] == [s.id for s in new.part.sessions]
        published = [(e.session_id, e.published_at) for e in old.entries]
        assert [kept for e in new.entries if (kept := (e.session_id, e.published_at)) in published] == published
        assert (new.release_at, new.released_at) == (old.release_at, old.released_at)
        assert old.updated_at <= new.updated_at <= LATER
        assert all(e.published_at <= e.updated_at <= new.updated_at for e in new.entries)


@given(edits(), RULES, RULES, st.integers(1, 9), st.booleans())
def test_taking_a_recap_over_twice_is_taking_it_over_once(recap, before, rule, count, tells):
    parts = parts_of(a_told_recap(days=3), before)
    released = out(parts, count)
    waiting = {s.id for part in parts[count:] for s in part.sessions} if tells else set()
    once = read(released, recap, rule, waiting=waiting)

    again = read(
        taken_over(released, once),
        recap,
        rule,
        now=LATER + dt.timedelta(days=1),
        waiting={s.id for part in once.parts for s in part.sessions},
    )

    assert again.edited == ()
    assert again.parts == once.parts
