"""The output folder: all of a round appears in order, or none of it, and nothing outside is ever touched."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from cnddigest import files
from cnddigest.errors import OutputFailed
from cnddigest.files import FEW, STAGING, DryFolder, Folder
from cnddigest.ports.files import FileSink
from cnddigest.ports.record import BuiltFile

OUTSIDE = ["../x", "a/../../x", "/etc/x", "", ".", "..", "a//b", "a/", "./a", "a/./b", "a\0b", f"{STAGING}/1"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "feeds"


@pytest.fixture
def folder(root: Path) -> Folder:
    return Folder(root)


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def put(sink: FileSink, *paths: str, data: bytes = b"new") -> list[BuiltFile]:
    for path in paths:
        sink.stage(path, data)
    return [BuiltFile(path=path, key="k", size=size, mtime_ns=mtime) for path, size, mtime in sink.commit()]


def use(folder: Folder, verb: str, path: str) -> None:
    if verb == "stage":
        folder.stage(path, b"new")
    elif verb == "read":
        folder.read(path)
    else:
        folder.remove(path)


def tree(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


# Putting in place


def test_what_is_committed_is_there(folder: Folder, root: Path) -> None:
    written = put(folder, "index.html", "minato/parts/1.html")

    assert tree(root) == {"index.html": b"new", "minato/parts/1.html": b"new"}
    assert [file.path for file in written] == ["index.html", "minato/parts/1.html"]
    assert all(folder.unchanged(file) for file in written)


def test_staging_changes_nothing_a_reader_sees(folder: Folder, root: Path) -> None:
    put(folder, "a", data=b"old")

    folder.stage("a", b"new")
    folder.stage("b/c", b"new")

    assert [path.name for path in root.iterdir() if path.name != STAGING] == ["a"]
    assert (root / "a").read_bytes() == b"old"


def test_files_take_their_places_in_the_order_they_were_staged(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    rename = os.rename

    def watched(old: str, new: str) -> None:
        order.append(new.removeprefix(f"{folder.root}/"))
        rename(old, new)

    monkeypatch.setattr(os, "rename", watched)

    put(folder, "z/page", "a/page", "m", "feed")

    assert order == ["z/page", "a/page", "m", "feed"]


def test_everything_is_placed_whether_or_not_anybody_counts(folder: Folder, root: Path) -> None:
    folder.stage("a", b"1")

    folder.commit()

    assert tree(root) == {"a": b"1"}


def test_a_path_staged_twice_has_its_last_bytes_and_place(folder: Folder, root: Path) -> None:
    folder.stage("a", b"first")
    folder.stage("b", b"other")
    folder.stage("a", b"second")

    assert [path for path, _, _ in folder.commit()] == ["b", "a"]
    assert tree(root) == {"a": b"second", "b": b"other"}


def test_a_commit_leaves_no_staging_folder(folder: Folder, root: Path) -> None:
    put(folder, "a")

    assert [path.name for path in root.iterdir()] == ["a"]


def test_a_discard_sweeps_what_a_signal_kept_it_from_noting(folder: Folder, root: Path) -> None:
    folder.stage("a", b"new")
    (root / STAGING / "99").write_bytes(b"written, not noted")

    folder.discard()

    assert not (root / STAGING).exists()


def test_a_discard_leaves_nothing(folder: Folder, root: Path) -> None:
    folder.stage("a/b", b"new")

    folder.discard()

    assert list(folder.commit()) == []
    assert list(root.iterdir()) == []


def test_a_folder_can_be_used_again_and_again(folder: Folder, root: Path) -> None:
    put(folder, "a", data=b"1")
    put(folder, "a", "b", data=b"2")
    folder.discard()
    put(folder, "c", data=b"3")

    assert tree(root) == {"a": b"2", "b": b"2", "c": b"3"}


@pytest.mark.parametrize("count", [1, FEW, FEW + 1])
def test_few_files_are_flushed_one_by_one_and_many_at_once(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    events: list[str] = []
    rename = os.rename

    def renamed(old: str, new: str) -> None:
        events.append("rename")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", lambda _: events.append("fsync"))
    monkeypatch.setattr(os, "sync", lambda: events.append("sync"))
    monkeypatch.setattr(os, "rename", renamed)

    put(folder, *(f"a/b/{n}" for n in range(count)))

    first = ["fsync"] * count if count <= FEW else ["sync"]
    assert events == [*first, *["rename"] * count, *["fsync"] * 3]  # a/b, and the folders that a and b are new in


def test_data_of_any_size_is_written(folder: Folder, root: Path) -> None:
    big = os.urandom(3_000_001)

    folder.stage("empty", b"")
    folder.stage("big", big)
    folder.commit()

    assert tree(root) == {"empty": b"", "big": big}


@pytest.mark.parametrize(("mask", "modes"), [(0o022, "644 755"), (0o077, "600 700"), (0o002, "644 755")])
def test_modes_honour_the_umask(root: Path, umask: Callable[[int], int], mask: int, modes: str) -> None:
    umask(mask)

    put(Folder(root), "a/b")

    found = [stat.S_IMODE(path.stat().st_mode) for path in (root / "a/b", root / "a")]
    assert "{:o} {:o}".format(*found) == modes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    rounds=st.lists(
        st.dictionaries(st.sampled_from(["a", "b", "c/d", "c/e", "f/g/h"]), st.binary(max_size=9)), max_size=4
    )
)
def test_the_folder_holds_the_last_of_every_round(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[dict[str, bytes]]
) -> None:
    root = tmp_path_factory.mktemp("feeds")
    sink, expected = Folder(root), dict[str, bytes]()

    for staged in rounds:
        for path, data in staged.items():
            sink.stage(path, data)
        assert [path for path, _, _ in sink.commit()] == list(staged)
        expected |= staged

    assert tree(root) == expected
    assert {path: sink.read(path) for path in expected} == expected


# Looking


def test_a_touched_file_is_changed(folder: Folder, root: Path) -> None:
    (written,) = put(folder, "a")
    os.utime(root / "a", ns=(written.mtime_ns, written.mtime_ns + 1))

    assert not folder.unchanged(written)


def test_a_file_of_another_size_is_changed(folder: Folder, root: Path) -> None:
    (written,) = put(folder, "a")
    (root / "a").write_bytes(b"newer")
    os.utime(root / "a", ns=(written.mtime_ns, written.mtime_ns))

    assert not folder.unchanged(written)


def test_a_missing_file_is_changed(folder: Folder, root: Path) -> None:
    (written,) = put(folder, "a")
    (root / "a").unlink()

    assert not folder.unchanged(written)


def test_what_is_there_can_be_read_and_what_is_not_is_none(folder: Folder, root: Path) -> None:
    put(folder, "a/b", data=b"text")

    assert folder.read("a/b") == b"text"
    assert folder.stamp("a/b") == (4, (root / "a/b").stat().st_mtime_ns)
    for path in ("a", "a/c", "a/b/c", "x/y/z"):
        assert folder.read(path) is None
        assert folder.stamp(path) is None


def test_a_pipe_in_a_files_place_holds_nobody(folder: Folder, root: Path) -> None:
    root.mkdir()
    os.mkfifo(root / "a")

    assert folder.read("a") is None

    put(folder, "a")
    assert folder.read("a") == b"new"


# Removing


def test_a_removed_file_takes_empty_folders_with_it(folder: Folder, root: Path) -> None:
    put(folder, "a/b/c/d", "a/x")

    folder.remove("a/b/c/d")

    assert sorted(str(path.relative_to(root)) for path in root.rglob("*")) == ["a", "a/x"]


def test_the_folder_itself_stays(folder: Folder, root: Path) -> None:
    put(folder, "a/b")

    folder.remove("a/b")

    assert list(root.iterdir()) == []


@pytest.mark.parametrize("path", ["x", "x/y", "a/b", "a/b/c", "full"])
def test_what_is_no_file_of_ours_is_left_alone(folder: Folder, root: Path, path: str) -> None:
    put(folder, "a/b", "full/file")
    before = tree(root)
    if path == "a/b":
        before.pop(path)

    folder.remove(path)

    assert tree(root) == before


# Checking


def test_a_check_makes_the_folder_and_leaves_nothing_in_it(folder: Folder, root: Path) -> None:
    folder.check()

    assert list(root.iterdir()) == []


def test_a_check_does_not_disturb_a_round(folder: Folder, root: Path) -> None:
    folder.stage("a", b"1")

    Folder(root).check()
    folder.commit()

    assert tree(root) == {"a": b"1"}


def test_a_file_is_no_folder(root: Path) -> None:
    root.write_text("mine")

    with pytest.raises(OutputFailed, match="output is not a folder: "):
        Folder(root).check()

    assert root.read_text() == "mine"


def test_a_file_above_is_said(root: Path) -> None:
    root.write_text("mine")

    with pytest.raises(OutputFailed, match="not a directory"):
        Folder(root / "feeds").check()


def test_a_link_to_a_folder_is_a_folder(root: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    root.symlink_to("real")

    Folder(root).check()
    put(Folder(root), "a/b")

    assert tree(tmp_path / "real") == {"a/b": b"new"}


def test_a_link_to_nowhere_is_said(root: Path) -> None:
    root.symlink_to("nowhere")

    with pytest.raises(OutputFailed, match="output is not a folder"):
        Folder(root).check()


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_trap_in_the_place_of_the_probe_is_no_way_out(root: Path, tmp_path: Path, kind: str) -> None:
    root.mkdir()
    (tmp_path / "precious").write_text("mine")
    if kind == "link":
        (root / files.PROBE).symlink_to(tmp_path / "precious")
    else:
        os.mkfifo(root / files.PROBE)

    with pytest.raises(OutputFailed, match="cannot write"):
        Folder(root).check()

    assert (tmp_path / "precious").read_text() == "mine"


# What a killed run left


def test_what_a_killed_run_left_is_swept_out(folder: Folder, root: Path) -> None:
    for n in range(3):
        folder.stage(f"a/{n}", b"half")
    assert len(list((root / STAGING).iterdir())) == 3

    put(Folder(root), "a/0")

    assert tree(root) == {"a/0": b"new"}
    assert not (root / STAGING).exists()


def test_what_is_not_ours_in_the_staging_folder_stays(root: Path, tmp_path: Path) -> None:
    (root / STAGING / "7").mkdir(parents=True)
    (root / STAGING / "notes.txt").write_text("mine")
    (root / STAGING / "8").symlink_to(tmp_path)

    put(Folder(root), "a")

    assert sorted(path.name for path in (root / STAGING).iterdir()) == ["7", "8", "notes.txt"]


def test_a_link_in_the_place_of_the_staging_folder_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "1").write_text("mine")
    root.mkdir()
    (root / STAGING).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OutputFailed, match="staging folder is a file or a link"):
        Folder(root).stage("a", b"new")

    assert (tmp_path / "elsewhere" / "1").read_text() == "mine"


# Ways out


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("verb", ["stage", "read", "remove"])
def test_no_path_leads_outside(folder: Folder, tmp_path: Path, verb: str, path: str) -> None:
    (tmp_path / "x").write_text("mine")

    with pytest.raises(OutputFailed, match="path is not inside the output folder"):
        use(folder, verb, path)

    assert tree(tmp_path) == {"x": b"mine"}


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_is_stamped(folder: Folder, tmp_path: Path, path: str) -> None:
    put(folder, "a/b", STAGING[1:])
    (tmp_path / "x").write_text("mine")

    assert folder.stamp(path) is None


def test_a_link_in_a_files_place_is_replaced_and_not_followed(folder: Folder, root: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    root.mkdir()
    (root / "a").symlink_to(tmp_path / "precious")

    assert folder.read("a") is None
    assert folder.stamp("a") is None
    put(folder, "a")

    assert (tmp_path / "precious").read_text() == "mine"
    assert not (root / "a").is_symlink()


@pytest.mark.parametrize("verb", ["stage", "read", "remove"])
def test_a_link_in_a_folders_place_leads_nowhere(folder: Folder, root: Path, tmp_path: Path, verb: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a").write_text("mine")
    root.mkdir()
    (root / "out").symlink_to(tmp_path / "other")

    with pytest.raises(OutputFailed, match="folder is a link out of the output folder"):
        use(folder, verb, "out/a")

    assert tree(tmp_path / "other") == {"a": b"mine"}


def test_a_link_inside_the_folder_is_a_way(folder: Folder, root: Path) -> None:
    put(folder, "real/a")
    (root / "alias").symlink_to("real")

    put(folder, "alias/b")

    assert (root / "real" / "b").read_bytes() == b"new"


# Failures


@pytest.mark.parametrize(
    ("path", "reason"),
    [("taken", "is a directory"), ("file/x", "not a directory"), ("n" * 300, "file name too long"), ("\ud800", "")],
)
def test_what_cannot_be_placed_is_said_before_anything_is(folder: Folder, root: Path, path: str, reason: str) -> None:
    put(folder, "file", "taken/x", data=b"old")
    folder.stage("file", b"new")

    with pytest.raises(OutputFailed, match=f"cannot write .*{reason}"):
        folder.stage(path, b"new")

    assert list(folder.commit()) == []
    assert tree(root) == {"file": b"old", "taken/x": b"old"}


def test_a_file_that_appears_in_a_folders_place_stops_the_commit(folder: Folder, root: Path) -> None:
    put(folder, "a", data=b"old")
    folder.stage("a", b"new")
    folder.stage("b/c", b"new")
    (root / "b").write_text("mine")

    with pytest.raises(OutputFailed, match=r"cannot write .*b: file exists"):
        folder.commit()

    assert tree(root) == {"a": b"old", "b": b"mine"}


def test_a_disk_that_breaks_among_the_renames_is_mended_by_the_next_commit(
    folder: Folder, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = os.rename

    def failing(old: str, new: str) -> None:
        if new.endswith("/b"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rename(old, new)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", failing)
        with pytest.raises(OutputFailed, match=r"cannot write .*/b: input/output error"):
            put(folder, "a", "b", "c")
    assert tree(root) == {"a": b"new"}

    put(folder, "a", "b", "c")

    assert tree(root) == {"a": b"new", "b": b"new", "c": b"new"}


def test_a_full_disk_changes_nothing(disk: Callable[[str], Path]) -> None:
    root = disk("64k")
    folder = Folder(root)
    put(folder, "a", data=b"old")
    folder.stage("a", b"new")

    with pytest.raises(OutputFailed) as caught:
        folder.stage("minato/rss.xml", bytes(100_000))

    assert caught.value.message == f"cannot write {root}/minato/rss.xml: no space left on device"
    assert caught.value.hint == "make room and do it again: nothing is lost"
    assert list(folder.commit()) == []
    assert tree(root) == {"a": b"old"}
    assert [path.name for path in root.iterdir()] == ["a"]


def test_a_full_disk_is_found_by_a_check(disk: Callable[[str], Path]) -> None:
    root = disk("64k")
    with pytest.raises(OSError, match="No space left"):
        (root / "filler").write_bytes(bytes(100_000))

    with pytest.raises(OutputFailed, match="no space left on device"):
        Folder(root).check()

    assert [path.name for path in root.iterdir()] == ["filler"]


def test_a_read_only_disk_is_found_by_a_check(disk: Callable[[str], Path]) -> None:
    root = disk("64k")
    put(Folder(root), "a")
    disk("ro")

    with pytest.raises(OutputFailed, match=r"cannot write .*: read-only file system"):
        Folder(root).check()

    assert Folder(root).read("a") == b"new"


def test_nothing_is_removed_from_a_read_only_disk(disk: Callable[[str], Path]) -> None:
    root = disk("64k")
    put(Folder(root), "a")
    disk("ro")

    with pytest.raises(OutputFailed, match=r"cannot remove .*/a: read-only file system"):
        Folder(root).remove("a")


# Dry


def test_a_dry_folder_writes_nothing_and_says_what_it_would(root: Path) -> None:
    sink: FileSink = DryFolder(Folder(root))

    sink.check()
    written = put(sink, "a", "b/c")
    sink.remove("a")
    sink.discard()

    assert [(file.path, file.size) for file in written] == [("a", 3), ("b/c", 3)]
    assert not root.exists()


def test_a_dry_folder_sees_what_is_there(folder: Folder, root: Path) -> None:
    (written,) = put(folder, "a")

    dry = DryFolder(folder)

    assert dry.unchanged(written)
    assert dry.read("a") == b"new"
    assert dry.stamp("a") == (3, (root / "a").stat().st_mtime_ns)


def test_a_commit_of_nothing_removes_what_a_killed_run_left(tmp_path):
    staging = tmp_path / ".cnddigest-staging"
    staging.mkdir()
    (staging / "1").write_bytes(b"half")

    list(Folder(tmp_path).commit())

    assert not staging.exists()
