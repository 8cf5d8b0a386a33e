"""The publication folder on disk: its recaps, schedules and templates, and what the package brings along."""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from cnddigest import fonts, regular
from cnddigest.errors import BadConfiguration, BadPicture, BadRecap, BadSchedule, BadTemplate, OutputFailed, reason
from cnddigest.picture.poster import Typeface
from cnddigest.recap import beside

PACKAGE = Path(__file__).resolve().parent
ASSETS = "assets/"
RELATIVE = "paths are relative to the folder of cnddigest.toml"
HASHED = 1 << 20  # bytes: a larger file is known by its size and time, which costs no reading
TEMPLATE_LIMIT = 16 << 20  # bytes: a picture among the assets may be large; anything larger is another file


def packaged_templates() -> Path:
    """Return the folder of the packaged templates: inside the wheel, or beside `src` in a checkout."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent.parent / "templates"


class PublicationFolder:
    """Implements Inputs over the folder that holds cnddigest.toml."""

    def __init__(self, root: Path, *, configuration: Path, recaps: tuple[str, ...], font: Path | None = None) -> None:
        """Take the folder, its configuration file, and the paths of all recaps and schedules relative to the folder.

        `font` is the one that its author named for posters.
        """
        self._root = root
        self._configuration = configuration
        self._recaps = recaps
        self._font = font
        self._style = ""

    def fingerprint(self) -> str:
        """Return one name for configuration, recaps, templates and this program."""
        texts = [path for recap in self._recaps for path in (recap, beside.corrections(recap))]
        return _name([self._configuration, *(self._root / path for path in texts)]) + self.style()

    def style(self) -> str:
        """Return one name for templates, interface texts and this program, as they were when it was first asked."""
        self._style = self._style or self._name_of_style()
        return self._style

    def _name_of_style(self) -> str:
        program = sorted(path for path in _files(PACKAGE) if path.suffix in {".py", ".po"})
        return _name(path for _, path in sorted(self._template_files().items())) + _name(program, hashed=0)

    def recap(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        """Return the files of one recap with their paths as configured."""
        return [(path, read_recap(self._root / path, path, hint=RELATIVE)) for path in paths]

    def corrections(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        """Return the files of corrections beside these recaps, those that are there."""
        found = ((path, read_corrections(self._root / path, path)) for path in map(beside.corrections, paths))
        return [(path, data) for path, data in found if data is not None]

    def schedule(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        """Return the files of one schedule with their paths as configured."""
        return [(path, read_schedule(self._root / path, path)) for path in paths]

    def mark(self, path: str) -> str:
        """Return size, time and place of a regular file inside the folder, else nothing; it is not opened."""
        try:
            status = self._inside(path).stat()
        except (OSError, ValueError, RuntimeError, BadPicture):
            return ""
        return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}" if stat.S_ISREG(status.st_mode) else ""

    def picture(self, path: str) -> bytes:
        """Return the bytes of a regular file inside the folder, wherever links lead; raises BadPicture."""
        from cnddigest.picture.model import LARGEST_FILE

        try:
            return _read(self._inside(path), LARGEST_FILE + 1)
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
            why = reason(error) if isinstance(error, OSError) else "its path leads nowhere"
            raise BadPicture(f"cannot read image, {why}") from error

    def _inside(self, path: str) -> Path:
        """Return where a path leads, in the spelling of its name that is there; BadPicture outside the folder."""
        root = self._root.resolve()
        for form in (path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path)):
            found = (root / form).resolve()
            if not found.is_relative_to(root):
                raise BadPicture("image is not in the publication's folder")
            if found.exists():
                break
        return found

    def typeface(self, scripts: frozenset[str], language: str) -> Typeface | None:
        """Return the font that its author named, else the first that suits among the machine's."""
        found = self._font or fonts.find(fonts.wanted(scripts, language))
        if found is None:
            return None
        try:
            status = found.stat()
        except (OSError, ValueError) as error:
            raise BadConfiguration(f"cannot read font: {found}", hint="name a file as `font`") from error
        index = fonts.face(found, language)
        mark = f"{found.name} {index} {status.st_size} {status.st_mtime_ns}"
        return Typeface(path=str(found), index=index, mark=mark)

    def templates(self) -> Mapping[str, str]:
        """Return every template by name, the publication's own in place of the packaged ones."""
        found = {}
        for name, path in self._template_files().items():
            if not name.startswith(ASSETS):
                found[name] = _template_text(path, name)
        return found

    def assets(self) -> Mapping[str, bytes]:
        """Return the files below `assets/`."""
        return {
            name: _template_bytes(path, name)
            for name, path in self._template_files().items()
            if name.startswith(ASSETS)
        }

    def catalogs(self) -> Mapping[str, str]:
        """Return the interface texts of each language."""
        return {path.stem: path.read_text("utf-8") for path in sorted((PACKAGE / "locale").glob("*.po"))}

    def _template_files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in (packaged_templates(), self._root / "templates"):
            found |= {path.relative_to(folder).as_posix(): path for path in _files(folder)}
        return found


