"""Somebody's own run by command: begun, changed, shown, planned, sent again and taken elsewhere."""

import email
import json
import re
from pathlib import Path
from typing import Any

import pytest

from commands import FIRST, SECOND, OnDisk

HARU = "haru@example.net"
BY_FORM = ("--confirmed", "--consent-source", "form")
AT_SIX = "2026-11-27T06:00:00Z"


@pytest.fixture
def publication(tmp_path: Path) -> OnDisk:
    """Both Parts are out, and nobody listens."""
    made = OnDisk.new(tmp_path / "publication")
    for now in (FIRST, SECOND):
        assert made.publish(now).code == 0
    return made


def done(publication: OnDisk, *arguments: str) -> str:
    ended = publication.run(*arguments)
    assert (ended.code, ended.err) == (0, "")
    return ended.out.decode()


def refused(publication: OnDisk, *arguments: str) -> str:
    ended = publication.run("subscribers", "change", *arguments)
    assert ended.code == 2
    assert re.fullmatch(r"error: .+\n(hint: .+\n)?", ended.err)
    return ended.err


def add(publication: OnDisk, *arguments: str) -> dict[str, Any]:
    text = done(publication, "subscribers", "add", HARU, "--replay", *arguments, "--now", SECOND, "--json")
    return one(json.loads(text))


def change(publication: OnDisk, *arguments: str, now: str = SECOND) -> dict[str, Any]:
    return one(json.loads(done(publication, "subscribers", "change", HARU, *arguments, "--now", now, "--json")))


def one(document: dict[str, Any]) -> dict[str, Any]:
    assert document["schema"] == "cnddigest/subscription/1"
    (found,) = document["subscriptions"]
    return dict(found)


def comes(found: dict[str, Any]) -> list[tuple[int, str, bool]]:
    return [(date["part"], date["release_at"], date["released_at"] is not None) for date in found["calendar"]]


def mailed(publication: OnDisk) -> list[tuple[str, int, str]]:
    found = json.loads(done(publication, "deliveries", "--json"))["deliveries"]
    return [(each["run"], each["part"], each["status"]) for each in found if each["kind"] == "issue"]


def test_who_confirms_begins_then_and_gets_the_first_part_with_the_next_delivery(publication: OnDisk) -> None:
    asked = add(publication)
    token = asked["links"]["confirm"].rpartition("/")[2]
    before = comes(asked)
    done(publication, "subscribers", "confirm", token, "--now", AT_SIX)

    sent = json.loads(done(publication, "deliver", "--now", AT_SIX, "--json"))

    assert (asked["status"], before, asked["links"]["rss"]) == ("pending", [], None)
    assert sent["sent"] == 1
    assert mailed(publication) == [("r1", 1, "sent")]
    found = one(json.loads(done(publication, "subscribers", "show", HARU, "--now", AT_SIX, "--json")))
    assert comes(found) == [(1, AT_SIX, True), (2, "2026-11-28T08:00:00Z", False)]
    assert found["position"] == 1


def test_a_run_has_its_settings_and_feeds_of_its_own(publication: OnDisk) -> None:
    found = add(publication, *BY_FORM, "--start", "2026-12-01", "--every", "thu,mon", "--at", "7:30", "--per", "2")

    assert found["replay"] == {
        "start": "2026-12-01",
        "every": "mon,thu",
        "at": "07:30",
        "per": 2,
        "timezone": "",
        "paused": False,
    }
    assert comes(found) == [(1, "2026-12-03T07:30:00Z", False), (2, "2026-12-03T07:30:01Z", False)]
    for name, file in (("rss", "rss.xml"), ("atom", "atom.xml"), ("json", "feed.json")):
        assert re.fullmatch(rf"https://recaps\.example\.org/replay/[\w-]{{32}}/{file}", found["links"][name])


def test_before_the_first_publish_a_run_waits_for_it(tmp_path: Path) -> None:
    publication = OnDisk.new(tmp_path / "publication")
    found = add(publication, *BY_FORM)

    publication.publish(SECOND)

    assert [part for part, _, _ in comes(found)] == [1, 2]
    assert mailed(publication) == [("r1", 1, "sent")]


def test_each_wish_does_what_it_says(publication: OnDisk) -> None:
    add(publication, *BY_FORM)

    paused = change(publication, "--pause")
    resumed = change(publication, "--resume", now="2026-11-29T00:00:00Z")
    brought = change(publication, "--next", now="2026-11-29T01:00:00Z")
    again = change(publication, "--restart", now="2026-11-29T02:00:00Z")
    jumped = change(publication, "--jump", "2", now="2026-11-29T03:00:00Z")

    assert comes(paused) == [(1, SECOND, True)]
    assert paused["replay"]["paused"]
    assert comes(resumed) == [(1, SECOND, True), (2, "2026-11-29T08:00:00Z", False)]
    assert comes(brought) == [(1, SECOND, True), (2, "2026-11-29T01:00:00Z", True)]
    assert again["run"] == "r1.2"
    assert comes(again) == [(1, "2026-11-29T02:00:00Z", True), (2, "2026-11-30T08:00:00Z", False)]
    assert comes(jumped) == [(1, "2026-11-29T02:00:00Z", True), (2, "2026-11-29T08:00:00Z", False)]
    assert [each[:2] for each in mailed(publication)] == [("r1", 1), ("r1", 2), ("r1.2", 1)]


