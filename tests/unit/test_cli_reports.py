"""`plan`, `publish` and `status`: what is asked of a publication, and how its answers are shown."""

import datetime as dt
import json
import sys
from contextlib import contextmanager
from types import ModuleType

import pytest

from builders import NOON
from cnddigest.cli.main import run
from cnddigest.recap.model import Finding
from cnddigest.usecases.problem import Kind, Problem
from cnddigest.usecases.report import (
    Built,
    NextLine,
    PlannedPart,
    PublishReport,
    ReleasedLine,
    Remark,
    SerialPlan,
    SerialStatus,
    Status,
)

AT = "2026-11-25T12:00:00+09:00"
TOMORROW = NOON + dt.timedelta(hours=20)
CONFIGURATION = """\
[publication]
title = "会議録の再放送"
base_url = "https://recaps.example.org/"
language = "ja"
timezone = "Asia/Tokyo"
[serials.minato]
recap = "minato.md"
"""


class FakePublication:
    """Answers as a publication does, and remembers what it was asked."""

    mail_waits = False

    def __init__(self) -> None:
        self.asked: dict[str, object] = {}
        self.remarks: tuple[Remark, ...] = ()
        self.next: NextLine | None = NextLine(serial="minato", part=2, release_at=TOMORROW)
        self.released = (ReleasedLine(serial="minato", part=1, title="1日目 – 港の会議", release_at=NOON),)
        self.serials = ("minato",)

    def advance(self, **_):
        return 0

    def publish(self, **asked):
        asked.pop("progress")("rendering", 1, 1)
        self.asked = asked
        return PublishReport(
            now=asked["now"],
            dry_run=asked["dry_run"],
            released=self.released,
            files=Built(written=("index.html", "minato/rss.xml"), removed=("old.html",), unchanged=7),
            next=self.next,
            remarks=self.remarks,
        )

    def plan(self, **asked):
        self.asked = asked
        parts = tuple(
            PlannedPart(
                number=number,
                id=f"part-{number}",
                title=f"{number}日目 – 港の会議",
                day=f"{number}日目",
                sessions=("talk-a", "talk-b"),
                release_at=NOON + dt.timedelta(hours=20 * (number - 1)),
                released_at=NOON if number == 1 else None,
            )
            for number in (1, 2, 3)
        )
        return tuple(
            SerialPlan(serial=name, title="港の会議", timezone="Asia/Tokyo", start="first-publish", parts=parts)
            for name in self.serials
        )

    def status(self, *, now):
        line = SerialStatus(serial="minato", title="港の会議", total=3, released=1, next=self.next)
        return Status(now=now, serials=(line,), problems=(Problem(kind=Kind.FAILING, detail="recap is gone"),))


@pytest.fixture
def publication(tmp_path, monkeypatch):
    """A folder with a configuration, opened as the fake."""
    found = FakePublication()

    @contextmanager
    def open_publication(_):
        yield found

    wiring = ModuleType("cnddigest.wiring")
    wiring.open_publication = open_publication  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cnddigest.wiring", wiring)
    monkeypatch.setattr("cnddigest.wiring", wiring, raising=False)
    (tmp_path / "cnddigest.toml").write_text(CONFIGURATION, "utf-8")
    monkeypatch.chdir(tmp_path)
    return found


@pytest.mark.usefixtures("publication")
def test_publish_as_json_is_the_shape_others_rely_on(capsys):
    code = run(["publish", "--json", "--now", AT])

    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert json.loads(out) == {
        "schema": "cnddigest/publish/1",
        "now": "2026-11-25T03:00:00Z",
        "dry_run": False,
        "released": [
            {
                "serial": "minato",
                "part": 1,
                "title": "1日目 – 港の会議",
                "release_at": "2026-11-25T03:00:00Z",
                "deliveries": 0,
            }
        ],
        "files": {"written": ["index.html", "minato/rss.xml"], "removed": ["old.html"], "unchanged": 7},
        "delivery": {"sent": 0, "deferred": 0, "failed": 0, "suppressed": 0, "in_doubt": 0, "queued": 0},
        "next": {"serial": "minato", "part": 2, "release_at": "2026-11-25T23:00:00Z"},
    }


def test_publish_passes_on_what_was_asked(publication):
    run(["publish", "--serial", "minato", "--all", "--dry-run", "--no-deliver", "--now", AT])

    assert publication.asked == {"serial": "minato", "everything": True, "dry_run": True, "now": NOON}


def test_publish_asks_for_all_serials_and_the_present_unless_told(publication):
    run(["publish"])

    assert publication.asked["serial"] is None
    assert publication.asked["now"].tzinfo is dt.UTC


@pytest.mark.usefixtures("publication")
def test_publish_tells_what_went_out_what_was_written_where_to_look_and_what_comes(capsys, tmp_path):
    run(["publish", "--now", AT])

    assert capsys.readouterr().out.splitlines() == [
        "released minato, part 1: 1日目 – 港の会議",
        "wrote 2 files, 7 unchanged",
        f"open {tmp_path}/feeds/minato/index.html",
        "next: minato, part 2 on Thu 2026-11-26 08:00 JST (in 20 hours)",
    ]


