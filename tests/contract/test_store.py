"""What the verbs may rely on, whichever record they are given."""

import datetime as dt
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from builders import NOON, a_part, a_release, a_session, some_prose
from cnddigest.errors import RecordBusy
from cnddigest.ports.record import BuildState, BuiltFile, Headline, SerialState, Store, Totals
from cnddigest.serial.model import Chapter, Part, Release, SessionEntry

DAY = dt.timedelta(days=1)
LATER = NOON + 30 * DAY
MINATO = SerialState(slug="minato", tag="tag:example.org,2026:minato", about='{"title":"港"}')


def planned(*numbers: int, sessions: int = 2, serial: str = "minato") -> list[Release]:
    return [
        a_release(number, at=NOON + number * DAY, released=False, part=own_part(number, sessions), serial=serial)
        for number in numbers
    ]


def own_part(number: int, sessions: int) -> Part:
    """A Part whose sessions stand in no other one, however many it has."""
    own = tuple(a_session(n, id=f"talk-{number}-{n}") for n in range(1, sessions + 1))
    return a_part(number, chapters=(Chapter(label=f"{number}日目", date=dt.date(2026, 3, number), sessions=own),))


def of_session(number: int, *ids: str, at: dt.datetime = NOON) -> Release:
    """A Part with just these sessions."""
    sessions = tuple(a_session(n, id=name) for n, name in enumerate(ids, start=1))
    part = Part(number=number, title=f"Part {number}", chapters=(Chapter(label="", sessions=sessions),))
    return a_release(number, at=at, released=False, part=part)


def numbers(found: Iterable[Headline]) -> list[int]:
    return [each.number for each in found]


def put_out(store: Store, *parts: int, now: dt.datetime = LATER, slug: str = "minato") -> None:
    store.release(slug, [next(store.headlines(slug, first=number)) for number in parts], now=now)


def everything(store: Store) -> object:
    """All that a reader of the Serial can see."""
    found = list(store.headlines("minato"))
    whole = list(store.releases("minato", numbers(found)))
    return store.build_state(), store.serial("minato"), found, whole, store.totals("minato")


# A new record


def test_a_new_record_knows_nothing(store: Store) -> None:
    assert store.build_state() == BuildState()
    assert store.serial("minato") is None
    assert list(store.headlines("minato")) == []
    assert store.sessions("minato", 1, 5) == []
    assert store.totals("minato") == Totals()
    assert store.built_files() == {}
    assert store.fragments(["a"]) == {}


# Ingesting


def test_what_goes_in_comes_out_whole(store: Store) -> None:
    releases = planned(1, 2, 3)

    store.ingest(MINATO, planned=releases)

    assert list(store.releases("minato", [1, 2, 3])) == releases


def test_text_of_any_kind_survives(store: Store) -> None:
    odd = some_prose("髙﨑 𠮷 👩‍💻", "a\0b", "\u2028", "</p>'\"\\", "")
    part = a_part(sessions=1, introduction=odd, title="ﬁ 'Ａ'\0 – ﷽")
    wanted = a_release(part=part, released=False)

    store.ingest(MINATO, planned=[wanted])

    assert list(store.releases("minato", [1])) == [wanted]
    assert next(store.headlines("minato")).title == part.title


def test_a_part_without_sessions_is_a_part(store: Store) -> None:
    store.ingest(MINATO, planned=[of_session(1), of_session(2, "a")])

    assert [len(each.sessions) for each in store.headlines("minato")] == [0, 1]
    assert store.totals("minato") == replace(Totals(), parts=2, sessions=1)


def test_ingesting_again_replaces_what_is_planned(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2, 3))

    store.ingest(MINATO, planned=planned(2, sessions=5))

    assert numbers(store.headlines("minato")) == [2]
    assert store.totals("minato").sessions == 5


def test_ingesting_makes_nothing_released(store: Store) -> None:
    store.ingest(MINATO, planned=[a_release(1, released=True)])

    assert next(store.headlines("minato")).released_at is None


