"""The program around the commands: help, errors in two lines, exit codes, signals, a quick start."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from cnddigest import __version__
from cnddigest.__main__ import main
from cnddigest.cli import main as program
from cnddigest.cli.catalogue import COMMANDS, overview
from cnddigest.cli.main import run
from cnddigest.errors import BadRecap, RecordBusy

PYTHON = sys.executable
# A child process whose record never opens: it says that it is there, and waits.
WAITING = """
import sys, time, types
sys.modules["cnddigest.wiring"] = wiring = types.ModuleType("cnddigest.wiring")
def open_publication(settings):
    print("waiting", flush=True)
    time.sleep(60)
wiring.open_publication = open_publication
from cnddigest.cli.main import run
sys.exit(run(["publish", *sys.argv[1:]]))
"""


@pytest.fixture
def failing(monkeypatch):
    """Let every command named `plan` raise this."""

    def fail(error: BaseException) -> None:
        @click.command("plan")
        @click.option("--debug", is_flag=True, expose_value=False)
        def command() -> None:
            raise error

        module = ModuleType("cnddigest.cli.plan")
        module.command = command  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "cnddigest.cli.plan", module)

    return fail


def imported(*arguments: str) -> set[str]:
    """Return the top names of all modules that a call of the program loads."""
    command = [PYTHON, "-X", "importtime", "-m", "cnddigest", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = (line.rpartition("|")[2].strip() for line in ended.stderr.splitlines() if line.startswith("import time:"))
    return {line.partition(".")[0] for line in lines}


def foreign(names: set[str]) -> set[str]:
    """Leave out the standard library, this project, and what installers hook into every start of Python."""
    ours = {"cnddigest", "imported package", "sitecustomize", "usercustomize", "org"}  # pickle looks for org.python
    return {name for name in names - sys.stdlib_module_names - ours if not name.startswith(("_", "distutils"))}


def test_help_is_the_same_with_and_without_click(capsys):
    run(["-h", "--debug"])
    with_click = capsys.readouterr().out
    ended = subprocess.run([PYTHON, "-m", "cnddigest", "--help"], capture_output=True, text=True, check=True)

    assert with_click == ended.stdout == overview() + "\n"


def test_help_and_version_load_nothing_of_others():
    assert not foreign(imported("--help"))
    assert not foreign(imported("--version"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_loads_click_and_nothing_else_of_others(name):
    assert foreign(imported(name, "--help")) == {"click"}


def test_the_version_is_the_same_with_and_without_click(capsys):
    run(["--version", "--debug"])
    with_click = capsys.readouterr().out
    ended = subprocess.run([PYTHON, "-m", "cnddigest", "--version"], capture_output=True, text=True, check=True)

    assert with_click == ended.stdout == f"cnddigest {__version__}\n"


def test_every_command_is_listed_in_the_help():
    text = overview()

    assert all(f"  {name} " in text and about in text for name, about in COMMANDS.items())
    assert max(map(len, text.splitlines())) <= 80


def test_the_line_on_a_command_begins_its_own_help():
    for name, about in COMMANDS.items():
        command = program.program.get_command(click.Context(program.program), name)

        assert command
        assert (command.help or "").startswith(about.partition(":")[0])


def test_a_group_alone_shows_its_help_and_is_wrong_use(capsys):
    code = run(["subscribers"])

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("Usage: cnddigest subscribers")


def test_no_command_shows_the_help_and_is_wrong_use(capsys):
    code = run([])

    assert code == 2
    assert capsys.readouterr() == ("", overview() + "\n")


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["publis"], ["error: no such command: publis", "hint: did you mean publish?"]),
        (["subscribers", "lst"], ["error: no such command: lst", "hint: did you mean list?"]),
        (["subscribers", "zzzz"], ["error: no such command: zzzz", "hint: see `cnddigest subscribers --help`"]),
        (["subscribers", "add"], ["error: missing argument 'ADDRESS'", "hint: see `cnddigest subscribers add --help`"]),
        (["zzz"], ["error: no such command: zzz", "hint: see `cnddigest --help`"]),
        (["plan", "--zzz"], ["error: no such option: --zzz", "hint: see `cnddigest plan --help`"]),
        (["publish", "--dryrun"], ["error: no such option: --dryrun", "hint: did you mean --dry-run?"]),
        (["--colour"], ["error: no such option: --colour", "hint: see `cnddigest --help`"]),
        (["plan", "--serial"], ["error: option '--serial' requires an argument", "hint: see `cnddigest plan --help`"]),
        (["init"], ["error: missing argument 'DIR'", "hint: see `cnddigest init --help`"]),
        (["plan", "x\ny"], ["error: got unexpected extra argument (x y)", "hint: see `cnddigest plan --help`"]),
        (["-c"], ["error: option '-c' requires an argument", "hint: see `cnddigest --help`"]),
        (["-c", "x.toml"], ["error: missing command", "hint: see `cnddigest --help`"]),
        ([""], ["error: no such command:", "hint: see `cnddigest --help`"]),
    ],
)
def test_wrong_use_is_told_in_two_lines(capsys, arguments, lines):
    code = run(arguments)

    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert [line.rstrip() for line in err.splitlines()] == lines


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (BadRecap("recap is empty: a.md", hint="write it"), 2, ["error: recap is empty: a.md", "hint: write it"]),
        (RecordBusy("record is busy: r"), 1, ["error: record is busy: r"]),
        (BadRecap("two\nlines \x1b[31mred"), 2, ["error: two lines \N{REPLACEMENT CHARACTER}[31mred"]),
        (
            OSError(28, "No space left on device"),
            1,
            ["error: no space left on the device", "hint: make room and do it again: nothing is lost"],
        ),
        (
            ZeroDivisionError("oh"),
            1,
            ["error: unexpected ZeroDivisionError: oh", "hint: run it again with --debug, and report what it shows"],
        ),
        (KeyboardInterrupt(), 130, []),
        (click.Abort(), 130, []),
        (program.Terminated(), 143, []),
    ],
)
def test_every_error_ends_in_its_exit_code_and_no_traceback(capsys, failing, error, code, lines):
    failing(error)

    ended = run(["plan"])

    assert ended == code
    assert capsys.readouterr() == ("", "".join(f"{line}\n" for line in lines))


def test_debug_shows_where_an_error_comes_from(failing):
    failing(BadRecap("recap is empty: a.md"))

    with pytest.raises(BadRecap):
        run(["plan", "--debug"])


def test_the_configuration_may_be_named_before_or_after_the_command(capsys):
    before = run(["-c", "nowhere.toml", "plan"])
    first = capsys.readouterr().err
    after = run(["plan", "-c", "nowhere.toml"])

    assert (before, after) == (2, 2)
    assert first == capsys.readouterr().err
    assert "error: no configuration: nowhere.toml" in first


def test_an_interrupt_while_modules_load_is_an_interrupt(monkeypatch):
    def interrupted(_: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "run", interrupted)
    monkeypatch.setattr(sys, "argv", ["cnddigest", "plan"])

    assert main() == 130


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_work_quietly(tmp_path, number, code):
    (tmp_path / "cnddigest.toml").write_text(
        '[publication]\ntitle = "T"\nbase_url = "https://a.example"\n[serials.a]\nrecap = "a.md"\n'
    )
    child = subprocess.Popen(
        [PYTHON, "-c", WAITING], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout
    assert child.stdout.readline() == "waiting\n"

    child.send_signal(number)

    assert child.communicate(timeout=20) == ("", "")
    assert child.returncode == code


def test_a_reader_that_leaves_is_no_error():
    reading, writing = os.pipe()
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [PYTHON, "-m", "cnddigest", "plan", "--help"]
    child = subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE, text=True, env=buffered)
    os.close(writing)
    os.close(reading)

    _, errors = child.communicate(timeout=20)

    assert errors == ""
    assert child.returncode == 141


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"]])
def test_a_full_disk_is_told(arguments):
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [PYTHON, "-m", "cnddigest", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert ended.returncode == 1
    assert ended.stderr == "error: no space left on the device\nhint: make room and do it again: nothing is lost\n"


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize(("arguments", "code"), [("doctor", 1), ("doctor --json", 1), ("plan", 2), ("--help", 0)])
def test_closed_streams_change_no_exit_code(tmp_path, closed, arguments, code):
    line = f"exec {PYTHON} -m cnddigest {arguments} {closed}"

    ended = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ended.returncode == code
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_are_told_how_to_complete(shell):
    environment = os.environ | {"_CNDDIGEST_COMPLETE": f"{shell}_source"}

    ended = subprocess.run([PYTHON, "-m", "cnddigest"], env=environment, capture_output=True, text=True, check=False)

    assert "_CNDDIGEST_COMPLETE" in ended.stdout
    assert ended.returncode == 0


def test_completion_knows_the_commands():
    environment = os.environ | {"_CNDDIGEST_COMPLETE": "bash_complete", "COMP_WORDS": "cnddigest p", "COMP_CWORD": "1"}

    ended = subprocess.run([PYTHON, "-m", "cnddigest"], env=environment, capture_output=True, text=True, check=False)

    assert ended.stdout.split() == ["plain,plan", "plain,publish", "plain,preview"]
