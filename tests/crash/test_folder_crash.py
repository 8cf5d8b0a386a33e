"""Ended anywhere while it writes into a folder, everybody gets a message once, and nobody is left in doubt."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import FIRST, OnDisk

pytestmark = pytest.mark.slow

PEOPLE = 300
LATER = "2026-11-25T03:11:00Z"  # than a lease lasts
POINTS = ("claimed", "before-step", "after-step", "staged", "before-place", "placed")
HERE = Path(__file__).parent
KILLS = int(os.environ.get("CNDDIGEST_KILLS", "5"))  # at random moments; `make crash` takes a thousand
MAIL = '\n[mail]\nfrom = "Recaps <recaps@example.org>"\n'
ENDINGS = [(signal.SIGTERM, 143), (signal.SIGINT, 130)]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    """A publication whose first Part is out and queued for everybody."""
    publication = OnDisk.new(tmp_path_factory.mktemp("released") / "publication")
    publication.configuration.write_text(publication.configuration.read_text("utf-8") + MAIL, "utf-8")
    people = "\n".join(f"reader{n}@example.net,2026-11-01T00:00:00Z,form" for n in range(PEOPLE))
    (publication.folder / "people.csv").write_text(f"address,consent_at,consent_source\n{people}\n", "ascii")
    imported = publication.run("subscribers", "import", "people.csv", "--now", FIRST)
    assert imported.code == 0, imported.err
    published = publication.publish(FIRST, "--no-deliver")
    assert published.code == 0, published.err
    return publication


@pytest.fixture
def publication(released: OnDisk, tmp_path: Path) -> OnDisk:
    return released.copy(tmp_path / "publication")


def ended(publication: OnDisk, number: signal.Signals, *command: str, after: int) -> "subprocess.Popen[bytes]":
    """Start a command and send it a signal after it wrote so many messages."""
    process = publication.start(*command, "--json", "--now", FIRST)
    until(lambda: len(written(publication)) >= after or process.poll() is not None)
    process.send_signal(number)
    return process


def written(publication: OnDisk) -> set[str]:
    return {path.name for path in (publication.folder / "outbox").glob("*.eml")}


def left(publication: OnDisk) -> list[Path]:
    return list((publication.folder / "outbox" / ".cnddigest-staging").glob("*"))


def account(publication: OnDisk, now: str = FIRST) -> Counter[str]:
    found = publication.run("deliveries", "--json", "--now", now)
    return Counter(line["status"] for line in json.loads(found.out)["deliveries"])


def until(holds: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it never happens")


@pytest.mark.parametrize("command", ["deliver", "publish"])
@pytest.mark.parametrize(("number", "code"), ENDINGS)
def test_asked_to_stop_it_says_how_far_it_came_and_leaves_nobody_in_doubt(
    publication: OnDisk, number: signal.Signals, code: int, command: str
) -> None:
    process = ended(publication, number, command, after=20)
    out, err = process.communicate(timeout=30)

    report = json.loads(out)
    report = report.get("delivery", report)
    assert (process.returncode, err) == (code, b"")
    assert account(publication) == {"sent": len(written(publication)), "queued": PEOPLE - len(written(publication))}
    assert (report["sent"], report["queued"]) == (len(written(publication)), PEOPLE - len(written(publication)))
    assert left(publication) == []


def test_asked_twice_it_ends_at_once_and_leaves_nobody_in_doubt(publication: OnDisk) -> None:
    process = ended(publication, signal.SIGINT, "deliver", after=20)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)

    found = account(publication)

    assert process.returncode == 130
    assert found == {"sent": len(written(publication)), "queued": PEOPLE - len(written(publication))}
    assert left(publication) == []


def gone_on(publication: OnDisk) -> dict[str, int]:
    done = publication.run("deliver", "--json", "--now", LATER)
    assert (done.code, done.err) == (0, "")
    found: dict[str, int] = json.loads(done.out)
    return found


@pytest.mark.parametrize("in_doubt", ["resend", "hold"])
@pytest.mark.parametrize("number", [1, 5])
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_everybody_gets_it_once_and_nobody_is_in_doubt(
    publication: OnDisk, point: str, number: int, in_doubt: str
) -> None:
    publication.configure("[mail]\n", f'[mail]\nin_doubt = "{in_doubt}"\n')
    dying = [sys.executable, str(HERE / "dying_mail.py"), point, str(number), "deliver", "--now", FIRST]
    died = subprocess.run(dying, cwd=publication.folder, check=False, timeout=30)
    before = {name: (publication.folder / "outbox" / name).stat().st_ino for name in written(publication)}

    report = gone_on(publication)

    after = {name: (publication.folder / "outbox" / name).stat().st_ino for name in before}
    assert died.returncode == -signal.SIGKILL
    assert before == after, "written twice"
    assert account(publication, LATER) == {"sent": PEOPLE}
    assert report["in_doubt"] == 0
    assert len(written(publication)) == PEOPLE
    assert left(publication) == []


def doubted(publication: OnDisk) -> list[str]:
    found = publication.run("deliveries", "--doubted", "--json", "--now", LATER)
    return [line["status"] for line in json.loads(found.out)["deliveries"]]


def problems(publication: OnDisk) -> list[str]:
    found: list[str] = json.loads(publication.run("status", "--json", "--now", LATER).out)["problems"]
    return found


def test_who_may_get_a_message_twice_is_named_listed_and_told_by_status(publication: OnDisk) -> None:
    dying = [sys.executable, str(HERE / "dying_mail.py"), "placed", "5", "deliver", "--now", FIRST]
    subprocess.run(dying, cwd=publication.folder, check=False, timeout=30)
    for path in (publication.folder / "outbox").glob("*.eml"):
        path.unlink()  # somebody took them, so nobody can see whether the last one was there

    done = publication.run("deliver", "--limit", "1", "--json", "--now", LATER)
    waiting = doubted(publication), problems(publication)
    asked = publication.run("resend", "--part", "1", "--in-doubt", "--json", "--now", LATER)
    gone_on(publication)

    assert json.loads(done.out)["in_doubt"] == 1
    assert done.err.count("may have arrived") == 1
    assert waiting == (["deferred"], ["1 in doubt, to be sent again: minato"])
    assert json.loads(asked.out)["queued"] == 1
    assert (doubted(publication), problems(publication)) == (["sent"], [])
    assert account(publication, LATER) == {"sent": PEOPLE}


@pytest.mark.timeout(300 + 5 * KILLS)
def test_killed_at_random_moments_everybody_gets_it_once(released: OnDisk, tmp_path: Path) -> None:
    chance = random.Random(20_221_121)
    for number in range(KILLS):
        publication = released.copy(tmp_path / str(number))
        process = ended(publication, signal.SIGKILL, "deliver", after=chance.randrange(1, 200))
        process.communicate(timeout=30)

        report = gone_on(publication)

        assert report["in_doubt"] == 0
        assert account(publication, LATER) == {"sent": PEOPLE}
        assert len(written(publication)) == PEOPLE
        assert left(publication) == []
