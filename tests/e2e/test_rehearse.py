"""A rehearsal shows what will be, moment by moment, and leaves everything as it was."""

import json
from pathlib import Path

import pytest

from commands import FIRST, SECOND, OnDisk

HARU, NATSU = "haru@example.net", "natsu@example.net"
LATER = "霧の日の連絡"  # a talk of the second day


@pytest.fixture
def publication(tmp_path: Path) -> OnDisk:
    made = OnDisk.new(tmp_path / "publication")
    for address, more in ((HARU, ()), (NATSU, ("--replay", "--every", "mon,thu", "--at", "12:00"))):
        consent = ("--confirmed", "--consent-source", "form")
        added = made.run("subscribers", "add", address, "--serial", "minato", *consent, *more, "--now", FIRST)
        assert added.code == 0, added.err
    return made


def rehearsed(publication: OnDisk, *more: str) -> list[dict[str, object]]:
    done = publication.run("rehearse", "--to", "ahead", "--json", "--now", FIRST, *more)
    assert done.code == 0, done.err
    moments: list[dict[str, object]] = json.loads(done.out)["moments"]
    return moments


def files(publication: OnDisk) -> dict[str, bytes]:
    found = (path for path in publication.folder.rglob("*") if path.is_file() and "ahead" not in path.parts)
    return {path.as_posix(): path.read_bytes() for path in found}


def test_every_moment_has_a_folder_with_what_was_sent_and_how_it_looked(publication: OnDisk) -> None:
    moments = rehearsed(publication)

    released = [[(out["run"], out["part"]) for out in moment["released"]] for moment in moments]  # type: ignore[attr-defined]
    assert released == [[("main", 1), ("r2", 1)], [("main", 2)], [("r2", 2)]]
    assert [moment["messages"] for moment in moments] == [2, 1, 1]
    for moment in moments:
        folder = publication.folder / "ahead" / str(moment["folder"])
        assert len(list((folder / "outbox").glob("*.eml"))) == moment["messages"]
        assert (folder / "feeds" / "minato" / "rss.xml").is_file()


def test_nothing_shows_before_its_moment(publication: OnDisk) -> None:
    first, second, _ = (publication.folder / "ahead" / str(moment["folder"]) for moment in rehearsed(publication))

    def shows(folder: Path) -> bool:
        return any(LATER.encode() in path.read_bytes() for path in (folder / "feeds").rglob("*") if path.is_file())

    assert not shows(first)
    assert shows(second)


def test_the_record_and_all_files_stay_as_they_were(publication: OnDisk) -> None:
    publication.publish(FIRST)
    before = files(publication)

    rehearsed(publication)

    assert files(publication) == before


def test_a_rehearsal_goes_on_from_what_is_out(publication: OnDisk) -> None:
    publication.publish(FIRST)

    moments = publication.run("rehearse", "--to", "ahead", "--json", "--now", SECOND)

    parts = [out for moment in json.loads(moments.out)["moments"] for out in moment["released"]]
    assert ("main", 1) not in [(out["run"], out["part"]) for out in parts]
    assert ("main", 2) in [(out["run"], out["part"]) for out in parts]


def test_a_rehearsal_goes_no_farther_than_it_is_told(publication: OnDisk) -> None:
    moments = rehearsed(publication, "--until", "2026-11-25T04:00:00Z")

    assert [moment["at"] for moment in moments] == [FIRST]


def test_a_rehearsal_that_would_end_before_it_begins_is_refused(publication: OnDisk) -> None:
    done = publication.run("rehearse", "--to", "ahead", "--now", FIRST, "--until", "2026-11-25T02:59:59Z")

    assert done.code == 2
    assert done.err.splitlines()[0] == "error: --until is over: 2026-11-25T02:59:59Z"
    assert not (publication.folder / "ahead").exists()


def test_a_rehearsal_until_the_moment_it_begins_shows_that_moment(publication: OnDisk) -> None:
    moments = rehearsed(publication, "--until", FIRST)

    assert [moment["at"] for moment in moments] == [FIRST]


def test_the_calendar_leads_to_every_moment_and_shows_each_issue(publication: OnDisk) -> None:
    moments = rehearsed(publication)

    page = (publication.folder / "ahead" / "index.html").read_text("utf-8")
    assert all(f'href="{moment["folder"]}/feeds/index.html"' in page for moment in moments)
    assert page.count("<iframe") == 2


def test_a_folder_with_something_in_it_is_left_alone(publication: OnDisk) -> None:
    (publication.folder / "ahead").mkdir()
    (publication.folder / "ahead" / "mine").write_text("mine")

    done = publication.run("rehearse", "--to", "ahead", "--now", FIRST)

    assert (done.code, done.err.splitlines()[0]) == (2, "error: folder is not empty: ahead")
    assert [path.name for path in (publication.folder / "ahead").iterdir()] == ["mine"]


def test_a_recap_that_can_not_be_read_is_told_as_ever(publication: OnDisk) -> None:
    publication.recap.write_text("", "utf-8")

    done = publication.run("rehearse", "--to", "ahead", "--now", FIRST)

    assert done.code == 2
    assert "recap is empty" in done.err
