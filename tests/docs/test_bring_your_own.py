"""The page "Bring your own recap" tells the truth: its examples are read as it says."""

import json
import re
import shlex

import pytest

from cnddigest.cli.main import run
from cnddigest.recap import corrections, outline, source
from cnddigest.recap.export import exported
from conftest import ROOT

PAGE = (ROOT / "docs/how-to/bring-your-own-recap.md").read_text("utf-8")
FENCED = re.findall(r"^```(markdown|html|rst|text|toml)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
BLOCKS = dict(reversed(FENCED))  # the first of each kind
COMMANDS = sorted(set(re.findall(r"cnddigest outline [^\n`]+", PAGE)))
SAID = re.search(r"held at (.*?)come at (.*?)here", PAGE, re.DOTALL) or [""] * 3
HELD = re.findall(r"\d\d:\d\d", SAID[1])
SUFFIXES = {"markdown": "md", "html": "html", "rst": "rst", "text": "txt"}


def understood(form, *said):
    return outline.understood([source.decode(f"notes.{SUFFIXES[form]}", BLOCKS[form].encode())], said)


@pytest.mark.parametrize("form", SUFFIXES)
def test_the_example_of_each_format_is_read(form):
    recap = understood(form)

    assert recap.format == form
    assert recap.title
    assert all(session.prose for session in recap.sessions)
    assert [day.label for day in recap.days][:1] == ["1日目" if form == "text" else "Day 1"]


def test_the_example_has_speakers_a_time_and_a_page():
    first, second = understood("markdown").sessions

    assert (first.title, first.kind, first.starts_at) == ("Ten Years of Ports", "keynote", "10:00")
    assert (first.speakers, second.speakers) == (("Aoi Shima",), ("Ren Oki",))
    assert first.url == "https://event.example/talks/1"


def test_the_corrections_of_the_page_are_read_and_made():
    said = corrections.parse("notes.outline.toml", BLOCKS["toml"])

    recap = understood("markdown", said)

    assert recap.sessions[1].title == "Small queues, short waits"
    stale = [finding.message for finding in recap.findings if finding.rule == "stale-correction"]
    assert len(stale) == 1  # there are no lightning talks in this example


@pytest.fixture
def examples(tmp_path, monkeypatch):
    """A folder with the page's examples as the files its commands name."""
    (tmp_path / "recaps").mkdir()
    for name, form in (
        ("notes.md", "markdown"),
        ("page.html", "html"),
        ("day1.md", "markdown"),
        ("day2.md", "markdown"),
    ):
        (tmp_path / name).write_text(BLOCKS[form], "utf-8")
    (tmp_path / "FILE").write_text("title,room\nSmall Queues,Pier Hall\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_of_the_page_work(line, examples, capsys):
    arguments, _, target = line.partition(" > ")

    code = run(shlex.split(arguments)[1:])

    assert code == 0
    if target:
        recap = outline.understood([source.decode(target, capsys.readouterr().out.encode())])
        assert [session.title for session in recap.sessions] == ["Ten Years of Ports"]
    if "--write" in line:
        assert (examples / "notes.outline.toml").exists()


@pytest.mark.parametrize("form", SUFFIXES)
def test_an_export_of_the_example_reads_back(form):
    recap = understood(form)

    back = outline.understood([source.decode("clean.md", exported(recap).encode())])

    assert [session.title for session in back.sessions] == [session.title for session in recap.sessions]


def test_the_cadence_of_the_page_replays_the_hours_it_says(tmp_path, monkeypatch, capsys):
    talks = "".join(f"## {hour} Talk {n}\n\nThis is what was said, number {n}.\n\n" for n, hour in enumerate(HELD))
    (tmp_path / "harbour.md").write_text("# Harbour Days\n\n# Day 1\n\n" + talks, "utf-8")
    publication = '[publication]\ntitle = "x"\nbase_url = "https://x.example/"\nlanguage = "en"\ntimezone = "UTC"\n'
    serial = '[serials.harbour]\nrecap = "harbour.md"\n'
    (tmp_path / "cnddigest.toml").write_text(publication + serial + FENCED[-1][1], "utf-8")
    monkeypatch.chdir(tmp_path)

    run(["plan", "--json"])

    (plan,) = json.loads(capsys.readouterr().out)["serials"]
    assert [part["release_at"][11:16] for part in plan["parts"]] == re.findall(r"\d\d:\d\d", SAID[2])
