"""The record's shape: made once by whoever comes first, and brought forward in whole steps."""

import multiprocessing
import sqlite3
from contextlib import closing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from cnddigest.errors import CndDigestError
from cnddigest.store import opening
from cnddigest.store.migrate import APPLICATION, VERSION, migrate, statements, steps, version
from cnddigest.store.opening import copy
from cnddigest.store.queries import SQL, read
from cnddigest.store.sqlite import open_store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two steps of some other schema."""
    made = tmp_path / "migrations"
    made.mkdir()
    (made / "001_first.sql").write_text("create table step (number integer) strict;\ninsert into step values (1);\n")
    (made / "002_second.sql").write_text("insert into step values (2);")
    (made / "notes.txt").write_text("not a step")
    return made


def shape(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """What stands in a database, without comments and line breaks."""
    rows = db.execute("select name, sql from sqlite_schema where sql is not null order by name").fetchall()
    return [(name, " ".join(line.partition("--")[0].strip() for line in sql.splitlines())) for name, sql in rows]


def applied(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as db:
        return [number for (number,) in db.execute("select number from step")]


def test_the_schema_is_all_migrations() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as migrated:
        migrate(migrated, steps())

        with closing(sqlite3.connect(":memory:")) as declared:
            declared.executescript(read(f"{SQL}/schema.sql"))

            assert shape(migrated) == shape(declared)


def test_the_version_is_that_of_the_last_step() -> None:
    numbers = [number for number, _ in steps()]

    assert numbers == list(range(1, VERSION + 1))


def test_the_file_says_whose_it_is(tmp_path: Path) -> None:
    open_store(str(tmp_path / "record")).close()

    assert (tmp_path / "record").read_bytes()[68:72] == b"cndd"  # https://sqlite.org/fileformat.html, section 1.3
    assert int.from_bytes(b"cndd", "big") == APPLICATION


def test_steps_happen_in_order_and_once(tmp_path: Path, folder: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "db", isolation_level=None)) as db:
        migrate(db, steps(str(folder)))
        migrate(db, steps(str(folder)))

        assert version(db) == 2
    assert applied(tmp_path / "db") == [1, 2]


def test_a_broken_step_leaves_nothing_of_itself(tmp_path: Path, folder: Path) -> None:
    (folder / "003_broken.sql").write_text("insert into step values (3);\ninsert into nowhere values (3);")
    with closing(sqlite3.connect(tmp_path / "db", isolation_level=None)) as db:
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            migrate(db, steps(str(folder)))

        assert version(db) == 2
        assert not db.in_transaction
    assert applied(tmp_path / "db") == [1, 2]


def test_an_older_record_is_copied_before_a_step(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("pragma journal_mode = wal")
        migrate(db, steps(str(folder))[:1], before=lambda number: copy(str(path), number))
        assert [file.name for file in tmp_path.glob("db.before*")] == []

        migrate(db, steps(str(folder)), before=lambda number: copy(str(path), number))

    assert [file.name for file in tmp_path.glob("db.before*")] == ["db.before-2"]
    assert applied(tmp_path / "db.before-2") == [1]
    assert applied(path) == [1, 2]


def test_several_steps_leave_one_copy_of_what_was_before_the_first(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "db"
    (folder / "003_third.sql").write_text("insert into step values (3);")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrate(db, steps(str(folder))[:1])

        migrate(db, steps(str(folder)), before=lambda number: copy(str(path), number))

    assert [file.name for file in tmp_path.glob("db.before*")] == ["db.before-2"]
    assert applied(tmp_path / "db.before-2") == [1]
    assert applied(path) == [1, 2, 3]


def test_a_copy_takes_no_other_files_place(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "db"
    (tmp_path / "db.before-2").write_text("precious")
    (tmp_path / "db.before-2-2").write_text("precious too")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrate(db, steps(str(folder))[:1])

        migrate(db, steps(str(folder)), before=lambda number: copy(str(path), number))

    assert (tmp_path / "db.before-2").read_text() == "precious"
    assert (tmp_path / "db.before-2-2").read_text() == "precious too"
    assert applied(tmp_path / "db.before-2-3") == [1]


def test_a_copy_that_fails_stops_the_step(tmp_path: Path, folder: Path) -> None:
    def fail(_: int) -> None:
        raise ZeroDivisionError

    with closing(sqlite3.connect(tmp_path / "db", isolation_level=None)) as db:
        migrate(db, steps(str(folder))[:1])

        with pytest.raises(ZeroDivisionError):
            migrate(db, steps(str(folder)), before=fail)

        assert version(db) == 1


def test_opening_an_older_record_copies_and_migrates_it(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrate(db, steps(str(folder))[:1])
    monkeypatch.setattr(opening, "VERSION", 2)
    monkeypatch.setattr(opening, "steps", lambda: steps(str(folder)))

    open_store(str(path)).close()

    assert applied(path) == [1, 2]
    assert applied(tmp_path / "db.before-2") == [1]


def open_each(paths: list[str], together: Barrier, found: "Queue[str]") -> None:
    for path in paths:
        together.wait()
        try:
            with closing(open_store(path)) as store:
                found.put(str(store.build_state()))
        except CndDigestError as error:
            found.put(repr(error))


@pytest.mark.slow
def test_six_processes_may_make_one_record_at_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    paths = [str(tmp_path / f"record-{n}") for n in range(20)]
    together, found = spawn.Barrier(6), spawn.Queue()
    workers = [spawn.Process(target=open_each, args=(paths, together, found)) for _ in range(6)]

    for worker in workers:
        worker.start()
    outcomes = {found.get(timeout=60) for _ in range(len(paths) * len(workers))}
    for worker in workers:
        worker.join()

    assert outcomes == {"BuildState(inputs='', revision=0, built=-1)"}
    for path in paths:
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("select count(*) from publication").fetchone() == (1,)
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)


def test_statements_end_where_sqlite_says_so() -> None:
    script = """-- a comment; with a semicolon
    create table a (b text default ';');
    create trigger t after insert on a begin
        delete from a; -- inner;
    end;
    """

    found = list(statements(script))

    assert len(found) == 2
    assert found[1].strip().endswith("end;")