def test_who_follows_the_public_run_gets_their_own_by_a_start(publication: OnDisk) -> None:
    done(publication, "subscribers", "add", HARU, *BY_FORM, "--now", SECOND)

    found = change(publication, "--start", "now", "--per", "2", "--language", "en")

    assert found["run"] == "r1"
    assert comes(found) == [(1, SECOND, True), (2, "2026-11-27T00:00:01Z", False)]


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ([], "nothing to change is named"),
        (["--pause", "--next"], "two wishes at once: --pause and --next"),
        (["--restart", "--every", "day"], "two wishes at once: --restart and --every"),
        (["--resume", "--language", "ja"], "two wishes at once: --resume and --language"),
        (["--every", "hourly"], "not a rhythm: hourly"),
        (["--timezone", "Mars/Base"], "unknown time zone: mars/base"),
        (["--language", "fr"], "there are no texts in this language: fr"),
        (["--jump", "3"], "there is no such part: 3"),
        (["--serial", "yama", "--pause"], "no such serial: yama"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(publication: OnDisk, wish: list[str], why: str) -> None:
    add(publication, *BY_FORM)

    assert why.lower() in refused(publication, HARU, *wish).lower()


def test_who_has_no_run_is_told_how_to_get_one(publication: OnDisk) -> None:
    done(publication, "subscribers", "add", HARU, *BY_FORM)

    assert "hint: give it a run: --start now" in refused(publication, HARU, "--next")
    assert "nobody has this address" in refused(publication, "aki@example.net", "--pause")


def test_the_plan_of_a_person_has_the_moments_of_their_run(publication: OnDisk) -> None:
    add(publication, *BY_FORM, "--timezone", "Asia/Tokyo")

    (plan,) = json.loads(done(publication, "plan", "--for", HARU, "--now", SECOND, "--json"))["serials"]
    ics = done(publication, "plan", "--for", HARU, "--now", SECOND, "--ics")

    assert (plan["serial"], plan["timezone"], plan["start"]) == ("minato", "Asia/Tokyo", "now")
    moments = [(part["release_at"], part["released_at"]) for part in plan["parts"]]
    assert moments == [(SECOND, SECOND), ("2026-11-27T23:00:00Z", None)]
    assert "UID:part-1.r1.minato@recaps.example.org" in ics


def test_a_part_is_sent_again_with_the_message_id_of_the_last_run_it_came_in(publication: OnDisk) -> None:
    add(publication, *BY_FORM)
    done(publication, "deliver", "--now", SECOND)
    change(publication, "--restart", now=AT_SIX)
    done(publication, "deliver", "--now", AT_SIX)
    before = json.loads(done(publication, "deliveries", "--json"))["deliveries"]

    queued = json.loads(done(publication, "resend", "--part", "1", "--to", HARU, "--json"))["queued"]

    after = json.loads(done(publication, "deliveries", "--json"))["deliveries"]
    assert queued == 1
    assert [each["message_id"] for each in after] == [each["message_id"] for each in before]
    assert mailed(publication) == [("r1", 1, "sent"), ("r1.2", 1, "queued")]


def test_a_run_is_counted_and_what_it_missed_is_found(publication: OnDisk) -> None:
    add(publication, *BY_FORM)
    done(publication, "publish", "--no-deliver", "--now", AT_SIX)

    (serial,) = json.loads(done(publication, "status", "--now", AT_SIX, "--json"))["serials"]
    missed = json.loads(done(publication, "deliveries", "--part", "1", "--missed", "--json"))["deliveries"]

    assert (serial["replays"], serial["subscriptions"]["active"]) == (1, 1)
    assert [(each["run"], each["address"]) for each in missed] == [("r1", HARU)]


@pytest.mark.parametrize("form", ["--csv", "--json"])
def test_a_run_goes_elsewhere_with_pace_pause_and_position(publication: OnDisk, tmp_path: Path, form: str) -> None:
    settings = ("--every", "mon,thu", "--at", "07:30", "--timezone", "Asia/Tokyo")
    add(publication, *BY_FORM, *settings)
    done(publication, "deliver", "--now", SECOND)
    known = change(publication, "--pause")
    other = OnDisk.new(tmp_path / "other")
    other.publish(SECOND)
    (other.folder / "people").write_text(done(publication, "subscribers", "export", form), "utf-8")

    taken = [json.loads(done(other, "subscribers", "import", "people", "--now", AT_SIX, "--json")) for _ in range(2)]
    found = one(json.loads(done(other, "subscribers", "show", HARU, "--now", AT_SIX, "--json")))
    resumed = change(other, "--resume", now=AT_SIX)

    assert [(each["added"], each["unchanged"]) for each in taken] == [(1, 0), (0, 1)]
    for name in ("replay", "position", "consent", "status"):
        assert found[name] == known[name]
    assert comes(resumed) == [(2, "2026-11-29T22:30:00Z", False)]


@pytest.mark.parametrize(("position", "first"), [("", 1), ("1", 2)])
def test_a_row_with_a_start_is_a_replay_behind_what_was_had(publication: OnDisk, position: str, first: int) -> None:
    (publication.folder / "people.csv").write_text(
        f"address,consent_at,start,position,every\n{HARU},2026-11-01,2026-12-01,{position},day\n"
    )

    done(publication, "subscribers", "import", "people.csv", "--now", SECOND)

    found = one(json.loads(done(publication, "subscribers", "show", HARU, "--now", SECOND, "--json")))
    assert comes(found)[0] == (first, "2026-12-01T08:00:00Z", False)
    assert found["position"] == first - 1


def test_only_who_has_a_run_of_their_own_gets_links_that_set_its_pace(publication: OnDisk) -> None:
    add(publication, *BY_FORM)
    done(publication, "deliver", "--now", SECOND)

    (message,) = (publication.folder / "outbox").glob("*.eml")

    made = email.message_from_bytes(message.read_bytes())
    text = next(part for part in made.walk() if part.get_content_type() == "text/plain")
    links = re.findall(r"/pace/[\w-]{40}(?![\w-])", text.get_payload(decode=True).decode())  # type: ignore[union-attr]
    assert len(set(links)) == 5
