"""SQL by name: every statement of the record stands in `sql/queries/`, under a line `-- name: …`."""

import re
from functools import cache

SQL = f"{__file__.rpartition('/')[0]}/sql"
SUBJECTS = (
    "publication",
    "serial",
    "part",
    "session",
    "file",
    "fragment",
    "subscriber",
    "suppression",
    "issue",
    "lease",
    "delivery",
    "pace",
    "secret",
    "replay",
    "watch",
    "bucket",
    "hub",
    "will",
    "admission",
    "lookout",
)
NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def load(name: str) -> str:
    """Return a statement; always the same string, so that a connection compiles it once."""
    return _all()[name]


def load_of_index(name: str) -> str:
    """Return a statement of the search index, which is a file of its own."""
    return _index()[name]


@cache
def _index() -> dict[str, str]:
    return parse(read(f"{SQL}/index/queries.sql"))


@cache
def _all() -> dict[str, str]:
    return parse("\n".join(read(f"{SQL}/queries/{subject}.sql") for subject in SUBJECTS))


def parse(text: str) -> dict[str, str]:
    """Return statements by name; a name used twice is a ValueError."""
    _, *blocks = NAME.split(text)
    names, statements = blocks[::2], [block.strip() for block in blocks[1::2]]
    if len(set(names)) < len(names):
        raise ValueError(f"a name is used twice: {', '.join(names)}")
    return dict(zip(names, statements, strict=True))


def read(path: str) -> str:
    """Return the text of one of our own SQL files."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  pathlib takes longer to load than all of these files
        return file.read()
