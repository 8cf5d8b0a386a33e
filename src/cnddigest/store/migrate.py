"""A record brought to this version: each numbered step once, in one transaction with its number."""
# ruff: noqa: PTH208

import os
import re
import sqlite3
from collections.abc import Callable, Iterator

from cnddigest.store.queries import SQL, read

VERSION = 10  # the number of the last file in sql/migrations
APPLICATION = int.from_bytes(b"cndd", "big")  # says in the file's header whose it is
STEP = re.compile(r"(\d{3})_\w+\.sql")


def steps(folder: str = f"{SQL}/migrations") -> list[tuple[int, str]]:
    """Return number and path of every step, in order."""
    found = [(int(named[1]), f"{folder}/{named[0]}") for file in os.listdir(folder) if (named := STEP.fullmatch(file))]
    return sorted(found)


def migrate(
    db: sqlite3.Connection,
    steps: list[tuple[int, str]],
    *,
    before: Callable[[int], None] = lambda _: None,
) -> None:
    """Apply the steps that the record has not seen.

    `before` is called once, with the first step's number and under its lock, where somebody's record is about to
    change: a record that this call began is nobody's yet.

    However many processes do this at once, each step happens once. A step that fails leaves nothing.
    """
    kept = False
    for number, path in steps:
        db.execute("begin immediate")  # first the lock, then the look: another process may just have done it
        try:
            if (found := version(db)) < number:
                if found and not kept:
                    before(number)
                kept = True
                _apply(db, number, read(path))
            db.execute("commit")
        except BaseException:
            if db.in_transaction:  # a full disk may have ended it already
                db.execute("rollback")
            raise


def _apply(db: sqlite3.Connection, number: int, script: str) -> None:
    for statement in statements(script):
        db.execute(statement)
    db.execute(f"pragma application_id = {APPLICATION}")
    db.execute(f"pragma user_version = {number}")


def version(db: sqlite3.Connection) -> int:
    """Return the number of the last step applied, 0 in a new file."""
    return int(db.execute("pragma user_version").fetchone()[0])


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; `executescript` would commit what is open."""
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
