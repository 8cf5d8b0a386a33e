"""The output folder: files are written beside, made durable, and then take their places one by one."""
# There are tens of thousands of files, and a Path for each would cost more than writing it:
# ruff: noqa: PTH102, PTH103, PTH104, PTH106, PTH108, PTH112

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from cnddigest.errors import OutputFailed, remedy
from cnddigest.ports.files import Staged
from cnddigest.ports.record import BuiltFile

STAGING = ".cnddigest-staging"  # inside the output folder: a rename must not cross file systems
FEW = 64  # up to so many get an fsync each; beyond, one sync of everything is quicker
FILE_MODE, FOLDER_MODE = 0o644, 0o755  # less what the umask takes
STAGING_MODE = 0o700  # a web server on this folder has no business there
PROBE = ".cnddigest-check"
BLOCK = bytes(4096)  # a full disk may still take an empty file
NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO)  # ELOOP: a link; ENXIO: a socket


class Folder:
    """The FileSink of a folder on disk. Whoever stages holds the publishing turn: there is one staging folder.

    Whenever a method raises, nothing is staged any more. A link in a file's place is replaced and never
    followed; a link in a folder's place may not lead outside. The root itself may be a link.
    """

    def __init__(self, root: os.PathLike[str] | str) -> None:
        """Name the folder; nothing is touched before `check` or `stage`."""
        self.root = os.fspath(root)
        self._beside = f"{self.root}/{STAGING}"
        self._owner = 0  # the process that made the staging folder its own: the one that sweeps it out
        self._staged: dict[str, Staged] = {}
        self._count = 0
        self._inner: set[str] = set()  # folders known to lie inside

    def check(self) -> None:
        """Make the folder if need be, and write and remove a file in it.

        Permission bits alone say little: root ignores them, and a file system may be read-only or full.
        """
        if os.path.lexists(self.root) and not os.path.isdir(self.root):
            raise OutputFailed(f"output is not a folder: {self.root}", hint="name another folder as `output`")
        with self._told("write", PROBE):
            os.makedirs(self.root, mode=FOLDER_MODE, exist_ok=True)
            file = os.open(f"{self.root}/{PROBE}", os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, FILE_MODE)
            try:
                _write_all(file, BLOCK)
            finally:
                os.close(file)
                with suppress(FileNotFoundError):  # another publisher may check at this moment
                    os.unlink(f"{self.root}/{PROBE}")

    def unchanged(self, file: BuiltFile) -> bool:
        """Compare size and time of the last change."""
        return self.stamp(file.path) == (file.size, file.mtime_ns)

    def stamp(self, path: str) -> tuple[int, int] | None:
        """Look at a regular file; a link, a folder or a pipe in its place is none."""
        if not _is_within(path):
            return None
        try:
            found = os.lstat(f"{self.root}/{path}")
        except (OSError, ValueError):
            return None
        return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a regular file; a link, a folder or a pipe in its place is none."""
        with self._told("read", path):
            self._guard(path)
            try:
                # Without O_NONBLOCK a pipe that somebody put there would hold us for ever.
                file = os.open(f"{self.root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except OSError as error:
                if error.errno in NO_FILE:
                    return None
                raise
            return _read_all(file)

    def stage(self, path: str, data: bytes) -> None:
        """Write into the staging folder; a path staged before is staged anew, in its later place."""
        with self._told("write", path):
            self._guard(path)
            self._refuse_folder(path)
            self._enter()
            if stale := self._staged.pop(path, None):
                os.unlink(f"{self._beside}/{stale.name}")
            self._staged[path] = self._write(path, data)

    def ready(self) -> None:
        """Make the staging folder."""
        with self._told("write", STAGING):
            self._enter()

    def give(self) -> Sequence[Staged]:
        """Return what is staged and forget it."""
        staged = tuple(self._staged.values())
        self._staged.clear()
        return staged

    def take(self, staged: Iterable[Staged]) -> None:
        """Count as staged; of two files for one path the later one is."""
        for file in staged:
            self._staged.pop(file.path, None)
            self._staged[file.path] = file

    def commit(self) -> Iterator[tuple[str, int, int]]:
        """Make everything durable, then rename in order; all of it is done before the first is yielded.

        An error before the first rename leaves every file as it was. One among the renames (a disk that breaks)
        leaves some in place, each whole; who commits again mends that.
        """
        placed = [(path, file.size, file.mtime_ns) for path, file in self._staged.items()]
        if placed:
            touched = self._make_folders()
            self._flush()
            self._place()
            self._flush_folders(touched)
        elif os.path.lexists(self._beside):  # a killed run left it, perhaps after its last rename
            with self._told("write", STAGING):
                self._enter()
        self.discard()
        return iter(placed)

    def discard(self) -> None:
        """Remove what is staged, and the staging folder; what can't be removed is swept out by the next run."""
        self._staged.clear()
        self._inner.clear()
        if self._owner == os.getpid():
            with suppress(OSError, OutputFailed):
                self._sweep()  # all of it, not only what we noted: a signal may come between a write and the note
                os.rmdir(self._beside)
            self._owner = 0

    def remove(self, path: str) -> None:
        """Delete a file or a link; a folder of that name is left alone."""
        with self._told("remove", path):
            self._guard(path)
            try:
                os.unlink(f"{self.root}/{path}")
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return
        with suppress(OSError):
            while path := _parent(path):
                os.rmdir(f"{self.root}/{path}")

    @contextmanager
    def _told(self, verb: str, path: str) -> Iterator[None]:
        try:
            yield
        except OutputFailed:
            self.discard()
            raise
        except (OSError, ValueError) as error:
            self.discard()
            problem = f"cannot {verb} {_shown(f'{self.root}/{path}')}: {_reason(error)}"
            raise OutputFailed(problem, hint=remedy(error)) from error

    def _guard(self, path: str) -> None:
        """Refuse a path that leads out of the folder, by its words or by a link."""
        if not _is_within(path):
            raise OutputFailed(f"path is not inside the output folder: {_shown(path)}")
        folder = _parent(path)
        if folder in self._inner:
            return
        root, found = os.path.realpath(self.root), os.path.realpath(f"{self.root}/{folder}")
        if os.path.commonpath((root, found)) != root:
            raise OutputFailed(f"folder is a link out of the output folder: {_shown(f'{self.root}/{folder}')}")
        self._inner.add(folder)

    def _refuse_folder(self, path: str) -> None:
        """Find out now what would make the rename fail: a folder in the file's place, or a name too long."""
        with suppress(FileNotFoundError):
            if stat.S_ISDIR(os.lstat(f"{self.root}/{path}").st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))

    def _enter(self) -> None:
        """Sweep the staging folder out, if a killed run left one, and make it."""
        if self._owner:
            return
        os.makedirs(self.root, mode=FOLDER_MODE, exist_ok=True)
        try:
            os.mkdir(self._beside, STAGING_MODE)
        except FileExistsError:
            self._sweep()
        self._owner = os.getpid()

    def _sweep(self) -> None:
        if not stat.S_ISDIR(os.lstat(self._beside).st_mode):
            raise OutputFailed(f"staging folder is a file or a link: {self._beside}", hint="remove it")
        with os.scandir(self._beside) as left:
            for file in left:
                if file.name.replace("-", "").isdecimal() and file.is_file(follow_symlinks=False):  # the names we give
                    os.unlink(file.path)

    def _write(self, path: str, data: bytes) -> Staged:
        self._count += 1
        name = f"{os.getpid()}-{self._count}"
        file = os.open(f"{self._beside}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
        try:
            _write_all(file, data)
            found = os.fstat(file)
        except BaseException:
            with suppress(OSError):
                os.unlink(f"{self._beside}/{name}")
            raise
        finally:
            os.close(file)
        return Staged(path=path, name=name, size=found.st_size, mtime_ns=found.st_mtime_ns)

    def _make_folders(self) -> list[str]:
        """Make the folders that staged files need; return all folders whose entries will have changed."""
        needed = dict.fromkeys(_parent(path) for path in self._staged)
        touched = dict(needed)
        for folder in needed:
            with self._told("write", folder):
                for step in _ways(folder):
                    if self._make_folder(step):
                        touched[_parent(step)] = None
        return list(touched)

    def _make_folder(self, folder: str) -> bool:
        try:
            os.mkdir(f"{self.root}/{folder}", FOLDER_MODE)
        except FileExistsError:
            if os.path.isdir(f"{self.root}/{folder}"):
                return False
            raise
        return True

    def _flush(self) -> None:
        with self._told("write", STAGING):
            _flush_all(f"{self._beside}/{file.name}" for file in self._staged.values())

    def _place(self) -> None:
        for path, file in self._staged.items():
            with self._told("write", path):
                os.rename(f"{self._beside}/{file.name}", f"{self.root}/{path}")
        self._staged.clear()

    def _flush_folders(self, folders: Iterable[str]) -> None:
        with self._told("write", "."):
            _flush_all(f"{self.root}/{folder}" for folder in folders)


class DryFolder:
    """A Folder that is compared with and never changed: what a commit would write is counted and forgotten."""

    def __init__(self, folder: Folder) -> None:
        """Look at this folder, which need not exist."""
        self._folder = folder
        self._sizes: dict[str, int] = {}
        self.unchanged = folder.unchanged
        self.stamp = folder.stamp
        self.read = folder.read

    def check(self) -> None:
        """Prove nothing: nothing will be written."""

    def stage(self, path: str, data: bytes) -> None:
        """Note the size."""
        self._sizes.pop(path, None)
        self._sizes[path] = len(data)

    def ready(self) -> None:
        """Do nothing: nothing will be written."""

    def give(self) -> Sequence[Staged]:
        """Return what is staged and forget it."""
        staged = tuple(Staged(path=path, name="", size=size, mtime_ns=0) for path, size in self._sizes.items())
        self._sizes.clear()
        return staged

    def take(self, staged: Iterable[Staged]) -> None:
        """Count as staged."""
        for file in staged:
            self._sizes.pop(file.path, None)
            self._sizes[file.path] = file.size

    def commit(self) -> Iterator[tuple[str, int, int]]:
        """Tell what was staged, as if it had been written at the beginning of time."""
        placed = [(path, size, 0) for path, size in self._sizes.items()]
        self.discard()
        return iter(placed)

    def discard(self) -> None:
        """Forget what was staged."""
        self._sizes.clear()

    def remove(self, path: str) -> None:
        """Leave it there."""


def _flush_all(paths: Iterable[str]) -> None:
    paths = tuple(paths)
    if len(paths) > FEW:
        os.sync()
        return
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _write_all(file: int, data: bytes) -> None:
    """Write every byte: a write on a disk that fills up takes a part and reports no error."""
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def _read_all(file: int) -> bytes | None:
    """Read an opened file to its end and close it; what is no regular file is None."""
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        return None
    with open(file, "rb") as opened:
        return opened.read()


def _is_within(path: str) -> bool:
    """Say whether a path is one of the paths we give: relative, without steps up, none of our own tools."""
    steps = path.split("/")
    return {"", ".", ".."}.isdisjoint(steps) and "\0" not in path and steps[0] not in (STAGING, PROBE)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _ways(folder: str) -> list[str]:
    """Return a folder and those around it, the outermost first."""
    steps = folder.split("/") if folder else []
    return ["/".join(steps[: count + 1]) for count in range(len(steps))]


def _shown(path: str) -> str:
    """Return a path that any terminal takes."""
    return path.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def _reason(error: OSError | ValueError) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return reason[:1].lower() + reason[1:]
