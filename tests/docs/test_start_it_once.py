"""The page about the scheduler tells the truth: systemd takes its units, and its events are those there are."""

import re
import subprocess
from pathlib import Path

from conftest import ROOT

PAGE = (ROOT / "docs/how-to/start-it-once.md").read_text("utf-8")
SOURCE = (ROOT / "src/cnddigest/scheduler.py").read_text("utf-8")


def units() -> dict[str, str]:
    """Return the files of the page: each is named in the text before it."""
    found = re.findall(r"`/etc/systemd/system/([\w.-]+)`[^`]*```ini\n(.*?)```", PAGE, re.DOTALL)
    return dict(found)


def test_the_page_has_a_service_and_a_timer():
    assert set(units()) == {"cnddigest.service", "cnddigest-once.service", "cnddigest-once.timer"}


def test_systemd_takes_the_units(tmp_path: Path, program):
    verify = program("systemd-analyze")
    paths = [tmp_path / name for name in units()]
    for path in paths:
        # The program lies elsewhere here, and nobody has that name.
        text = units()[path.name].replace("/usr/local/bin/cnddigest", "/bin/true").replace("User=cnddigest\n", "")
        path.write_text(text, "utf-8")

    done = subprocess.run([verify, "verify", *paths], capture_output=True, text=True, check=False)

    about_ours = [line for line in done.stderr.splitlines() if "cnddigest" in line]
    assert (done.returncode, about_ours) == (0, [])


def test_the_page_names_every_event_there_is():
    told = set(
        re.findall(r'"((?:scheduler|part|files|recap|replays|subscriptions|mail|delivery|clock|knock)\.\w+)"', SOURCE)
    )

    explained = set(re.findall(r"`(\w+\.\w+)`", PAGE.partition("| event |")[2]))

    assert told == explained
