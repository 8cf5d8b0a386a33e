"""What a publisher looks at: each Delivery is counted once, with its run, and a list has no gaps."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from builders import NOON, a_release
from cnddigest.ports.lookout import MailCount, Trouble
from cnddigest.ports.record import SerialState
from cnddigest.store.lookout import SqliteLookout
from cnddigest.store.sqlite import SqliteStore, open_store

MAIN, OWN = 1, (2, 3)  # Issues of the first Part
AT = 1_700_000_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """The first Part went to four people with everybody, and to two at their own pace."""
    with closing(open_store(str(tmp_path / "record.sqlite3"))) as made:
        made.ingest(SerialState(slug="minato", tag="tag:x"), planned=[a_release(1, at=NOON)])
        for issue, run in ((MAIN, "main"), (OWN[0], "r5"), (OWN[1], "r6.2")):
            made._db.execute("insert into issue values (?, 'issue', 'minato', ?, 1, ?)", (issue, run, AT))
        made._db.execute("insert into issue values (4, 'issue', 'minato', 'main', 2, ?)", (AT,))
        for issue, person, status in (
            (MAIN, 1, "sent"),
            (MAIN, 2, "bounced"),
            (MAIN, 3, "queued"),
            (MAIN, 4, "deferred"),
            (OWN[0], 5, "bounced"),
            (OWN[1], 6, "sent"),
            (4, 1, "failed"),
        ):
            made._db.execute(
                "insert into delivery (issue, subscription, address, status, due_at, at, since) "
                "values (?, ?, ?, ?, ?, ?, ?)",
                (issue, person, f"p{person}@example.net", status, AT, AT, AT),
            )
        yield made


@pytest.fixture
def lookout(store: SqliteStore, tmp_path: Path) -> Iterator[SqliteLookout]:
    del store  # it made the record
    with closing(SqliteLookout(str(tmp_path / "record.sqlite3"))) as found:
        yield found


def test_a_part_is_counted_with_everybody_and_at_their_own_pace(lookout):
    public, replayed = (lookout.mail_of("minato", 1, replayed=replayed, now=NOON) for replayed in (False, True))

    assert public == MailCount(total=4, sent=1, returned=1)
    assert public.waiting == 2
    assert replayed == MailCount(total=2, sent=1, returned=1)


def test_who_began_anew_is_one_person_and_counts_as_they_stand_now(store, lookout):
    store._db.execute("insert into issue values (9, 'issue', 'minato', 'r5.2', 1, ?)", (AT,))
    store._db.execute(
        "insert into delivery (issue, subscription, address, status, due_at, at, since) "
        "values (9, 5, 'p5@example.net', 'sent', ?, ?, ?)",
        (AT, AT, AT),
    )

    found = lookout.mail_of("minato", 1, replayed=True, now=NOON)

    assert found == MailCount(total=2, sent=2)


def test_trouble_is_that_of_all_runs(lookout):
    found = lookout.troubles()

    assert set(found) == {
        Trouble(serial="minato", part=1, status="bounced", count=2),
        Trouble(serial="minato", part=1, status="deferred", count=1),
        Trouble(serial="minato", part=2, status="failed", count=1),
    }


def test_a_list_goes_on_where_its_last_page_ended(lookout):
    (first,) = lookout.troubled("minato", 1, "bounced", after=(0, 0), count=1)
    rest = lookout.troubled("minato", 1, "bounced", after=(first.issue, first.subscription), count=9)

    assert [(each.run, each.address) for each in (first, *rest)] == [
        ("main", "p2@example.net"),
        ("r5", "p5@example.net"),
    ]