def test_a_planned_part_that_is_out_is_left_as_it_is(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    put_out(store, 1)
    before = next(store.headlines("minato"))

    store.ingest(MINATO, planned=planned(1, 2, sessions=1))

    assert next(store.headlines("minato")) == before
    assert store.totals("minato").sessions == 2 + 1


def test_an_edit_changes_a_released_part_but_not_when_it_came_out(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    put_out(store, 1)
    edited = replace(planned(1, sessions=3)[0], updated_at=LATER + DAY)

    store.ingest(MINATO, planned=planned(2), edited=[edited])

    assert list(store.releases("minato", [1])) == [replace(edited, released_at=LATER)]


def test_an_edit_keeps_when_the_plan_had_a_part(store: Store) -> None:
    store.ingest(MINATO, planned=[replace(planned(1)[0], planned_at=LATER)])
    put_out(store, 1)

    store.ingest(MINATO, planned=[], edited=planned(1))

    assert next(store.headlines("minato")).planned_at == LATER


def test_an_edit_can_withdraw_a_session(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1))
    put_out(store, 1)
    (out,) = store.releases("minato", [1])
    edited = replace(out, entries=(replace(out.entries[0], withdrawn=True), *out.entries[1:]))

    store.ingest(MINATO, planned=[], edited=[edited])

    assert [session.withdrawn for session in next(store.headlines("minato")).sessions] == [True, False]
    assert list(store.releases("minato", [1])) == [edited]


def test_an_edit_of_a_part_that_is_not_out_is_refused(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1))
    before = everything(store)

    with pytest.raises(KeyError, match="no released part 1"):
        store.ingest(MINATO, planned=planned(1, 2), edited=planned(1))

    assert everything(store) == before


def test_sessions_can_move_between_released_parts_in_one_edit(store: Store) -> None:
    store.ingest(MINATO, planned=[of_session(1, "a", "b"), of_session(2, "c")])
    put_out(store, 1, 2)

    store.ingest(MINATO, planned=[], edited=[of_session(1, "c", "b"), of_session(2, "a")])

    assert [[s.id for s in each.sessions] for each in store.headlines("minato")] == [["c", "b"], ["a"]]


def test_a_session_can_move_from_a_planned_part_into_a_released_one(store: Store) -> None:
    store.ingest(MINATO, planned=[of_session(1, "a"), of_session(2, "b", "c")])
    put_out(store, 1)

    store.ingest(MINATO, planned=[of_session(2, "c")], edited=[of_session(1, "a", "b")])

    assert [[s.id for s in each.sessions] for each in store.headlines("minato")] == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    "senseless",
    [
        [of_session(1, "a"), of_session(1, "b")],
        [of_session(1, "a"), of_session(2, "a")],
        [of_session(1, "a", "a")],
        [replace(of_session(1, "a"), entries=())],
        [replace(of_session(1, "a"), entries=(SessionEntry(session_id="b", published_at=NOON, updated_at=NOON),))],
        [replace(of_session(1, "a"), serial="yama")],
        [replace(of_session(1, "a"), run="replay-1")],
    ],
    ids=[
        "part twice",
        "session in two parts",
        "session twice in a part",
        "no entries",
        "another's entry",
        "other serial",
        "other run",
    ],
)
def test_senseless_releases_are_refused_and_leave_nothing(store: Store, senseless: list[Release]) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    before = everything(store)

    with pytest.raises(ValueError, match="minato"):
        store.ingest(MINATO, planned=senseless)

    assert everything(store) == before


def test_an_ingest_that_breaks_half_way_leaves_nothing(store: Store) -> None:
    def broken() -> Iterator[Release]:
        yield from planned(1)
        raise ZeroDivisionError

    store.ingest(MINATO, planned=planned(1, 2, sessions=4))
    before = everything(store)

    with pytest.raises(ZeroDivisionError):
        store.ingest(replace(MINATO, about="{}"), planned=broken())

    assert everything(store) == before


def test_the_first_tag_stays_for_ever(store: Store) -> None:
    store.ingest(MINATO, planned=[])

    store.ingest(SerialState(slug="minato", tag="tag:elsewhere.example,2027:minato", about="new"), planned=[])

    assert store.serial("minato") == SerialState(slug="minato", tag=MINATO.tag, about="new")


def test_serials_do_not_touch_each_other(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    put_out(store, 1)
    before = list(store.headlines("minato")), store.totals("minato"), store.serial("minato")

    store.ingest(replace(MINATO, slug="yama"), planned=planned(1, 2, 3, serial="yama"))
    put_out(store, 2, slug="yama")

    assert (list(store.headlines("minato")), store.totals("minato"), store.serial("minato")) == before
    assert numbers(store.headlines("yama", released=True)) == [2]


def test_every_ingest_moves_the_revision(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1))
    store.ingest(MINATO, planned=planned(1))

    assert store.build_state().revision == 2


def test_the_fingerprint_of_inputs_is_kept(store: Store) -> None:
    store.remember_inputs("abc")

    assert store.build_state() == BuildState(inputs="abc")


# Reading


