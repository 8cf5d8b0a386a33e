"""Image files of a publication's folder: what is inside can be read, and nothing else."""

import os
from pathlib import Path

import pytest

from cnddigest.errors import BadPicture
from cnddigest.inputs import PublicationFolder
from cnddigest.picture.model import LARGEST_FILE
from drawings import a_png


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "publication"
    (root / "recaps").mkdir(parents=True)
    (root / "recaps/a.png").write_bytes(a_png())
    return root


def a_folder(root: Path) -> PublicationFolder:
    return PublicationFolder(root, configuration=root / "cnddigest.toml", recaps=())


def refusal(root: Path, path: str) -> str:
    with pytest.raises(BadPicture) as refused:
        a_folder(root).picture(path)
    return refused.value.message


def test_an_image_is_read_and_marked(root):
    folder = a_folder(root)

    assert folder.picture("recaps/a.png") == a_png()
    assert folder.mark("recaps/a.png")


def test_a_changed_file_has_another_mark(root):
    before = a_folder(root).mark("recaps/a.png")
    (root / "recaps/a.png").write_bytes(a_png(41, 30))

    assert a_folder(root).mark("recaps/a.png") != before


@pytest.mark.parametrize("form", ["図が.png", "図\u304b\u3099.png"])
def test_a_name_is_found_however_its_letters_are_composed(root, form):
    (root / "図が.png").write_bytes(a_png())

    assert a_folder(root).picture(form) == a_png()


def test_a_link_inside_the_folder_is_followed(root):
    (root / "b.png").symlink_to("recaps/a.png")

    assert a_folder(root).picture("b.png") == a_png()


def test_the_folder_itself_may_be_a_link(root, tmp_path):
    (tmp_path / "link").symlink_to(root)

    assert a_folder(tmp_path / "link").picture("recaps/a.png") == a_png()


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside.png", "/dev/zero", "/proc/self/environ"])
def test_a_link_out_of_the_folder_is_no_image(root, target):
    (root.parent / "outside.png").write_bytes(a_png())
    (root / "b.png").symlink_to(target)

    assert refusal(root, "b.png") == "image is not in the publication's folder"
    assert not a_folder(root).mark("b.png")


def test_a_folder_that_is_a_link_out_is_no_way(root):
    (root.parent / "outside").mkdir()
    (root.parent / "outside/a.png").write_bytes(a_png())
    (root / "out").symlink_to("../outside")

    assert refusal(root, "out/a.png") == "image is not in the publication's folder"


@pytest.mark.parametrize("path", ["../outside.png", "/etc/passwd", "recaps/../../outside.png"])
def test_no_path_leads_out_of_the_folder(root, path):
    (root.parent / "outside.png").write_bytes(a_png())

    assert refusal(root, path) == "image is not in the publication's folder"
    assert not a_folder(root).mark(path)


def test_a_pipe_holds_nobody_up(root):
    os.mkfifo(root / "b.png")

    assert refusal(root, "b.png") == "cannot read image, it is not a file"
    assert not a_folder(root).mark("b.png")


def test_a_circle_of_links_a_folder_and_an_endless_name_are_no_images(root):
    (root / "b.png").symlink_to("c.png")
    (root / "c.png").symlink_to("b.png")

    for path in ("b.png", "recaps", "a" * 5_000, "a\0b", "recaps/a.png/b.png", "", "\udcff.png"):
        assert refusal(root, path).startswith("cannot read image, ")
        assert not a_folder(root).mark(path)


def test_a_file_without_end_is_read_no_further_than_an_image_may_go(root):
    with (root / "b.png").open("wb") as file:
        file.truncate(1 << 40)

    assert len(a_folder(root).picture("b.png")) == LARGEST_FILE + 1
