"""The pages on mail tell the truth: their settings are read, and their commands exist with these options."""

import re
import shlex

import click
import pytest

import reference
from cnddigest.cli.catalogue import COMMANDS
from cnddigest.cli.main import program
from cnddigest.config import load
from conftest import ROOT

PAGES = [
    ROOT / "docs/how-to" / name
    for name in (
        "send-it-by-mail.md",
        "set-up-dns.md",
        "after-a-crash.md",
        "let-every-reader-replay-it.md",
        "let-people-subscribe.md",
    )
]
TEXT = "\n".join(page.read_text("utf-8") for page in [*PAGES, ROOT / "README.md"])
OURS = re.compile(
    r"^cnddigest ([^#\n]+)|`(?:cnddigest )?((?:subscribers|resend|deliver|deliveries|doctor)\b[^`\n]*)`", re.MULTILINE
)
LINES = sorted({(found[0] or found[1]).strip() for found in OURS.findall(TEXT)})
SMALLEST = '[publication]\ntitle = "T"\nbase_url = "https://a.example/"\n[serials.harbour]\nrecap = "a.md"\n'


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_settings_of_a_page_are_read(tmp_path, page):
    blocks = re.findall(r"^ *```toml\n(.*?)^ *```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    text = "\n".join(blocks)
    head = "" if "[mail]" in text else '[mail]\nfrom = "Recaps <recaps@example.org>"\n'
    (tmp_path / "cnddigest.toml").write_text(SMALLEST + head + text, "utf-8")

    settings = load(str(tmp_path / "cnddigest.toml"), {})

    assert settings.mail.sender


@pytest.mark.parametrize("line", LINES)
def test_a_command_of_the_pages_has_these_options(line):
    outer, *words = shlex.split(line)
    name = f"{outer} {words.pop(0)}" if reference.inner_of(outer) and words else outer

    command = reference.command_of(name)

    assert outer in COMMANDS
    if words:
        above = click.Context(program, help_option_names=["-h", "--help"])
        command.make_context(name, words, parent=above)


def test_the_pages_name_every_status():
    from cnddigest.delivery.model import Status

    told = {status.value for status in Status if status is not Status.CLAIMED}

    assert told <= set(re.findall(r"`([a-z_]+)`", TEXT))
