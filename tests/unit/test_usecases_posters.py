"""Posters in the output folder: which pages name one, and nothing on them that is not out."""

import re
from dataclasses import replace
from importlib.util import find_spec

import pytest

from builders import a_publication, a_serial
from cnddigest import fonts
from cnddigest.picture.poster import Typeface
from cnddigest.usecases import posters
from conftest import missing
from desk import NEXT_DAY, START, Desk

IMAGE = re.compile(rb'<meta property="og:image" content="https://recaps\.example\.org/(.*?)">')


@pytest.fixture
def face():
    if find_spec("PIL") is None:
        missing("Pillow")
    path = fonts.find(fonts.EVERYWHERE) or missing("a font with Japanese")
    return Typeface(path=str(path), index=0, mark="one")


def a_desk(face, **fields):
    desk = Desk(publication=a_publication(serials=(a_serial(),), **fields))
    desk.inputs.face = face
    return desk


def named(desk):
    """Which poster each page names."""
    found = {name: IMAGE.search(data) for name, data in desk.folder.files.items() if name.endswith(".html")}
    return {name: image[1].decode() for name, image in found.items() if image}


def test_pages_name_the_poster_of_their_part(face):
    desk = a_desk(face)

    desk.publish()

    found = named(desk)
    sessions = {name for name in desk.folder.files if re.fullmatch(r"minato/sessions/.*\.html", name)}
    assert {found[name] for name in sessions} == {"minato/posters/1.png"}
    assert found.keys() - sessions == {"minato/index.html", "minato/parts/1.html"}
    assert found["minato/index.html"] == "minato/poster.png"
    assert set(found.values()) <= desk.folder.files.keys()
    assert b'content="summary_large_image"' in desk.folder.files["minato/parts/1.html"]


def test_a_part_that_is_not_out_has_no_poster(face):
    desk = a_desk(face)
    desk.publish()
    assert "minato/posters/2.png" not in desk.folder.files
    first = desk.folder.files["minato/posters/1.png"], desk.folder.writes["minato/posters/1.png"]

    desk.publish(START + NEXT_DAY)

    assert desk.folder.files["minato/posters/2.png"]
    assert (desk.folder.files["minato/posters/1.png"], desk.folder.writes["minato/posters/1.png"]) == first


def test_publishing_twice_draws_nothing_anew(face):
    desk = a_desk(face)
    desk.publish()

    report = desk.publish()

    assert report.files.written == ()


def test_a_serial_of_many_parts_has_one_poster_for_all(face, monkeypatch):
    monkeypatch.setattr(posters, "MOST", 1)
    desk = a_desk(face)

    desk.publish(everything=True)

    assert [name for name in desk.folder.files if name.endswith(".png")] == ["minato/poster.png"]
    assert set(named(desk).values()) == {"minato/poster.png"}


@pytest.mark.parametrize("how", ["none are wanted", "no font is there"])
def test_without_posters_no_page_names_one(face, how):
    desk = a_desk(None) if how == "no font is there" else a_desk(face, posters="none")

    desk.publish()

    assert not [name for name in desk.folder.files if name.endswith(".png")]
    assert named(desk) == {}
    assert b'content="summary"' in desk.folder.files["minato/parts/1.html"]


def test_a_font_that_comes_later_brings_posters_and_one_that_goes_takes_them(face):
    desk = a_desk(None)
    desk.publish()
    desk.inputs.face = face
    desk.publish()
    assert set(named(desk).values()) == {"minato/poster.png", "minato/posters/1.png"}
    desk.inputs.face = None

    report = desk.publish()

    assert named(desk) == {}
    assert set(report.files.removed) == {"minato/poster.png", "minato/posters/1.png"}


def test_another_font_changes_pictures_and_no_page(face):
    desk = a_desk(face)
    desk.publish()
    regular = face.path.replace("-Bold", "-Regular").replace("-SemiBold", "-Regular")
    desk.inputs.face = replace(face, path=regular, mark="another")

    report = desk.publish()

    assert set(report.files.written) == (
        {"minato/poster.png", "minato/posters/1.png"} if regular != face.path else set()
    )
