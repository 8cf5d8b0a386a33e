"""Opening a record: what is ours is opened, what is not is named and left alone."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from builders import NOON, a_part, a_release, some_prose
from cnddigest.errors import BadRecord, CndDigestError, RecordBusy, WorkFailed
from cnddigest.ports.record import SerialState
from cnddigest.serial.model import Release
from cnddigest.store import opening
from cnddigest.store.migrate import APPLICATION, VERSION
from cnddigest.store.sqlite import open_store
from cnddigest.store.turns import turn

MINATO = SerialState(slug="minato", tag="tag:x")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.sqlite3"


def a_record(path: Path, *, parts: int = 3) -> Path:
    """A closed record with Parts in it."""
    with closing(open_store(str(path))) as store:
        releases = [a_release(n, released=False, part=a_part(n, sessions=3)) for n in range(1, parts + 1)]
        store.ingest(MINATO, planned=releases)
    return path


def sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        for statement in "; ".join(statements).split("; "):
            db.execute(statement)
        db.commit()


def read_all(path: Path) -> int:
    """Read what there is, and say how many Parts that was."""
    with closing(open_store(str(path))) as store:
        store.build_state()
        return len(list(store.releases("minato", [each.number for each in store.headlines("minato")])))


# What is opened


@pytest.mark.parametrize("name", ["r", "a?b#c%41.db", "記録 2026", "file:x", "-", "it's", ":memory:"])
def test_any_name_is_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)

    open_store(name).close()

    assert (tmp_path / name).stat().st_size > 0


def test_an_empty_file_becomes_a_record(path: Path) -> None:
    path.touch()

    assert read_all(a_record(path)) == 3


def test_a_record_is_found_as_it_was_left(path: Path) -> None:
    a_record(path)

    assert read_all(path) == 3


def test_opening_changes_no_byte(path: Path) -> None:
    before = a_record(path).read_bytes()

    with closing(open_store(str(path))) as store:
        list(store.headlines("minato"))

    assert path.read_bytes() == before


def test_a_closed_record_is_one_file(path: Path) -> None:
    a_record(path)

    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_record_survives_power_loss_and_lets_readers_in(path: Path) -> None:
    with closing(open_store(str(path))) as store:
        settings = [
            store._db.execute(f"pragma {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "application_id", "user_version")
        ]

    assert settings == ["wal", 2, 1, APPLICATION, VERSION]


def test_a_reader_is_not_held_up_by_a_writer(path: Path) -> None:
    a_record(path)
    seen: list[int] = []
    with closing(open_store(str(path))) as writer, closing(open_store(str(path), wait=0)) as reader:

        def meanwhile() -> Iterator[Release]:
            seen.append(len(list(reader.headlines("minato"))))
            yield a_release(7, released=False)

        writer.ingest(MINATO, planned=meanwhile())

        seen.append(len(list(reader.headlines("minato"))))

    assert seen == [3, 1]


def test_reading_headlines_loads_nothing_heavy(path: Path) -> None:
    a_record(path)
    program = f"""if True:
        import sys
        from cnddigest.store.sqlite import open_store
        assert len(list(open_store({str(path)!r}).headlines("minato"))) == 3
        print(*sorted({{"msgspec", "json", "hashlib", "pathlib", "tempfile", "logging", "asyncio"}} & set(sys.modules)))
    """

    heavy = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    ).stdout.split()

    assert set(heavy) <= set(bare)


# What is refused


def refused(path: str | Path, *, create: bool = True) -> CndDigestError:
    with pytest.raises(BadRecord) as caught:
        open_store(str(path), create=create)
    return caught.value


def test_a_missing_record_is_not_made_unless_asked_for(path: Path) -> None:
    error = refused(path, create=False)

    assert error.message == f"record does not exist: {path}"
    assert list(path.parent.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "no" / "r").message == f"folder of the record does not exist: {tmp_path}/no"


def test_a_folder_is_no_record(tmp_path: Path) -> None:
    assert refused(tmp_path).message == f"record is a folder: {tmp_path}"


def test_a_pipe_is_no_record(path: Path) -> None:
    os.mkfifo(path)

    assert refused(path).message == f"record is not a file: {path}"


def test_a_device_is_no_record() -> None:
    assert refused("/dev/null").message == "record is not a file: /dev/null"


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_name_that_no_file_has_is_refused(name: str) -> None:
    assert refused(name).message == f"record has no usable name: {name!r}"


@pytest.mark.parametrize(
    "content", [b"x", b"x" * 511, b"# My notes\n" * 999, b"SQLite format 3\0", bytes(5000), b"\xff" * 100_000]
)
def test_a_file_that_is_no_database_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    error = refused(path)

    assert error.message == f"record is not a SQLite database: {path}"
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "made_by",
    [
        "create table note (text text)",
        "create view v as select 1",
        "pragma application_id = 252006673",
        "pragma user_version = 1",
    ],
)
def test_another_programs_database_is_left_alone(path: Path, made_by: str) -> None:
    sql(path, made_by)
    before = path.read_bytes()

    error = refused(path)

    assert error.message == f"record belongs to another program: {path}"
    assert path.read_bytes() == before


def test_a_newer_record_is_left_alone(path: Path) -> None:
    sql(a_record(path), f"pragma user_version = {VERSION + 1}")
    before = path.read_bytes()

    error = refused(path)

    assert error.message == f"record was written by a newer cnddigest: {path}"
    assert path.read_bytes() == before


# Damage


def test_a_cut_off_record_is_damaged(path: Path) -> None:
    whole = a_record(path, parts=30).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(BadRecord, match="record is damaged: ") as caught:
        read_all(path)

    assert caught.value.hint is not None
    assert path.read_bytes() == whole[: len(whole) // 2]


@pytest.mark.parametrize("page", range(1, 20))
def test_an_overwritten_page_is_damage_or_unseen(path: Path, page: int) -> None:
    whole = bytearray(a_record(path, parts=5).read_bytes())
    start = (page * 4096) % len(whole)
    whole[start : start + 4096] = b"\x5a" * 4096
    path.write_bytes(whole)

    try:
        found = read_all(path)
    except BadRecord as error:
        assert error.message.startswith(("record is damaged", "record is not a SQLite database"))  # noqa: PT017
    else:
        assert found == 5


@pytest.mark.parametrize(
    "harm",
    [
        "drop table part_text",
        "delete from part_text",
        "drop table publication",
        "delete from publication",
        "update part_text set body = '{}'",
        "update part_text set body = 'nonsense'",
        "update part_text set body = cast(x'ff41' as text)",
        "update part set title = cast(x'ff41' as text)",
        "update part set release_at = 9223372036854775807",
        "update session set published_at = -9223372036854775808",
        "pragma writable_schema = on; update sqlite_schema set sql = cast(x'ff41' as text) where name = 'part'",
    ],
)
def test_a_record_that_somebody_changed_is_damaged(path: Path, harm: str) -> None:
    sql(a_record(path), harm)

    with pytest.raises(BadRecord, match="record is damaged"):
        read_all(path)


@pytest.mark.parametrize("seed", range(25))
def test_scattered_damage_is_said_or_unseen(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    bytes_ = bytearray(a_record(path, parts=9).read_bytes())
    for _ in range(30):
        bytes_[chance.randrange(100, len(bytes_))] = chance.randrange(256)
    path.write_bytes(bytes_)

    with suppress(BadRecord):
        read_all(path)


def test_a_stream_that_nobody_finishes_troubles_nobody(path: Path) -> None:
    store = open_store(str(a_record(path)))
    half = store.headlines("minato")
    next(half)

    store.close()
    del half


def test_a_callers_own_error_is_the_callers(path: Path) -> None:
    def planned() -> Iterator[Release]:
        b"\xff".decode()
        yield a_release()

    with closing(open_store(str(path))) as store, pytest.raises(UnicodeDecodeError):
        store.ingest(MINATO, planned=planned())


# Others at work


def test_a_held_record_is_busy_and_later_is_not(path: Path) -> None:
    a_record(path)
    with closing(open_store(str(path), wait=0.01)) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("begin immediate")

            with pytest.raises(RecordBusy) as caught:
                store.remember_inputs("a")

        store.remember_inputs("b")

        assert store.build_state().inputs == "b"
    assert caught.value.message == f"record is in use by another process: {path}"
    assert caught.value.transient


def test_a_record_held_while_it_is_made_is_busy(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin exclusive")

        with pytest.raises(RecordBusy):
            open_store(str(path), wait=0.05)


def test_a_writer_waits_for_another_one(path: Path) -> None:
    a_record(path)
    program = f"""if True:
        import sqlite3, time
        db = sqlite3.connect({str(path)!r}, isolation_level=None)
        db.execute("begin immediate")
        print("held", flush=True)
        time.sleep(0.3)
        db.execute("commit")
    """
    with (
        closing(open_store(str(path))) as store,
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as other,
    ):
        assert other.stdout is not None
        other.stdout.readline()

        store.remember_inputs("mine")

        assert store.build_state().inputs == "mine"


def test_only_one_process_publishes(path: Path) -> None:
    a_record(path)
    program = f"""if True:
        from cnddigest.store.sqlite import open_store
        with open_store({str(path)!r}).publishing():
            print("held", flush=True)
            input()
    """
    with (
        closing(open_store(str(path))) as store,
        subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other,
    ):
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(RecordBusy, match="another process is publishing"), store.publishing(wait=0.01):
            pass

        other.kill()

        with store.publishing(wait=30):
            pass


# Disks


def test_a_full_disk_is_said_and_changes_nothing(disk: Callable[[str], Path]) -> None:
    path = a_record(disk("512k") / "record")
    with closing(open_store(str(path))) as store:
        before = list(store.headlines("minato"))
        much = [
            a_release(n, released=False, part=a_part(n, introduction=some_prose("x" * 50_000)))
            for n in (1, 2, 3, 4, 5, 6)
        ]

        with pytest.raises(WorkFailed) as caught:
            store.ingest(MINATO, planned=much)

        assert caught.value.message.startswith("cannot write record, no space left on device: ")
        assert list(store.headlines("minato")) == before
    assert read_all(path) == 3


def test_a_disk_that_is_full_from_the_start_is_said(disk: Callable[[str], Path]) -> None:
    folder = disk("32k")
    (folder / "filler").write_bytes(bytes(24_000))

    with pytest.raises(WorkFailed, match=r"cannot .*write record"):
        open_store(str(folder / "record"))


def test_a_read_only_disk_is_said(disk: Callable[[str], Path]) -> None:
    path = a_record(disk("1m") / "record")
    before = path.read_bytes()
    disk("ro")

    with pytest.raises(WorkFailed) as caught, closing(open_store(str(path))) as store:
        store.remember_inputs("a")

    assert caught.value.message == f"cannot write record: {path}"
    assert path.read_bytes() == before


def test_a_record_that_turns_read_only_is_said(path: Path) -> None:
    with closing(open_store(str(a_record(path)))) as store:
        store._db.execute("pragma query_only = on")

        with pytest.raises(WorkFailed) as caught:
            store.remember_inputs("a")

    assert caught.value.message == f"cannot write record: {path}"


def test_a_record_cannot_be_made_on_a_read_only_disk(disk: Callable[[str], Path]) -> None:
    path = disk("512k") / "record"
    disk("ro")

    with pytest.raises(WorkFailed, match="cannot write record: "):
        open_store(str(path))


def test_publishing_on_a_read_only_disk_is_said(disk: Callable[[str], Path]) -> None:
    path = a_record(disk("1m") / "record")
    disk("ro")

    with pytest.raises(WorkFailed) as caught, turn(f"{path}.publishing", wait=0):
        pass

    assert caught.value.message == f"cannot keep other publishers out, read-only file system: {path}.publishing"


def test_a_copied_record_is_a_record(path: Path) -> None:
    shutil.copy(a_record(path), path.with_name("copy"))

    assert read_all(path.with_name("copy")) == 3


def test_moments_before_the_epoch_are_kept(path: Path) -> None:
    at = NOON.replace(year=1869)
    with closing(open_store(str(path))) as store:
        store.ingest(MINATO, planned=[a_release(1, at=at, released=False)])

        assert next(store.headlines("minato")).release_at == at


# A record that can't be written


def test_a_record_on_a_read_only_disk_is_read(disk: Callable[[str], Path]) -> None:
    path = a_record(disk("512k") / "a record?")
    disk("ro")

    assert read_all(path) == 3


def test_a_record_with_a_log_on_a_read_only_disk_is_read_with_it_or_not_at_all(disk: Callable[[str], Path]) -> None:
    path = a_record(disk("1m") / "record")
    whole = path.with_name("copy")
    with closing(open_store(str(path))) as store:
        store.remember_inputs("in the log")
        for beside in ("", "-wal"):  # as a killed writer leaves it, its index lost with the power
            shutil.copy(f"{path}{beside}", f"{whole}{beside}")
    disk("ro")

    seen = set()
    with suppress(WorkFailed), closing(open_store(str(whole))) as store:
        seen.add(store.build_state().inputs)

    assert seen <= {"in the log"}


def test_a_record_that_changes_while_it_is_read_without_locks_is_told(disk: Callable[[str], Path]) -> None:
    path = a_record(disk("1m") / "record")
    disk("ro")
    reader = open_store(str(path))
    disk("rw")
    with closing(open_store(str(path))) as writer:
        writer.remember_inputs("new")

    with pytest.raises(RecordBusy) as caught:
        reader.close()

    assert caught.value.message == f"record was changed while it was read: {path}"


def test_reading_what_can_not_be_written_leaves_no_file_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_record(path)
    monkeypatch.setattr(opening, "is_unwritable", lambda _: True)  # a stranger, who may write in the folder alone

    with closing(open_store(str(path))) as store:
        assert store.build_state().revision
        beside = [file.name for file in path.parent.iterdir()]

    assert beside == [path.name]


def test_a_stranger_reads_what_a_writer_has_just_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_store(str(a_record(path)))) as writer:
        writer.remember_inputs("just now")
        monkeypatch.setattr(opening, "is_unwritable", lambda _: True)

        with closing(open_store(str(path))) as reader:
            assert reader.build_state().inputs == "just now"
            with pytest.raises(WorkFailed, match="cannot write record"):
                reader.remember_inputs("no")