def read_recap(path: Path, shown: str, *, hint: str | None = None, piped: bool = False) -> bytes:
    """Return a recap's bytes, one more at most than a recap may have; raises BadRecap naming it as the author does.

    `hint` says how paths are meant; with `piped` a pipe is waited for. An address is not fetched: what is published is
    what its author has saved.
    """
    from cnddigest.recap.source import MAX_BYTES

    if shown.lower().startswith(("http://", "https://")):
        how = "save the page (in a browser: as HTML only; or `curl -o page.html ADDRESS`) and name that file"
        raise BadRecap(f"pages are not fetched: {shown}", hint=how)
    try:
        return _read(path, MAX_BYTES + 1, piped=piped)
    except FileNotFoundError:
        raise BadRecap(f"recap not found: {shown}", hint=hint) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in its name
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise BadRecap(f"cannot read recap, {why}: {shown}") from error


def read_corrections(path: Path, shown: str) -> bytes | None:
    """Return a file of corrections, one byte more at most than it may have; None where there is none.

    `path` leads to it and `shown` names it as the author does. Raises BadRecap for one that can't be read.
    """
    from cnddigest.recap.corrections.parsing import MAX_BYTES

    try:
        return _read(path, MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise BadRecap(f"cannot read corrections, {reason(error)}: {shown}") from error


def write_corrections(path: Path, shown: str, text: str) -> None:
    """Put a file of corrections in place, whole or not at all; where it is a link, what it leads to is replaced."""
    place = path.resolve()
    part = place.with_name(f".{os.getpid()}.outline.part")  # short: the name of a recap may be as long as names can be
    try:
        with part.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            part.chmod(stat.S_IMODE(place.stat().st_mode))
        part.replace(place)
    except OSError as error:
        with suppress(OSError):  # on a disk that can't be written it says so even if there is nothing to remove
            part.unlink()
        raise OutputFailed(f"cannot write corrections, {reason(error)}: {shown}") from error


def read_schedule(path: Path, shown: str) -> bytes:
    """Return a schedule's bytes, one more at most than it may have; raises BadSchedule naming it as the author does."""
    from cnddigest.recap.schedule.sniff import MAX_BYTES

    try:
        return _read(path, MAX_BYTES + 1)
    except FileNotFoundError:
        raise BadSchedule(f"schedule not found: {shown}", hint=RELATIVE) from None
    except OSError as error:
        raise BadSchedule(f"cannot read schedule, {reason(error)}: {shown}") from error


def _template_text(path: Path, name: str) -> str:
    try:
        return _template_bytes(path, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadTemplate(f"template is not UTF-8: {name}", hint="save the file as UTF-8") from error


def _template_bytes(path: Path, name: str) -> bytes:
    try:
        data = _read(path, TEMPLATE_LIMIT + 1)
    except OSError as error:
        raise BadTemplate(f"cannot read template, {reason(error)}: {name}") from error
    if len(data) > TEMPLATE_LIMIT:
        raise BadTemplate(f"template is larger than {TEMPLATE_LIMIT >> 20} MiB: {name}")
    return data


def _read(path: Path, limit: int, *, piped: bool = False) -> bytes:
    """Return the first bytes of a file; anything else is an OSError."""
    with regular.opened(path, piped=piped) as file:
        return file.read(limit)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder; hidden ones, editors' copies and caches are nobody's template."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in names:
            if not name.startswith(".") and not name.endswith(("~", ".pyc")):
                yield Path(base, name)


def _name(files: Iterable[Path], *, hashed: int = HASHED) -> str:
    seen = hashlib.sha256()
    for path in files:
        seen.update(f"{path}\0{_mark(path, hashed)}\0".encode("utf-8", "surrogateescape"))
    return seen.hexdigest()


def _mark(path: Path, hashed: int) -> str:
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= hashed:
            return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable: {error.errno}"
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"
