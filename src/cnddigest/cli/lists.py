"""A list on its way in: its bytes, and what is told of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cnddigest import regular
from cnddigest.cli import options, stdin
from cnddigest.errors import WrongUse, reason

if TYPE_CHECKING:
    from cnddigest.audience.rows import Rejected
    from cnddigest.usecases.subscribe import Imported

GULP = 1 << 16  # bytes of a file that are read at once
SHOWN = 50  # rejected rows that are listed on a terminal; `--json` has all


def opened(file: str) -> BinaryIO:
    """Open a list, `-` for standard input; raises WrongUse."""
    if file == stdin.NAME:
        return stdin.opened()
    try:
        return regular.opened(Path(file), piped=True)
    except OSError as error:
        raise WrongUse(f"can't read list, {reason(error)}: {file}", hint="a file, or - for what is piped in") from error
    except ValueError as error:
        raise WrongUse(f"can't read list, no usable name: {file}") from error


class Gulps:
    """The bytes of a list, and how far they are: `read` of `size`, which is 0 where nobody knows."""

    def __init__(self, source: BinaryIO, file: str) -> None:
        """Read nothing yet."""
        self.read, self.size = 0, 0 if file == stdin.NAME else Path(file).stat().st_size
        self._source, self._file = source, file

    def __iter__(self) -> Iterator[bytes]:
        """Yield them; raises WrongUse where the file breaks off."""
        try:
            while gulp := self._source.read(GULP):
                self.read += len(gulp)
                yield gulp
        except OSError as error:
            raise WrongUse(f"can't read list, {reason(error)}: {self._file}") from error


def wire(done: "Imported", guess: str | None = None) -> dict[str, object]:
    """Return the shape of `import --json`; `guess` is the encoding, which stands there only if it was guessed."""
    return {
        "schema": "cnddigest/import/1",
        "added": done.added,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "rejected": [{"line": row.line, "address": row.address, "reason": row.reason} for row in done.rejected],
        **({"suppressed": done.suppressed} if done.suppressed else {}),
        **({"unknown_languages": done.strange} if done.strange else {}),
        **({"guessed_encoding": guess} if guess else {}),
    }


def tell(request: options.Request, done: "Imported", guess: str | None = None) -> None:
    """Say what came of a list on a terminal."""
    if guess:
        request.terminal.talk(
            f"read as {guess}, by the look of its letters: if names are wrong, say it with --encoding"
        )
    request.terminal.report(f"added {done.added}, updated {done.updated}, unchanged {done.unchanged}")
    if done.asked:
        request.terminal.report(f"{done.asked} are asked by mail; `cnddigest deliver` sends it")
    if done.suppressed:
        request.terminal.talk(
            f"suppressed, so that no mail goes there: {done.suppressed:,}; `subscribers list` says who"
        )
    if done.strange:
        shown = ", ".join(done.strange[:SHOWN])
        request.terminal.talk(f"no texts in these languages, so that the publication's is used: {shown}")
    for row in done.rejected[:SHOWN]:
        request.terminal.talk(_line(row))
    if len(done.rejected) > SHOWN:
        request.terminal.talk(f"and {len(done.rejected) - SHOWN} more rows that can't be taken: see --json")


def _line(row: "Rejected") -> str:
    return f"line {row.line}: {row.reason}: {row.address}" if row.address else f"line {row.line}: {row.reason}"
