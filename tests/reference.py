"""The pages of docs/reference as they must be; run it to write them.

What they say stands in the program itself: settings in `config.schema`, commands in their own help.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from cnddigest.cli.catalogue import COMMANDS, overview
from cnddigest.cli.main import COMPLETION, NAME, program
from cnddigest.config.schema import SCHEMA
from cnddigest.config.table import Section, Setting

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
WRITTEN = "<!-- Written by scripts/reference from the program itself; change it there. -->"
WIDTH = 80

STREAMS = (
    "Data goes to stdout, talk and errors to stderr. An error is one line, `error: …`, and perhaps another one, "
    "`hint: …`. `--json` writes one JSON document to stdout, and nothing else there."
)
EXIT_CODES = (
    "Exit codes: **0** done, also when there was nothing to do; **1** the work was tried and some of it failed; "
    "**2** wrong use, a bad configuration, an unreadable recap; 130 and 143 after SIGINT and SIGTERM, "
    "141 when the reader of a pipe has left."
)
FILE = (
    "The only configuration file, in TOML. Paths in it are relative to the folder it lies in. "
    "A key that is not on this page is an error, and so is a value that can't be meant."
)

COMPLETION_SCRIPTS = {
    "bash": f'eval "$({COMPLETION}=bash_source {NAME})"  # in ~/.bashrc',
    "zsh": f'eval "$({COMPLETION}=zsh_source {NAME})"  # in ~/.zshrc',
    "fish": f"{COMPLETION}=fish_source {NAME} | source  # in ~/.config/fish/config.fish",
}
VARIABLES = {
    "CNDDIGEST_BASE_URL": "goes before `publication.base_url`",
    "CNDDIGEST_METRICS_TOKEN": "goes before the file that `web.metrics_token_file` names",
    "CNDDIGEST_RECORD": "goes before `publication.record`; a path is relative to the configuration",
    "CNDDIGEST_SECRET": "goes before the file that `web.secret_file` names",
    "CNDDIGEST_SMTP_PASSWORD": "the relay's password, which never stands in the file",
    "CNDDIGEST_WEBHOOK_": "with a provider's name behind it, as in `CNDDIGEST_WEBHOOK_MAILGUN`: goes before its file",
    "NO_COLOR": "no colours",
}


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    return {"commands.md": commands(), "configuration.md": configuration()}


def commands() -> str:
    """Return the page on the command line."""
    lines = [
        "# Commands",
        WRITTEN,
        STREAMS,
        EXIT_CODES,
        code(overview()),
    ]
    for name in (inner for outer in COMMANDS for inner in (outer, *inner_of(outer))):
        lines += [f"## {NAME} {name}", code(help_of(name))]
    lines += ["## Completion in the shell", code("\n".join(COMPLETION_SCRIPTS.values()), "sh")]
    return "\n\n".join(lines) + "\n"


def inner_of(name: str) -> list[str]:
    """Return the commands of a group, `subscribers add`; nothing for a command."""
    command = command_of(name)
    return [f"{name} {inner}" for inner in command.commands] if isinstance(command, click.Group) else []


def leaves() -> list[str]:
    """Return every command that does something itself."""
    return [leaf for name in COMMANDS for leaf in inner_of(name) or [name]]


def command_of(name: str) -> click.Command:
    """Return a command."""
    outer, *inner = name.split()
    command = program.get_command(click.Context(program), outer)
    assert command
    return command.commands[inner[0]] if inner and isinstance(command, click.Group) else command


def help_of(name: str) -> str:
    """Return what `--help` of a command shows on 80 columns."""
    above = click.Context(program, info_name=NAME, max_content_width=WIDTH, terminal_width=WIDTH)
    command = command_of(name)
    return command.get_help(click.Context(command, info_name=name, parent=above, help_option_names=["-h", "--help"]))


def configuration() -> str:
    """Return the page on cnddigest.toml."""
    lines = [
        "# cnddigest.toml",
        WRITTEN,
        FILE,
        "## Everything at once",
        code(example(), "toml"),
    ]
    for path, section in sections(SCHEMA, ()):
        lines += list(section_text(path, section))
    lines += ["## Environment", "An empty variable counts as none."]
    lines.append("\n".join(f"- `{name}`: {about}." for name, about in VARIABLES.items()))
    return "\n\n".join(lines) + "\n"


def example() -> str:
    """Return a file with every setting there is, each with its example."""
    blocks = []
    for path, section in sections(SCHEMA, ()):
        header = header_of(path, section).replace("NAME", "harbour")
        blocks.append("\n".join([header, *(f"{item.name} = {item.example}" for item in section.settings)]))
    return "\n\n".join(blocks)


def sections(section: Section, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Section]]:
    """Yield every table with its path, outer ones first."""
    for inner in section.sections:
        found = (*path, inner.name, *(["NAME"] if inner.shape == "named" else []))
        yield found, inner
        yield from sections(inner, found)


def header_of(path: tuple[str, ...], section: Section) -> str:
    """Return the line that begins a table in the file."""
    return f"[[{'.'.join(path)}]]" if section.shape == "list" else f"[{'.'.join(path)}]"


def section_text(path: tuple[str, ...], section: Section) -> Iterator[str]:
    """Yield the paragraphs on a table and its settings."""
    yield f"## {header_of(path, section)}"
    yield section.about
    yield "\n".join(f"- **`{item.name}`** ({facts(item)}) {item.about}" for item in section.settings)


def facts(setting: Setting[object]) -> str:
    """Return what a value can be, and what holds without one."""
    if setting.required:
        return f"{setting.kind.words}; required"
    if setting.default in (None, "", [], {}):
        return setting.kind.words
    return f"{setting.kind.words}; default `{json.dumps(setting.default)}`"


def code(text: str, language: str = "text") -> str:
    """Return a block of code."""
    return f"```{language}\n{text}\n```"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file, text in pages().items():
        (FOLDER / file).write_text(text, "utf-8")
