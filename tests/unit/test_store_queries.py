"""The record's statements: each has one name, and none walks over what it was not asked for."""

import datetime as dt
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from builders import NOON, a_part, a_release
from cnddigest.ports.record import BuiltFile, Headline, SerialState
from cnddigest.store import queries
from cnddigest.store.opening import STATEMENTS
from cnddigest.store.sqlite import SqliteStore, open_store

MINATO = SerialState(slug="minato", tag="tag:x")
NAMES = sorted(queries._all())
# Everything of a table is asked for, or the table has one row, or (`wanted`) the rows just found.
MAY_SCAN = (
    {
        "count_files": "file",  # of the key alone, and only counted
        "fragments": "wanted",
        "slice_of_files": "file",  # in the order of the key, up to the slice
        "all_files": "file",
        "all_serials": "serial",
        "build_state": "publication",
        "move_revision": "publication",
        "fingerprints": "secret",  # a row or two
    }
    | {
        "fragment_keys": "fragment",
        "remember_inputs": "publication",
        "remember_revision": "publication",
        "sessions": "wanted",
    }
    | {
        "all_listeners": "s",
        "deliveries": "i",
        "dismiss_late": "admission",  # a row for each browser that logged in since half a day
        "doubted": "d",  # of an index that holds nothing else
        "troubles": "d delivery",  # the same
        "ended_leases": "lease",  # one for each process that sends
        "held": "d",  # after a crash only
        "drop_lease": "delivery",  # the same
        "finish_lease": "delivery",  # once in a run
        "paced": "pace",
        "people_of_replays": "person",  # just found
        "replay_counts": "subscription",
        "scrub_address": "delivery",  # erasing is rare, and must find every trace
        "subscription_counts": "subscription",
        "suppressions": "suppression",
        "count_of_hub": "CONSTANT callback intent",  # at most some thousands, when somebody asks
        "count_of_host": "CONSTANT",
        "due_announcements": "wanted",
        "waiting_hubs": "hub wanted",
        "due_callbacks": "wanted",
        "due_intents": "intent",  # at most a thousand
        "failing_hubs": "wanted",
        "forget_hubs": "announcement json_each",  # some feeds of some hubs
        "sweep_intents": "intent",
        "mail_waits": "CONSTANT delivery lease",
        "next_due": "delivery",  # the head of what waits
        "tally": "i",
        "waiting": "delivery d lease",
    }
)
# What was found is sorted; or one Part's sessions are.
MAY_SORT = {
    "doubted",
    "failing_hubs",
    "people_of_replays",
    "sessions",
    "tally",
    "troubles",
    "troubles_between",
    "troubles_of_part",
    "waiting_hubs",
}


def a_store(path: Path, *, parts: int, out: int) -> SqliteStore:
    store = open_store(str(path / f"{parts}"))
    moments = [(n, NOON + dt.timedelta(hours=n)) for n in range(1, parts + 1)]
    releases = [a_release(n, at=at, released=False, part=a_part(n, sessions=1)) for n, at in moments]
    store.ingest(MINATO, planned=releases)
    store.release("minato", store.headlines("minato", last=out), now=NOON)
    return store


def steps(store: SqliteStore, act: Callable[[SqliteStore], object]) -> int:
    """Count the steps that SQLite's machine takes: the cost without the clock."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    store._db.set_progress_handler(step, 1)
    act(store)
    store._db.set_progress_handler(None, 0)
    return taken


def following(store: SqliteStore) -> Headline:
    return next(store.headlines("minato", released=False))


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_searches_and_does_not_scan(tmp_path: Path, name: str) -> None:
    statement = queries.load(name)
    values = dict.fromkeys(re.findall(r":(\w+)", statement), 1) or ("a",) * statement.count("?")
    with closing(a_store(tmp_path, parts=2, out=1)) as store:
        plan = [row[3] for row in store._db.execute(f"explain query plan {statement}", values)]

    scanned = {line.split()[1] for line in plan if line.startswith("SCAN")}
    sorted_ = [line for line in plan if "TEMP B-TREE" in line and "RIGHT PART" not in line]
    assert scanned <= set(MAY_SCAN.get(name, "").split())
    assert not sorted_ or name in MAY_SORT


@pytest.mark.parametrize(
    "act",
    [
        following,
        lambda store: store.release("minato", [following(store)], now=NOON),
        lambda store: store.move("minato", [following(store)]),
        lambda store: next(store.headlines("minato", first=store.totals("minato").parts)),
        lambda store: list(store.releases("minato", [15])),
        lambda store: list(store.headlines("minato", first=5, last=10)),
        lambda store: store.serial("minato"),
        lambda store: store.build_state(),
    ],
    ids=["next", "release", "move", "last", "text", "some", "serial", "state"],
)
def test_the_cost_does_not_grow_with_what_is_out(tmp_path: Path, act: Callable[[SqliteStore], object]) -> None:
    with closing(a_store(tmp_path, parts=22, out=20)) as few, closing(a_store(tmp_path, parts=402, out=400)) as many:
        fixed = {store: steps(store, lambda each: each.totals("minato")) for store in (few, many)}

        cost = steps(few, act)
        cost_of_many = steps(many, act)

    assert cost_of_many - cost <= max(0, fixed[many] - fixed[few])


@pytest.mark.parametrize(
    ("act", "dear"),
    [(lambda store: store.totals("minato"), 20), (lambda store: store.sessions("minato", 400, 400), 5)],
    ids=["totals", "sessions"],
)
def test_where_no_index_knows_the_answer_a_row_costs_few_steps(
    tmp_path: Path, act: Callable[[SqliteStore], object], dear: int
) -> None:
    with closing(a_store(tmp_path, parts=402, out=400)) as store:
        cost = steps(store, act)

    assert cost < 402 * dear + 100


def test_what_is_the_same_already_is_not_written(tmp_path: Path) -> None:
    file = BuiltFile(path="a", key="k", size=1, mtime_ns=2)

    def work(store: SqliteStore) -> None:
        store.remember_inputs("abc")
        store.remember_built([file], removed=["b"], built=7)
        store.keep_fragments({"a": "1"}, only=True)
        store.keep_fragments({"a": "1"})
        store.move("minato", store.headlines("minato"))
        store.release("minato", store.headlines("minato", last=1), now=NOON)

    with closing(a_store(tmp_path, parts=2, out=1)) as store:
        work(store)
        before = store._db.total_changes

        work(store)

        assert store._db.total_changes == before


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        queries.load("nonsense")


def test_a_name_can_be_used_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        queries.parse("-- name: a\nselect 1;\n-- name: a\nselect 2;\n")


def test_a_statement_keeps_its_comments_and_ends_at_the_next_name() -> None:
    found = queries.parse("-- about the file\n\n-- name: a\n-- why\nselect 1;\n\n-- name: b\nselect 2;\n")

    assert found == {"a": "-- why\nselect 1;", "b": "select 2;"}


def test_every_statement_is_used_and_every_use_has_a_statement() -> None:
    modules = Path(queries.SQL).parent.glob("*.py")
    source = "".join(module.read_text() for module in modules)

    used = {name for name in NAMES if f'"{name}"' in source}

    assert used == set(NAMES)


def test_every_statement_compiles(tmp_path: Path) -> None:
    with closing(a_store(tmp_path, parts=1, out=1)) as store:
        for name in NAMES:
            assert sqlite3.complete_statement(queries.load(name))
            assert queries.load(name) is queries.load(name)
        assert len(NAMES) < STATEMENTS
        assert store.build_state().revision == 2