def test_publish_says_when_there_was_nothing_and_when_all_is_out(publication, capsys):
    publication.released, publication.next = (), None

    code = run(["publish"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0] == "nothing new is due"
    assert lines[-1] == "all is out"


@pytest.mark.usefixtures("publication")
def test_a_dry_run_does_not_claim_to_have_done_anything(capsys):
    run(["publish", "--dry-run"])

    out = capsys.readouterr().out
    assert "would release minato, part 1" in out
    assert "would write 2 files" in out
    assert "open " not in out


@pytest.mark.usefixtures("publication")
def test_a_verbose_publish_lists_every_file(capsys):
    run(["publish", "-v"])

    out = capsys.readouterr().out
    assert "  + minato/rss.xml\n" in out
    assert "  - old.html\n" in out


def test_a_quiet_publish_says_nothing(publication, capsys):
    publication.remarks = (remark("warning"),)

    run(["publish", "-q"])

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("severity", "options", "shown"),
    [("warning", [], True), ("error", ["--json"], True), ("info", [], False), ("info", ["-v"], True)],
)
def test_findings_are_talk_with_file_and_line(publication, capsys, severity, options, shown):
    publication.remarks = (remark(severity),)

    run(["publish", *options])

    line = f"{severity}: the talk is repeated: minato.md:12\n"
    assert capsys.readouterr().err == (line if shown else "")


def remark(severity):
    finding = Finding(rule="duplicate-session", severity=severity, line=12, message="the talk is repeated")
    return Remark(about="minato.md", finding=finding)


@pytest.mark.parametrize("command", ["publish", "plan"])
def test_a_serial_that_is_none_is_told_before_anything_is_done(publication, capsys, command):
    code = run([command, "--serial", "minatto"])

    assert code == 2
    assert capsys.readouterr().err == "error: no such serial: minatto\nhint: did you mean minato?\n"
    assert publication.asked == {}


@pytest.mark.usefixtures("publication")
def test_plan_as_json_is_the_shape_others_rely_on(capsys):
    run(["plan", "--json", "--now", AT])

    plan = json.loads(capsys.readouterr().out)
    assert list(plan) == ["schema", "serials"]
    assert plan["schema"] == "cnddigest/plan/1"
    assert list(plan["serials"][0]) == ["serial", "title", "timezone", "start", "parts"]
    assert plan["serials"][0]["parts"][1] == {
        "number": 2,
        "id": "part-2",
        "title": "2日目 – 港の会議",
        "day": "2日目",
        "sessions": ["talk-a", "talk-b"],
        "release_at": "2026-11-25T23:00:00Z",
        "released_at": None,
    }


@pytest.mark.usefixtures("publication")
def test_plan_is_a_table_in_local_time(capsys):
    run(["plan", "--now", AT])

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["minato  港の会議", "1 of 3 out, times of Asia/Tokyo", ""]
    assert lines[4].split() == ["1", "Wed", "2026-11-25", "12:00", "2", "out", "1日目", "–", "港の会議"]
    assert "in 20 hours" in lines[5]
    assert lines[6].split()[:4] == ["3", "Fri", "2026-11-27", "04:00"]


@pytest.mark.usefixtures("publication")
def test_an_overdue_part_is_called_due(capsys):
    run(["plan", "--now", "2026-12-01T00:00:00Z"])

    assert capsys.readouterr().out.count(" due ") == 2


@pytest.mark.usefixtures("publication")
def test_plan_is_an_icalendar_on_request(capsysbinary):
    run(["plan", "--ics"])

    out = capsysbinary.readouterr().out
    assert out.startswith(b"BEGIN:VCALENDAR\r\n")
    assert out.count(b"BEGIN:VEVENT") == 3
    assert b"UID:part-2.main.minato@recaps.example.org" in out
    assert "SUMMARY:2日目 – 港の会議".encode() in out


@pytest.mark.usefixtures("publication")
def test_two_formats_at_once_are_wrong_use(capsys):
    assert run(["plan", "--ics", "--json"]) == 2
    assert capsys.readouterr().out == ""


def test_one_calendar_is_of_one_serial(publication, capsys):
    publication.serials = ("minato", "sora")

    code = run(["plan", "--ics"])

    assert code == 2
    assert capsys.readouterr() == (
        "",
        "error: one calendar for several serials: minato, sora\nhint: choose one with --serial\n",
    )


@pytest.mark.usefixtures("publication")
def test_status_as_json_is_the_shape_others_rely_on(capsys):
    run(["status", "--json", "--now", AT])

    assert json.loads(capsys.readouterr().out) == {
        "schema": "cnddigest/status/1",
        "now": "2026-11-25T03:00:00Z",
        "serials": [
            {
                "serial": "minato",
                "title": "港の会議",
                "parts": {"total": 3, "released": 1},
                "next": {"part": 2, "release_at": "2026-11-25T23:00:00Z"},
                "subscriptions": {"pending": 0, "active": 0, "ended": 0},
                "replays": 0,
                "deliveries": {},
            }
        ],
        "problems": ["scheduler could not do its work: recap is gone"],
    }


@pytest.mark.usefixtures("publication")
def test_status_says_how_far_each_serial_is_and_problems_are_talk(capsys):
    run(["status", "--now", AT])

    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "minato  港の会議",
        "  1 of 3 out, next part 2 on Thu 2026-11-26 08:00 JST (in 20 hours)",
    ]
    assert err == "problem: scheduler could not do its work: recap is gone\n"


def test_status_says_when_all_is_out(publication, capsys):
    publication.next = None

    run(["status"])

    assert "  all 3 out\n" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["publish", "plan", "status"])
@pytest.mark.usefixtures("publication")
def test_without_a_configuration_nothing_is_opened(capsys, tmp_path, command):
    (tmp_path / "cnddigest.toml").unlink()

    code = run([command])

    assert code == 2
    assert capsys.readouterr().err.startswith("error: no configuration: cnddigest.toml\nhint: ")
