"""The reference tells the truth: it is current, its settings are read, its commands run."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest

import reference
from cnddigest.cli.catalogue import COMMANDS, EXAMPLE
from cnddigest.config import load
from cnddigest.config.schema import SCHEMA
from conftest import ROOT

ENDLESS = {"preview", "serve"}  # until a signal comes; tests/e2e starts them


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A copy of the project's own publication, with people and files called as in the examples."""
    folder = tmp_path_factory.mktemp("published") / "publication"
    folder.mkdir()
    shutil.copy(ROOT / "cnddigest.toml", folder)
    shutil.copytree(ROOT / "recaps", folder / "recaps")
    shutil.copy(ROOT / "recaps" / "cndt2022.md", folder / "notes.md")
    (folder / "people.csv").write_text(
        "address,consent_at,consent_source\nnatsu@example.net,2026-11-01T00:00:00Z,form\n"
    )
    (folder / "returned.eml").write_text(
        "From: MAILER-DAEMON@example.net\nSubject: Undelivered\n\nno such user\n", "ascii"
    )
    ended = run_in(folder, "cnddigest subscribers add haru@example.net && cnddigest publish")
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.fixture
def publication(published, tmp_path):
    """Another one for each test."""
    return shutil.copytree(published, tmp_path / "publication")


def run_in(folder, command, said: str = ""):
    """Run a line of the documentation with this project's program."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": programs}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, input=said, capture_output=True, text=True, check=False
    )


SAID = {"admin-password": "correct horse battery\n"}  # what a command reads from its standard input


@pytest.mark.parametrize("page", ["commands.md", "configuration.md"])
def test_the_reference_is_current(page):
    written = (reference.FOLDER / page).read_text("utf-8")

    assert written == reference.pages()[page], "run scripts/reference"


def test_every_setting_of_the_reference_is_read(tmp_path):
    (tmp_path / "cnddigest.toml").write_text(reference.example(), "utf-8")

    settings = load(str(tmp_path / "cnddigest.toml"), {})

    assert settings.mail
    assert settings.mail.smtp
    assert settings.publication.serials[0].slug == "harbour"


def test_the_example_of_the_reference_has_every_setting():
    data = tomllib.loads(reference.example())

    for path, section in reference.sections(SCHEMA, ()):
        table: Any = data
        for name in path:
            table = table["harbour" if name == "NAME" else name]
        keys = set(table[0] if section.shape == "list" else table)
        assert keys >= {setting.name for setting in section.settings}


def test_every_default_is_a_value_that_could_stand_there():
    for _, section in reference.sections(SCHEMA, ()):
        for setting in section.settings:
            if setting.default is not None:
                setting.kind.read(setting.default)


@pytest.mark.parametrize(
    "name", [name for name in dict.fromkeys([*COMMANDS, *reference.leaves()]) if name not in ENDLESS]
)
def test_every_command_has_an_example_that_works(publication, name):
    found = re.findall(r"^\s*Example: (.+)$", reference.help_of(name), re.MULTILINE)

    ended = run_in(publication, found[0].replace("TOKEN", token(publication, name)), SAID.get(name, ""))

    assert len(found) == 1
    assert shlex.split(found[0])[: 1 + len(name.split())] == ["cnddigest", *name.split()]
    assert (ended.returncode, ended.stderr.count("error:")) == (0, 0)
    assert ended.stdout


def test_the_example_of_the_program_works(tmp_path):
    ended = run_in(tmp_path, EXAMPLE)

    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "harbour/feeds/index.html").is_file()


def token(publication, name):
    """Return what stands at the end of the link that a command is given."""
    if name not in {"subscribers confirm", "subscribers unsubscribe"}:
        return "TOKEN"
    shown = json.loads(run_in(publication, "cnddigest subscribers show haru@example.net --json").stdout)
    return shown["subscriptions"][0]["links"][name.split()[1]].rpartition("/")[2]


@pytest.mark.parametrize("name", reference.leaves())
def test_every_option_of_a_command_is_explained(name):
    command = reference.command_of(name)

    options = [param for param in command.params if isinstance(param, click.Option)]

    assert options
    assert all(option.help for option in options)


def test_every_variable_of_the_environment_is_in_the_reference():
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))

    used = set(re.findall(r"\"(CNDDIGEST_[A-Z_]+)\"", sources))

    assert used == {name for name in reference.VARIABLES if name.startswith("CNDDIGEST")}


@pytest.mark.parametrize("shell", reference.COMPLETION_SCRIPTS)
def test_the_line_on_completion_is_what_the_shell_needs(tmp_path, shell):
    line = reference.COMPLETION_SCRIPTS[shell].partition("  #")[0]
    call = "".join(re.findall(r"_CNDDIGEST_COMPLETE=\w+_source cnddigest", line))

    ended = run_in(tmp_path, call)

    assert ended.returncode == 0
    assert "complete" in ended.stdout
