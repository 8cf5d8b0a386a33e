"""The publisher's pages, asked in this process: what they say was done, they did."""

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from cnddigest.ports.watch import Health
from commands import SLUG
from visitors import HARU, Visitors, a_publication, text, visiting

HERE = {"host": "localhost"}
TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')
DONE = "Part 2 goes out now."


@pytest.fixture
def visitors(tmp_path: Path) -> Iterator[Visitors]:
    with visiting(a_publication(tmp_path / "publication", more='\n[web]\nadmin = "write"\n')) as found:
        yield found


def get(visitors: Visitors, path: str, language: str = "en") -> httpx.Response:
    return visitors.get(path, client="127.0.0.1", headers=HERE | {"accept-language": language})


def ask(visitors: Visitors, deed: str, **fields: str) -> httpx.Response:
    """Press a button; `sure` is the one that says yes."""
    token = TOKEN.search(get(visitors, "/admin/person").text)
    assert token
    form = {"do": deed, "serial": SLUG, "token": token[1], **fields}
    return visitors.post("/admin/deed", form, client="127.0.0.1", headers=HERE | {"accept-language": "en"})


def do(visitors: Visitors, deed: str, **fields: str) -> str:
    """Do it, and return where that leads."""
    answer = ask(visitors, deed, sure="yes", **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].replace("./", "/admin/")


def release(visitors: Visitors, part: str = "2") -> str:
    """Release a Part, and return where that leads."""
    return do(visitors, "release", part=part)


def test_what_was_done_is_said_and_for_some_minutes(visitors: Visitors) -> None:
    place = release(visitors)

    told = [get(visitors, place)]
    visitors.now += dt.timedelta(minutes=11)
    told.append(get(visitors, place))

    assert [DONE in text(page) for page in told] == [True, False]


@pytest.mark.parametrize("forged", ["?done=release&n=2", "?done=release+2", "?done=release+2&sign=00", "?done=nothing"])
def test_no_link_says_that_something_was_done(visitors: Visitors, forged: str) -> None:
    page = get(visitors, f"/admin/{forged}")

    assert page.status_code == 200
    assert text(page) == text(get(visitors, "/admin/"))


def test_what_was_said_of_one_deed_is_not_said_of_another(visitors: Visitors) -> None:
    place = release(visitors)

    page = get(visitors, place.replace("release+2", "release+3"))

    assert "release+2" in place
    assert "goes out now" not in text(page)


@pytest.mark.parametrize("deeds", [["hold"], ["hold", "unhold"]])
def test_who_holds_or_resumes_leaves_no_page_as_it_was(visitors: Visitors, deeds: list[str]) -> None:
    for count, deed in enumerate(deeds, 1):
        do(visitors, deed)

        assert visitors.nudges == count


def test_what_is_wrong_is_said_in_the_readers_language_and_what_an_error_said_is_marked(visitors: Visitors) -> None:
    with closing(visitors.opened.watch()) as watch:
        now = visitors.now
        watch.hold("other", now=now, until=now + dt.timedelta(minutes=1))
        watch.knocked("other", Health(until=now, knocked_at=now, problem="outbox is no folder"))

    page = get(visitors, "/admin/", "ja").text

    assert 'スケジューラーが処理に失敗しています： <span lang="en">outbox is no folder</span>' in page
    assert "scheduler could not" not in page


def test_what_is_asked_names_the_serial_by_its_title_and_a_hold_by_its_name(visitors: Visitors) -> None:
    plain = text(ask(visitors, "release", part="2"))
    do(visitors, "hold")

    held = text(ask(visitors, "release", part="2"))

    assert "Part 2 of 港の会議 2026 まとめ goes out now" in plain
    assert "on hold" not in plain
    assert "港の会議 2026 まとめ is on hold. Part 2 goes out now all the same" in held


def test_where_nothing_is_left_to_hold_the_pages_say_so(visitors: Visitors) -> None:
    do(visitors, "hold")
    release(visitors)
    visitors.opened.publish(now=visitors.now, progress=lambda *_: None)

    page, question = text(get(visitors, "/admin/")), text(ask(visitors, "unhold"))

    assert "One that is added later stays on hold until you resume." in page
    assert "On hold since" not in page
    assert "Resume releases" in page
    assert "nothing comes now" in question


def test_a_person_is_told_of_in_the_publishers_language(visitors: Visitors) -> None:
    visitors.enrol()
    visitors.join()
    token = TOKEN.search(get(visitors, "/admin/person").text)
    assert token

    page = text(
        visitors.post(
            "/admin/person",
            {"address": HARU, "token": token[1]},
            client="127.0.0.1",
            headers=HERE | {"accept-language": "ja"},
        )
    )

    assert "登録済みのお知らせ" in page
    assert "確認メール" not in page


def test_what_nothing_can_be_done_about_is_called_no_task(visitors: Visitors) -> None:
    visitors.enrol(own=False)
    release(visitors)
    visitors.opened.publish(now=visitors.now, progress=lambda *_: None)
    with closing(sqlite3.connect(visitors.settings.record)) as db:
        for status in ("claimed", "sending"):
            db.execute("update delivery set status = ?, lease = 1", [status])
        db.execute("update delivery set status = 'failed', lease = null")
        db.commit()

    page = text(get(visitors, "/admin/"))

    assert "Nothing needs your attention." in page
    assert "1 not delivered" in page
    assert "to check" not in page
