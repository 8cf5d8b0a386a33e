"""Corrections in the publication folder."""

import os
import stat
from pathlib import Path

import pytest

from cnddigest.errors import BadRecap, OutputFailed
from cnddigest.inputs import PublicationFolder, read_corrections, write_corrections


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "recaps").mkdir()
    (tmp_path / "recaps" / "minato.md").write_text("# 港の会議\n", "utf-8")
    return PublicationFolder(tmp_path, configuration=tmp_path / "cnddigest.toml", recaps=("recaps/minato.md",))


def test_corrections_are_read_from_beside_the_recap(folder, tmp_path):
    (tmp_path / "recaps" / "minato.outline.toml").write_bytes(b"# mine\n")

    found = folder.corrections(("recaps/minato.md", "recaps/other.md"))

    assert found == [("recaps/minato.outline.toml", b"# mine\n")]


def test_new_corrections_are_something_to_read_again(folder, tmp_path):
    before = folder.fingerprint()

    (tmp_path / "recaps" / "minato.outline.toml").write_bytes(b"# mine\n")

    assert folder.fingerprint() != before


def test_a_folder_or_a_pipe_is_no_file_of_corrections(tmp_path):
    os.mkfifo(tmp_path / "pipe.outline.toml")

    for name, reason in (("pipe.outline.toml", "it is not a file"), (".", "it is a folder")):
        with pytest.raises(BadRecap, match=f"^cannot read corrections, {reason}: recaps/a$"):
            read_corrections(tmp_path / name, "recaps/a")


def test_a_huge_file_is_not_read_to_its_end(tmp_path):
    (tmp_path / "a.outline.toml").write_bytes(b"#" * (2 << 20))

    assert len(read_corrections(tmp_path / "a.outline.toml", "a") or b"") == (1 << 20) + 1


def test_written_corrections_take_the_place_of_what_was_there_and_leave_nothing_else(tmp_path):
    file = tmp_path / "a.outline.toml"
    file.write_text("# old\n", "utf-8")
    file.chmod(0o640)

    write_corrections(file, "a.outline.toml", "# 新しい\n")

    assert (file.read_text("utf-8"), stat.S_IMODE(file.stat().st_mode)) == ("# 新しい\n", 0o640)
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_to_corrections_stays_a_link(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.toml").write_text("# old\n", "utf-8")
    (tmp_path / "a.outline.toml").symlink_to("kept/mine.toml")

    write_corrections(tmp_path / "a.outline.toml", "a.outline.toml", "# new\n")

    assert (tmp_path / "a.outline.toml").is_symlink()
    assert (tmp_path / "kept" / "mine.toml").read_text("utf-8") == "# new\n"


def test_the_name_of_corrections_may_be_as_long_as_names_can_be(tmp_path):
    file = tmp_path / f"{'a' * 242}.outline.toml"

    write_corrections(file, file.name, "# long\n")

    assert file.read_text("utf-8") == "# long\n"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system nobody can write to")
def test_corrections_that_can_not_be_written_are_told():
    with pytest.raises(OutputFailed, match=r"^cannot write corrections, .*: recaps/a\.outline\.toml$"):
        write_corrections(Path("/proc/a.outline.toml"), "recaps/a.outline.toml", "# new\n")
