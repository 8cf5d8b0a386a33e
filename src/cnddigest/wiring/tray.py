"""An output folder in memory: what is put in place is looked at and thrown away."""

from collections.abc import Iterable, Iterator, Sequence

from cnddigest.files import Folder
from cnddigest.ports.files import Staged
from cnddigest.ports.record import BuiltFile


class Tray:
    """Implements FileSink; `behind` is a folder whose files are read where there are none here, and never written."""

    def __init__(self, behind: Folder) -> None:
        """Begin empty."""
        self.files: dict[str, bytes] = {}
        self._behind = behind
        self._staged: dict[str, bytes] = {}

    def check(self) -> None:
        """Prove nothing: memory can be written."""

    def unchanged(self, file: BuiltFile) -> bool:
        """Say no, so that every file is made."""
        del file
        return False

    def stamp(self, path: str) -> tuple[int, int] | None:
        """Tell the size; no time has passed here."""
        data = self.files.get(path)
        return None if data is None else (len(data), 0)

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes."""
        return self.files[path] if path in self.files else self._behind.read(path)

    def stage(self, path: str, data: bytes) -> None:
        """Keep beside."""
        self._staged[path] = data

    def ready(self) -> None:
        """Do nothing: there is nothing to make ready."""

    def give(self) -> Sequence[Staged]:
        """Give nothing away: whoever takes it is this one."""
        return ()

    def take(self, staged: Iterable[Staged]) -> None:
        """Keep what is staged, in the order in which it was."""

    def commit(self) -> Iterator[tuple[str, int, int]]:
        """Put everything in place."""
        placed = dict(self._staged)
        self.files |= placed
        self._staged.clear()
        return iter([(path, len(data), 0) for path, data in placed.items()])

    def discard(self) -> None:
        """Forget what is beside."""
        self._staged.clear()

    def remove(self, path: str) -> None:
        """Forget a file."""
        self.files.pop(path, None)
