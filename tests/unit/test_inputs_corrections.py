"""Corrections in the publication folder."""

import os

import pytest

from cnddigest.errors import BadRecap
from cnddigest.inputs import PublicationFolder, read_corrections


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