def test_headlines_come_by_number_whatever_order_they_went_in(store: Store) -> None:
    store.ingest(MINATO, planned=planned(10, 9, 2, 31))

    assert numbers(store.headlines("minato")) == [2, 9, 10, 31]


def test_headlines_keep_to_their_bounds(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2, 3, 4, 5))
    put_out(store, 2, 4)

    assert numbers(store.headlines("minato", first=2, last=4)) == [2, 3, 4]
    assert numbers(store.headlines("minato", first=4)) == [4, 5]
    assert numbers(store.headlines("minato", first=6)) == []
    assert numbers(store.headlines("minato", first=3, last=2)) == []
    assert numbers(store.headlines("minato", released=True)) == [2, 4]
    assert numbers(store.headlines("minato", released=False)) == [1, 3, 5]
    assert numbers(store.headlines("minato", first=2, last=3, released=False)) == [3]


def test_a_headline_says_what_its_release_says(store: Store) -> None:
    wanted = planned(3, sessions=2)[0]

    store.ingest(MINATO, planned=[wanted])

    (found,) = store.headlines("minato")
    assert (found.serial, found.run, found.number) == ("minato", "main", 3)
    assert (found.title, found.day) == (wanted.part.title, wanted.part.day)
    assert (found.release_at, found.released_at, found.updated_at) == (NOON + 3 * DAY, None, NOON + 3 * DAY)
    assert [s.id for s in found.sessions] == [s.id for s in wanted.part.sessions]
    assert [s.number for s in found.sessions] == [1, 2]
    assert [s.published_at for s in found.sessions] == [e.published_at for e in wanted.entries]


def test_the_size_of_a_session_is_that_of_its_search_text(store: Store) -> None:
    session = a_session(1, title="海", prose=some_prose("ab", "波"))
    part = Part(number=1, title="", chapters=(Chapter(label="", sessions=(session,)),))

    store.ingest(MINATO, planned=[a_release(part=part, released=False)])

    assert next(store.headlines("minato")).sessions[0].size == len("海\nab\n波".encode())


def test_sessions_come_in_the_order_of_their_release(store: Store) -> None:
    early, late = of_session(2, "c", "d", at=NOON), of_session(1, "a", "b", at=LATER)
    store.ingest(MINATO, planned=[late, early, of_session(3, "e", at=NOON - DAY)])
    put_out(store, 1, 2)

    found = store.sessions("minato", 1, 9)

    assert [(part, each.id) for part, each in found] == [(2, "c"), (2, "d"), (1, "a"), (1, "b")]
    assert [each for _, each in found[2:]] == list(next(store.headlines("minato")).sessions)
    assert store.sessions("minato", 2, 3) == found[1:3]


def test_sessions_of_one_moment_come_by_part_and_place(store: Store) -> None:
    releases = [of_session(2, "c", "b"), of_session(1, "d", "a")]
    same = [
        replace(each, entries=tuple(replace(entry, published_at=NOON) for entry in each.entries)) for each in releases
    ]
    store.ingest(MINATO, planned=same)

    put_out(store, 2, 1)

    assert [each.id for _, each in store.sessions("minato", 1, 9)] == ["d", "a", "c", "b"]


@pytest.mark.parametrize(("first", "last"), [(3, 9), (2, 1), (0, 0), (-5, -1), (10**30, 10**31)])
def test_no_sessions_lie_outside(store: Store, first: int, last: int) -> None:
    store.ingest(MINATO, planned=planned(1, sessions=2))
    put_out(store, 1)

    assert store.sessions("minato", first, last) == []


def test_an_edit_brings_sessions_out_and_moves_them(store: Store) -> None:
    store.ingest(MINATO, planned=[of_session(1, "a")])
    put_out(store, 1)

    store.ingest(MINATO, planned=[], edited=[of_session(1, "b", "a", at=LATER)])

    assert [each.id for _, each in store.sessions("minato", 1, 9)] == ["b", "a"]


def test_totals_add_up(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, sessions=2) + planned(5, sessions=3))

    put_out(store, 5)

    size = sum(session.size for session in next(store.headlines("minato", released=True)).sessions)
    assert store.totals("minato") == Totals(
        parts=2, released_parts=1, sessions=5, released_sessions=3, search_size=size
    )


def test_releases_come_in_the_order_asked_for(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2, 3))

    found = store.releases("minato", [3, 1, 3])

    assert [each.part.number for each in found] == [3, 1, 3]


