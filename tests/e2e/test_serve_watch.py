"""`/healthz` and `/metrics` as machines meet them."""

import json
import sqlite3
from contextlib import closing

import pytest
from prometheus_client.parser import text_string_to_metric_families

from commands import FIRST, OnDisk
from served import serving

pytestmark = pytest.mark.slow

TOKEN = "a-token-of-some-length"  # noqa: S105  nobody's
LATER = "2026-11-25T03:30:00Z"
WHO = ["haru@example.net", "--serial", "minato", "--confirmed", "--consent-source", "desk", "--now", FIRST]


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> OnDisk:
    disk = OnDisk.new(tmp_path_factory.mktemp("watch") / "publication")
    assert disk.run("subscribers", "add", *WHO).code == 0
    assert disk.publish(FIRST).code == 0
    (disk.folder / "token").write_text(f"{TOKEN}\n")
    with disk.configuration.open("a") as file:
        file.write('\n[web]\nmetrics_token_file = "token"\n')
    return disk


@pytest.fixture(scope="module")
def server(publication):
    with serving(publication, "--now", LATER) as found:
        yield found


def figures(text: bytes) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(text.decode())
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


def test_metrics_say_what_is_out_who_listens_and_what_was_sent(server):
    found = server.ask("/metrics")

    values = figures(found.body)
    assert found.status == 200
    assert values["cnddigest_record_up",] == 1
    assert values["cnddigest_parts", "minato"] == 2
    assert values["cnddigest_parts_released", "minato"] == 1
    assert values["cnddigest_subscriptions", "minato", "active"] == 1
    assert values["cnddigest_deliveries", "minato", "sent"] == 1
    assert values["cnddigest_mail_waiting_seconds",] == 0
    assert ("process_resident_memory_bytes",) in values
    assert b"haru" not in found.body


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"},
        {"authorization": "Bearer x"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": f"Basic {TOKEN}", "x_real_ip": "10.0.0.1"},
    ],
)
def test_metrics_are_not_for_strangers(server, headers):
    found = server.ask("/metrics", **headers)

    assert (found.status, found.headers["www-authenticate"]) == (401, 'Bearer realm="metrics"')
    assert b"cnddigest_" not in found.body


def test_metrics_say_what_came_in(publication):
    with serving(publication, "--now", LATER) as server:
        server.ask("/bounces", "POST", b"{}")

        values = figures(server.ask("/metrics").body)

    assert values["cnddigest_returned_total", "refused", ""] == 1
    assert values["cnddigest_searches_waiting",] == 0


def test_metrics_name_the_hubs_that_can_not_be_told(publication, tmp_path):
    disk = publication.copy(tmp_path / "copy")
    hub = "https://hub.example.org/"
    text = disk.configuration.read_text().replace("\n[web]\n", f'\n[web]\nhubs = ["{hub}"]\n')
    disk.configuration.write_text(text)
    with closing(sqlite3.connect(disk.record)) as db, db:
        db.execute(
            "insert into announcement (hub, path, tried, attempts, due_at, problem) "
            "select ?, path, mtime_ns, 9, null, 'refused' from file where path like 'minato/%.xml' limit 2",
            (hub,),
        )

    with serving(disk, "--now", LATER) as server:
        values = figures(server.ask("/metrics").body)

    assert values["cnddigest_hub_failing_feeds", hub] == 2
    assert values["cnddigest_hub_waiting_feeds", hub] >= 2


def test_a_token_opens_the_metrics_through_a_proxy(server):
    found = server.ask("/metrics", x_forwarded_for="192.0.2.1", authorization=f"Bearer {TOKEN}")

    assert found.status == 200


def test_a_publication_in_order_is_healthy(server):
    found = server.ask("/healthz", x_forwarded_for="192.0.2.1")

    assert (found.status, found.headers["content-type"]) == (200, "application/json")
    assert json.loads(found.body) == {
        "schema": "cnddigest/health/1",
        "status": "ok",
        "problems": [],
        "knocked_at": None,
    }


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("knocked_at", 1_700_000_000_000_000, "the scheduler is silent"),
        ("problem", "no space left: /srv/recaps", "the scheduler could not do its work"),
    ],
)
def test_a_scheduler_that_is_silent_or_fails_is_unhealthy_and_strangers_read_no_path(
    publication, tmp_path, column, value, problem
):
    disk = publication.copy(tmp_path / "copy")
    with closing(sqlite3.connect(disk.record)) as db, db:
        now = 1_764_041_400_000_000 + 365 * 86_400_000_000  # LATER
        db.execute("insert into watch (id, holder, until, knocked_at) values (1, 'somebody', ?, ?)", (now, now))
        db.execute(f"update watch set {column} = ?", (value,))  # noqa: S608  a name of ours

    with serving(disk, "--now", LATER) as server:
        found = server.ask("/healthz")

    assert (found.status, json.loads(found.body)["problems"]) == (503, [problem])
    assert b"/srv" not in found.body


def test_a_record_that_is_away_is_unhealthy_and_the_metrics_say_so(publication, tmp_path):
    disk = publication.copy(tmp_path / "copy")

    with serving(disk, "--now", LATER) as server:
        disk.record.rename(tmp_path / "elsewhere")
        health, metrics = server.ask("/healthz"), server.ask("/metrics")

    assert (health.status, json.loads(health.body)["problems"]) == (503, ["the record can't be read"])
    assert figures(metrics.body)["cnddigest_record_up",] == 0
    assert not disk.record.exists()


def test_a_secret_that_was_replaced_is_unhealthy_and_told_once_and_strangers_read_no_path(publication, tmp_path):
    disk = publication.copy(tmp_path / "copy")

    with serving(disk, "--now", LATER) as server:
        (disk.folder / "secret").write_text("f" * 64)
        pages = [server.ask(f"/preferences/{number * 40}") for number in "abc"]
        health = server.ask("/healthz")
        server.stop()
        said = server.said()

    assert [page.status for page in pages] == [503] * 3
    assert (health.status, json.loads(health.body)["problems"]) == (
        503,
        ["the secret is not one that the record was used with"],
    )
    assert said.count("secret is not the one that this record was used with") == 1


def test_a_secret_that_was_replaced_is_refused_at_the_start(publication, tmp_path):
    disk = publication.copy(tmp_path / "copy")
    (disk.folder / "secret").write_text("f" * 64)

    done = disk.run("serve", "--bind", "127.0.0.1:0")

    assert done.code == 2
    assert "error: secret is not the one that this record was used with" in done.err
    assert "serving" not in done.err


def test_only_reading_is_allowed(server):
    assert {server.ask(path, "POST").status for path in ("/healthz", "/metrics")} == {405}


def test_a_token_that_can_be_guessed_is_refused_at_the_start(publication, tmp_path):
    disk = publication.copy(tmp_path / "copy")
    (disk.folder / "token").write_text("short\n")

    done = disk.run("serve", "--no-scheduler", "--bind", "127.0.0.1:0")

    assert done.code == 2
    assert done.err.splitlines()[-2].startswith("error: metrics token is empty or too short: ")
