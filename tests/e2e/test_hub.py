"""A hub that is told, and one that tells: the program as a user starts it, and servers on loopback."""

import hashlib
import hmac
import http.client
import json
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from callbacks import Far, a_far_server, until
from commands import FIRST, SECOND, OnDisk
from served import Server, serving

TOPICS = [f"minato/{folder}{name}" for folder in ("", "sessions/") for name in ("rss.xml", "atom.xml", "feed.json")]
BASE = "https://recaps.example.org/"
KEY = "key"  # what pushes are signed with


@pytest.fixture
def disk(tmp_path: Path) -> OnDisk:
    return OnDisk.new(tmp_path / "publication")


@pytest.fixture
def far() -> Iterator[Far]:
    with a_far_server() as found:
        yield found


def web(disk: OnDisk, *lines: str) -> None:
    disk.configure("[serials.minato]", "\n".join(["[web]", *lines, "", "[serials.minato]"]))


def hangs(_: object) -> tuple[int, bytes]:
    time.sleep(20)
    return 200, b""


def told(far: Far) -> list[str]:
    return sorted(asked.form["hub.url"].removeprefix(BASE) for asked in far.asked)


def hub_asked(server: Server, **fields: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=20)
    with closing(connection):
        form = urlencode({f"hub.{name}": value for name, value in fields.items()})
        connection.request("POST", "/hub", form, {"content-type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_a_publish_tells_hubs_of_the_feeds_that_changed(disk: OnDisk, far: Far) -> None:
    web(disk, f'hubs = ["{far.url}"]')

    first = disk.publish(FIRST)
    again = disk.publish(FIRST)

    assert (first.code, again.code) == (0, 0)
    assert b"hubs were told of 6 feeds" in first.out
    assert told(far) == sorted(TOPICS)
    assert f'<atom:link href="{far.url}" rel="hub"/>'.encode() in disk.feeds()["minato/rss.xml"]


def test_json_of_a_publish_is_one_document_also_with_a_hub(disk: OnDisk, far: Far) -> None:
    web(disk, f'hubs = ["{far.url}"]')

    assert json.loads(disk.publish(FIRST, "--json").out)["schema"] == "cnddigest/publish/1"


def test_a_hub_that_is_not_there_fails_no_publish_and_is_a_problem_of_the_status(disk: OnDisk) -> None:
    web(disk, 'hubs = ["http://127.0.0.1:9/"]')

    published = disk.publish(FIRST)
    status = json.loads(disk.run("status", "--json", "--now", FIRST).out)

    assert published.code == 0
    assert "hub could not be told yet, connection refused: http://127.0.0.1:9/" in published.err
    assert status["problems"] == ["hub could not be told of 6 feeds, connection refused: http://127.0.0.1:9/"]


def test_a_hub_that_hangs_holds_a_publish_up_for_some_seconds_only(disk: OnDisk, far: Far) -> None:
    web(disk, f'hubs = ["{far.url}"]')
    far.answers = hangs
    began_at = time.monotonic()

    assert disk.publish(FIRST).code == 0
    assert time.monotonic() - began_at < 15


def test_a_folder_that_is_uploaded_first_is_announced_by_the_next_publish(disk: OnDisk, far: Far) -> None:
    web(disk, f'hubs = ["{far.url}"]')

    disk.publish(FIRST, "--no-announce")
    before = told(far)
    disk.publish(FIRST, "--dry-run")
    disk.publish(FIRST)

    assert (before, told(far)) == ([], sorted(TOPICS))


def test_a_publish_killed_while_it_tells_loses_no_announcement(disk: OnDisk, far: Far) -> None:
    web(disk, f'hubs = ["{far.url}"]')
    far.answers = hangs
    process = disk.start("publish", "--now", FIRST)
    until(lambda: far.asked)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    far.asked.clear()
    far.answers = lambda _: (204, b"")

    disk.publish("2026-11-25T03:02:00Z")

    assert told(far) == sorted(TOPICS)


def test_run_once_tells_hubs(disk: OnDisk, far: Far) -> None:
    web(disk, f'hubs = ["{far.url}"]')

    assert disk.run("run", "--once", "--now", FIRST).code == 0
    assert told(far) == sorted(TOPICS)


def test_two_schedulers_tell_a_hub_once(disk: OnDisk, far: Far) -> None:
    web(disk, f'hubs = ["{far.url}"]')
    both: list[subprocess.Popen[bytes]] = [disk.start("run", "--json") for _ in range(2)]
    try:
        until(lambda: len(far.asked) >= len(TOPICS))
        time.sleep(1)
    finally:
        for process in both:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)

    assert told(far) == sorted(TOPICS)


def test_a_reader_asks_is_asked_and_gets_what_is_new_signed(disk: OnDisk, far: Far) -> None:
    web(disk, "hub = true", "hub_private = true")
    disk.publish(FIRST)
    topic = f"{BASE}minato/atom.xml"
    with serving(disk, scheduler=True) as server:
        until(lambda: b"part-2" in disk.feeds()["minato/atom.xml"] or disk.feeds())
        said = hub_asked(server, mode="subscribe", topic=topic, callback=f"{far.url}in?a=1", secret=KEY)
        until(lambda: far.of("GET"))
        recap = disk.folder / "recaps/minato.md"
        time.sleep(0.5)
        recap.write_text(recap.read_text("utf-8").replace("二十年", "三十年"), "utf-8")
        hub_asked(server, mode="subscribe", topic=topic, callback=f"{far.url}in?a=1", secret=KEY)  # wakes it
        until(lambda: far.of("POST"))

    assert said[0] == 202
    assert far.of("GET")[0].query["hub.lease_seconds"] == "864000"
    pushed = far.of("POST")[-1]
    assert pushed.body == disk.feeds()["minato/atom.xml"]
    signature = hmac.new(KEY.encode(), pushed.body, hashlib.sha256).hexdigest()
    assert pushed.headers["x-hub-signature"] == f"sha256={signature}"
    assert pushed.headers["link"] == f'<{BASE}hub>; rel="hub", <{topic}>; rel="self"'
    assert pushed.headers["content-type"] == "application/atom+xml; charset=utf-8"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"mode": "publish", "url": f"{BASE}minato/atom.xml"}, 400),
        ({"mode": "subscribe", "topic": "x", "callback": "https://reader.example.net/"}, 400),
        ({"mode": "subscribe", "topic": f"{BASE}minato/atom.xml", "callback": "javascript:alert(1)"}, 400),
        ({"mode": "subscribe", "topic": f"{BASE}minato/atom.xml", "callback": "http://[::1/"}, 400),
        ({"mode": "subscribe", "topic": "x" * 20_000}, 413),
    ],
)
def test_a_senseless_wish_is_an_answer_and_no_fault(disk: OnDisk, fields: dict[str, str], status: int) -> None:
    web(disk, "hub = true")
    disk.publish(FIRST)

    with serving(disk) as server:
        assert hub_asked(server, **fields)[0] == status