def test_an_unknown_part_is_a_key_error(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1))
    found = store.releases("minato", [1, 7])
    next(found)

    with pytest.raises(KeyError, match="minato has no part 7"):
        next(found)


# Releasing and moving


def test_a_release_sets_moments_as_given(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    (wanted,) = store.headlines("minato", last=1)
    moved = replace(
        wanted,
        release_at=LATER,
        planned_at=LATER + DAY,
        updated_at=LATER + DAY,
        sessions=tuple(replace(each, published_at=LATER, updated_at=LATER + DAY) for each in wanted.sessions),
    )

    store.release("minato", [moved], now=LATER + 2 * DAY)

    (found,) = store.headlines("minato", released=True)
    assert replace(found, digest="") == replace(moved, digest="", released_at=LATER + 2 * DAY)
    assert [entry.published_at for entry in next(store.releases("minato", [1])).entries] == [LATER, LATER]


def test_releasing_takes_only_moments_from_what_it_is_given(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1))
    (wanted,) = store.headlines("minato")

    store.release("minato", [replace(wanted, title="other", day="other", digest="0" * 64, sessions=())], now=LATER)

    assert next(store.headlines("minato")) == replace(wanted, released_at=LATER)


def test_releasing_twice_releases_once(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    put_out(store, 1)
    before = everything(store)

    put_out(store, 1, now=LATER + DAY)

    assert everything(store) == before


def test_all_parts_are_released_or_none(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    first = next(store.headlines("minato"))
    before = everything(store)

    with pytest.raises(KeyError, match="minato has no part 9"):
        store.release("minato", [first, replace(first, number=9)], now=LATER)

    assert everything(store) == before


def test_the_dates_of_a_stranger_are_refused(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1))
    first = next(store.headlines("minato"))
    before = everything(store)

    with pytest.raises(KeyError, match="stranger"):
        store.release("minato", [replace(first, sessions=(replace(first.sessions[0], id="stranger"),))], now=LATER)

    assert everything(store) == before


def test_a_serial_starts_with_its_first_release(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))

    put_out(store, 1, now=LATER)
    put_out(store, 2, now=LATER + DAY)
    store.ingest(MINATO, planned=planned(3))

    assert store.serial("minato") == replace(MINATO, started_at=LATER)


def test_releasing_reads_its_own_record_lazily(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2, 3))

    store.release("minato", store.headlines("minato", last=2), now=LATER)

    assert numbers(store.headlines("minato", released=True)) == [1, 2]


def test_only_what_changes_something_moves_the_revision(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    put_out(store, 1)
    revision = store.build_state().revision

    put_out(store, 1)
    store.release("minato", [], now=LATER)
    store.move("minato", store.headlines("minato"))

    assert store.build_state().revision == revision


def test_moving_changes_moments_of_planned_parts_alone(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    put_out(store, 1)
    out = next(store.headlines("minato"))
    revision = store.build_state().revision

    store.move("minato", [replace(each, release_at=LATER + 9 * DAY) for each in store.headlines("minato")])

    found = list(store.headlines("minato"))
    assert found[0] == out
    assert (found[1].release_at, found[1].released_at) == (LATER + 9 * DAY, None)
    assert store.build_state().revision == revision + 1
    assert store.serial("minato") == replace(MINATO, started_at=LATER)


def test_moments_keep_their_microseconds_and_lose_their_zone(store: Store) -> None:
    odd = dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.timezone(dt.timedelta(hours=-9, minutes=-30)))

    store.ingest(MINATO, planned=[a_release(1, at=odd, released=False)])

    found = next(store.headlines("minato")).release_at
    assert found == odd


# Digests


def test_the_digest_follows_text_dates_and_flags(store: Store) -> None:
    first = planned(1)[0]
    entry = first.entries[0]
    variants = [
        first,
        replace(first, part=replace(first.part, introduction=some_prose("new"))),
        replace(first, release_at=LATER),
        replace(first, updated_at=LATER),
        replace(first, entries=(replace(entry, updated_at=LATER), *first.entries[1:])),
        replace(first, entries=(replace(entry, published_at=LATER), *first.entries[1:])),
        replace(first, entries=(replace(entry, withdrawn=True), *first.entries[1:])),
    ]
    digests = []

    for variant in variants:
        store.ingest(MINATO, planned=[variant])
        digests.append(next(store.headlines("minato")).digest)

    assert len(set(digests)) == len(variants)


def test_the_digest_is_the_same_for_the_same_part(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1))
    before = next(store.headlines("minato")).digest

    put_out(store, 1)
    store.ingest(MINATO, planned=[], edited=planned(1))

    assert next(store.headlines("minato")).digest == before


