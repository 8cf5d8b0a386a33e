"""What the verbs need of the disk: inputs to read, an output folder, and hands that share the work."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from cnddigest.picture.poster import Typeface
from cnddigest.ports.record import BuiltFile

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A file that waits beside: its name there, and how it will look in its place."""

    path: str
    name: str
    size: int
    mtime_ns: int


class Crew(Protocol):
    """Who does work that can be shared."""

    def share(self, jobs: Sequence[Callable[[], T]]) -> Sequence[T]:
        """Do every job once, perhaps in another process, and return the results in the order of the jobs.

        There a job sees memory as it was when this was called, and leaves behind nothing but its result.
        """
        ...


class FileSink(Protocol):
    """The output folder. Paths are relative, with slashes. Raises OutputFailed."""

    def check(self) -> None:
        """Prove that the folder can be written, or raise; call it before anything is recorded."""
        ...

    def unchanged(self, file: BuiltFile) -> bool:
        """Say whether the file on disk still looks as it did when we wrote it."""
        ...

    def stamp(self, path: str) -> tuple[int, int] | None:
        """Return a file's size and mtime_ns, None if there is none."""
        ...

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None if there is none."""
        ...

    def stage(self, path: str, data: bytes) -> None:
        """Write beside; nothing a reader sees changes."""
        ...

    def ready(self) -> None:
        """Make ready for staging, here and in every process that is forked from this one."""
        ...

    def give(self) -> "Sequence[Staged]":
        """Return what is staged and forget it: it waits beside until it is taken again, or swept out."""
        ...

    def take(self, staged: "Iterable[Staged]") -> None:
        """Count as staged, after all that is staged now, what this process or a fork of it gave."""
        ...

    def commit(self) -> Iterator[tuple[str, int, int]]:
        """Put everything staged in place, in the order it was staged; yield path, size and mtime_ns of each."""
        ...

    def discard(self) -> None:
        """Forget everything staged."""
        ...

    def remove(self, path: str) -> None:
        """Delete a file if it is there, and folders it leaves empty."""
        ...


class Inputs(Protocol):
    """The publication folder as its author left it: configuration, recaps, schedules, templates."""

    def fingerprint(self) -> str:
        """Return one name for all of it, and for the program that reads it: equal names, nothing to read again."""
        ...

    def style(self) -> str:
        """Return one name for templates and program: equal names render equal text equally."""
        ...

    def recap(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        """Return the files of one recap with their paths as configured; raises BadRecap if one can't be read."""
        ...

    def corrections(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        """Return the files of corrections beside these recaps, where there are some; raises BadRecap likewise."""
        ...

    def schedule(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        """Return the files of one schedule with their paths as configured; raises BadSchedule if one can't be read."""
        ...

    def mark(self, path: str) -> str:
        """Return how a file of the folder looks (equal marks, equal bytes), `""` if there is none to be read."""
        ...

    def picture(self, path: str) -> bytes:
        """Return the bytes of an image file, one more at most than it may have; BadPicture if it is out of reach."""
        ...

    def typeface(self, scripts: frozenset[str], language: str) -> Typeface | None:
        """Return the font to draw words of these scripts with, None where there is none for all of them.

        Raises BadConfiguration if the one that its author named is not there.
        """
        ...

    def templates(self) -> Mapping[str, str]:
        """Return every template by name, the publication's own in place of the packaged ones."""
        ...

    def assets(self) -> Mapping[str, bytes]:
        """Return the files that are copied as they are, by their path below the output folder."""
        ...

    def catalogs(self) -> Mapping[str, str]:
        """Return the interface texts as .po files, by language."""
        ...
