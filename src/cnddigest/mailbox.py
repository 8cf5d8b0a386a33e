"""Returned mail on disk: single messages, mbox files, standard input, and Maildirs that are emptied as read."""

import errno
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cnddigest import regular
from cnddigest.audience.bounces.mime import LONGEST
from cnddigest.errors import OutputFailed, WrongUse

STDIN = "-"
MOST_MESSAGE = LONGEST  # octets of one message that are kept: a report stands before what it returns
MOST_DRAINED = 1 << 28  # octets of a pipe that are read and thrown away
LONGEST_LINE = 1 << 16  # octets that are read at once
MBOX = b"From "  # begins every message of an mbox file (RFC 4155), after an empty line
SEEN = ":2,S"  # Maildir's info: somebody read it
ADVICE = "a file with one message, an mbox, `--maildir DIR`, or - for what is piped in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A message and where it was found, as a user would look for it; `data` is cut to `MOST_MESSAGE` octets."""

    source: str
    data: bytes


def from_files(paths: Iterable[str], stdin: Callable[[], BinaryIO]) -> Iterator[Returned]:
    """Yield the messages of these files, each one or an mbox with many; `-` is what `stdin` opens.

    Raises WrongUse for a file that can't be read, when its turn comes.
    """
    for path in paths:
        if path == STDIN:
            yield from _messages(stdin(), "standard input")
        else:
            with _opened(path) as file:
                yield from _messages(file, path)


class Maildir:
    """A Maildir: what is in `new` waits, what is in `cur` was dealt with."""

    def __init__(self, path: str) -> None:
        """Name the folder; raises WrongUse when it is no Maildir."""
        self._root = Path(path)
        if not all((self._root / part).is_dir() for part in ("new", "cur")):
            raise WrongUse(f"no Maildir: {path}", hint="a Maildir has the folders `new`, `cur` and `tmp`")

    def waiting(self) -> Iterator[Returned]:
        """Yield what is in `new`, oldest first; a message that somebody took away meanwhile is passed over."""
        for path in sorted(_files(self._root / "new"), key=_arrival):
            with suppress(FileNotFoundError):
                yield Returned(source=f"new/{path.name}", data=_beginning(path))

    def settle(self, returned: Returned) -> None:
        """Move a message to `cur`, once what it says is recorded: after a crash it is read again, never lost.

        Raises OutputFailed when the folder can't be written; a message that is gone is no error.
        """
        path = self._root / returned.source
        try:
            path.rename(self._root / "cur" / (path.name.partition(":")[0] + SEEN))
        except FileNotFoundError:
            return
        except OSError as error:
            raise OutputFailed(f"message can't be moved to cur, {_reason(error)}: {self._root}") from error


def _messages(file: BinaryIO, source: str) -> Iterator[Returned]:
    """Yield one message, or each of an mbox; no more than one is in memory, however large the file."""
    first = file.readline(LONGEST_LINE)
    if not first.startswith(MBOX):
        rest = file.read(MOST_MESSAGE - len(first))  # a line is shorter than that
        _drain(file)
        yield Returned(source=source, data=first + rest)
        return
    for count, data in enumerate(_parted(file), start=1):
        yield Returned(source=f"{source}#{count}", data=data)


def _parted(file: BinaryIO) -> Iterator[bytes]:
    """Yield the messages of an mbox whose first line was read."""
    kept = bytearray()
    blank = False
    while line := file.readline(LONGEST_LINE):
        if blank and line.startswith(MBOX):
            yield bytes(kept[:MOST_MESSAGE])
            kept = bytearray()
        elif len(kept) < MOST_MESSAGE:
            kept += line
        blank = not line.strip()
    yield bytes(kept[:MOST_MESSAGE])


def _drain(file: BinaryIO) -> None:
    """Read what a program still writes, so that it sees no broken pipe; but not for ever."""
    for _ in range(MOST_DRAINED // MOST_MESSAGE):
        if not file.read(MOST_MESSAGE):
            return


def _opened(path: str) -> BinaryIO:
    try:
        return regular.opened(Path(path), piped=True)
    except (OSError, ValueError) as error:
        raise WrongUse(f"returned mail can't be read, {_reason(error)}: {path}", hint=ADVICE) from error


def _beginning(path: Path) -> bytes:
    try:
        with regular.opened(path) as file:
            return file.read(MOST_MESSAGE)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise WrongUse(f"returned mail can't be read, {_reason(error)}: {path}") from error


def _files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".") and path.is_file()]
    except OSError as error:
        raise WrongUse(f"Maildir can't be read, {_reason(error)}: {folder}") from error


def _arrival(path: Path) -> tuple[int, str]:
    """Return the seconds that begin a Maildir's file name, so that what came first is read first."""
    seconds = path.name.partition(".")[0]
    return (int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 20 else 0, path.name)


def _reason(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return "no such name is possible"
    known = {errno.ENOENT: "it does not exist", errno.EACCES: "no permission", errno.ENOSPC: "the disk is full"}
    return known.get(error.errno or 0, (error.strerror or "input/output error").lower())