def test_one_network_asks_so_often(disk: OnDisk) -> None:
    web(disk, "hub = true")
    disk.publish(FIRST)

    with serving(disk) as server:
        statuses = [hub_asked(server, mode="x")[0] for _ in range(110)]

    assert set(statuses) == {400, 429}


def test_without_the_setting_there_is_no_hub(disk: OnDisk) -> None:
    disk.publish(FIRST)

    with serving(disk) as server:
        assert hub_asked(server, mode="subscribe")[0] == 405
        assert server.ask("/hub").status == 404


def test_secrets_and_callbacks_stay_in_the_record(disk: OnDisk, far: Far) -> None:
    web(disk, "hub = true", "hub_private = true")
    disk.publish(FIRST)
    with serving(disk) as server:
        topic = f"{BASE}minato/rss.xml"
        status, _ = hub_asked(server, mode="subscribe", topic=topic, callback=f"{far.url}in", lease_seconds="1")
    disk.run("run", "--once", "--now", SECOND)

    with closing(sqlite3.connect(disk.record)) as record:
        rows = record.execute("select url, host from callback").fetchall()
    assert status == 202
    assert rows == [(f"{far.url}in", urlsplit(far.url).hostname)]


def test_doctor_asks_whether_hubs_are_there_and_tells_them_nothing(disk: OnDisk, far: Far) -> None:
    web(disk, f'hubs = ["{far.url}", "http://127.0.0.1:9/"]', "hub = true")

    checks = json.loads(disk.run("doctor", "--json").out)["checks"]

    found = [(each["name"], each["state"]) for each in checks if "hub" in each["name"]]
    assert found == [("hub", "ok"), ("hub", "look"), ("own hub", "look")]
    assert [asked.method for asked in far.asked] == ["GET"]