# Files and fragments


def a_file(path: str, key: str = "k") -> BuiltFile:
    return BuiltFile(path=path, key=key, size=7, mtime_ns=1_790_000_000_123_456_789)


def test_files_are_remembered_and_forgotten(store: Store) -> None:
    store.remember_built([a_file("a"), a_file("b"), a_file("c")])

    store.remember_built([a_file("a", "new"), a_file("d")], removed=["b", "never"], built=4)

    assert store.built_files() == {"a": a_file("a", "new"), "c": a_file("c"), "d": a_file("d")}
    assert store.built_files(["d", "b", "a"]) == {"d": a_file("d"), "a": a_file("a", "new")}
    assert store.build_state() == BuildState(built=4)


def test_files_can_be_remembered_before_all_are_built(store: Store) -> None:
    store.remember_built([], built=4)

    store.remember_built([a_file("a")])

    assert store.build_state().built == 4


def test_a_file_removed_and_written_again_is_there(store: Store) -> None:
    store.remember_built([a_file("a")])

    store.remember_built([a_file("a", "new")], removed=["a"])

    assert store.built_files() == {"a": a_file("a", "new")}


def test_fragments_are_kept_until_only_others_are(store: Store) -> None:
    store.keep_fragments({"a": "1", "b": "2"})
    store.keep_fragments({"b": "3"})
    assert store.fragments(["a", "b", "c"]) == {"a": "1", "b": "3"}

    store.keep_fragments({"c": "4"}, only=True)

    assert store.fragments(["a", "b", "c"]) == {"c": "4"}


# Copies


def test_a_copy_holds_the_same(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2, 3))
    store.ingest(replace(MINATO, slug="yama"), planned=planned(1, serial="yama"))
    put_out(store, 1, 2)
    store.remember_built([a_file("a")], built=1)
    store.remember_inputs("abc")
    store.keep_fragments({"a": "1"})

    twin = store.copy()

    assert everything(twin) == everything(store)
    assert list(twin.headlines("yama")) == list(store.headlines("yama"))
    assert twin.built_files() == store.built_files()
    assert twin.fragments(["a", "b"]) == {"a": "1"}


def test_what_a_copy_is_told_stays_with_it(store: Store) -> None:
    store.ingest(MINATO, planned=planned(1, 2))
    store.keep_fragments({"a": "1"})
    before = everything(store)
    twin = store.copy()

    put_out(twin, 1)
    twin.ingest(MINATO, planned=[])
    twin.keep_fragments({"b": "2"})
    twin.keep_fragments({}, only=True)
    twin.remember_built([a_file("a")])
    twin.close()

    assert everything(store) == before
    assert store.fragments("ab") == {"a": "1"}
    assert store.built_files() == {}


def test_a_copy_can_be_published_while_its_original_is(store: Store) -> None:
    with store.publishing(), store.copy().publishing(wait=0):
        pass


# One publisher at a time


def test_a_second_publisher_is_turned_away(store: Store) -> None:
    refused: list[BaseException] = []

    def second() -> None:
        with pytest.raises(RecordBusy) as caught, store.publishing(wait=0.1):
            pass
        refused.append(caught.value)

    with store.publishing():
        other = threading.Thread(target=second)
        other.start()
        other.join()

    assert [str(each).startswith("another ") for each in refused] == [True]


def test_the_place_is_free_again_after_a_failure(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.publishing(wait=0):
        raise ZeroDivisionError

    with store.publishing(wait=0):
        pass


def test_a_second_publisher_waits_for_its_turn(store: Store) -> None:
    began, order = threading.Event(), []

    def second() -> None:
        began.set()
        with store.publishing(wait=30):
            order.append("second")

    with store.publishing():
        other = threading.Thread(target=second)
        other.start()
        began.wait()
        order.append("first")
    other.join()

    assert order == ["first", "second"]


def test_slices_of_what_was_built_cover_everything_in_turn(store: Store) -> None:
    files = [BuiltFile(path=f"{n:02d}.html", key="k", size=n, mtime_ns=n) for n in range(10)]
    store.remember_built(files)

    turns = [store.built_slice(turn, 4) for turn in range(3)]

    assert [file for slice_ in turns for file in slice_] == files
    assert store.built_slice(3, 4) == turns[0]
    assert store.built_slice(7, 10) == files
    assert store.built_count() == 10


def test_a_slice_of_nothing_is_nothing(store: Store) -> None:
    assert store.built_slice(5, 4) == []
    assert store.built_count() == 0
