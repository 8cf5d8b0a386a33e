"""A file made ready for the way: its bytes in every packing, and for each the messages that begin an answer.

file ──read──> bytes ──packed──> as it is, gzip, br ──┬─ under its own media type
                                                     └─ as XML, of a feed that a browser asks for
"""

import datetime as dt
import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import BinaryIO

from cnddigest import clock
from cnddigest.web import replies
from cnddigest.web.media import feed_kind, media_type
from cnddigest.web.negotiation import PLAIN
from cnddigest.web.packing import SUFFIXES, all_packed
from cnddigest.web.policies import policy
from cnddigest.web.replies import Headers

LARGE = 4_000_000  # bytes of a file that is not kept, but read at each request
XML = "application/xml; charset=utf-8"
VIEW = "-xml"  # ends the tag of a feed that is sent as XML: the same bytes under another name

Mark = tuple[int, int, int]  # what tells a file from the one that takes its place


class Start:
    """How an answer begins: as a message of ASGI, and the same header fields as they stand on the wire."""

    __slots__ = ("fields", "message", "status")

    def __init__(self, status: int, headers: Headers) -> None:
        """Write both."""
        self.status, self.message = status, replies.start(status, headers)
        self.fields = b"".join(b"%b: %b\r\n" % field for field in headers)


class Version:
    """One way to send a file. `data` is None of a large one."""

    __slots__ = ("_age", "_both", "_found", "_known", "_only", "data", "etag", "size")

    def __init__(self, data: bytes | None, etag: str, size: int, *, both: Headers, only: Headers) -> None:
        """Take the headers of `both` answers, 200 and 304, and those of 200 `only`."""
        self.data, self.etag, self.size = data, etag.encode(), size
        self._both = [(b"etag", self.etag), *both]
        self._only = [*only, (b"content-length", str(size).encode())]
        self._prepare(0)

    def found(self, age: int) -> Start:
        """Return how 200 begins; it is good for `age` seconds."""
        if age != self._age:
            self._prepare(age)
        return self._found

    def known(self, age: int) -> Start:
        """Return how 304 begins."""
        if age != self._age:
            self._prepare(age)
        return self._known

    def _prepare(self, age: int) -> None:
        """Write both anew: between two releases that happens once a second at most."""
        both = [*self._both, (b"cache-control", b"public, max-age=%d" % age)]
        self._age, self._known, self._found = age, Start(304, both), Start(200, both + self._only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A file as it was at its mark, in all its versions by their packing; `view` has those of a feed for browsers."""

    path: str
    mark: Mark
    kind: str
    modified: str
    versions: Mapping[str, Version]
    view: Mapping[str, Version] | None

    @property
    def room(self) -> int:
        """Return how many bytes it takes."""
        return 2000 + sum(len(version.data or b"") for version in self.versions.values())


def mark(found: os.stat_result) -> Mark:
    """Return what tells this file from one that takes its place."""
    return found.st_ino, found.st_mtime_ns, found.st_size


def read(root: str, name: str, more: Headers) -> Body | None:
    """Read a file, wherever links lead below the folder; None outside of it. `more` are headers of its own."""
    try:
        path = Path(root, name).resolve(strict=True)
        if not path.is_relative_to(Path(root).resolve()):
            return None
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return None
            data = file.read() if found.st_size <= LARGE else None
            tag = hashlib.file_digest(file, "sha256") if data is None else hashlib.sha256(data)
    except (OSError, ValueError, RuntimeError):  # RuntimeError: links in a circle, before Python 3.13
        return None
    return _ready(_File(name=name, path=path, found=found, data=data, tag=tag.hexdigest()[:32]), more)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file as it was read; `data` is None of a large one."""

    name: str
    path: Path
    found: os.stat_result
    data: bytes | None
    tag: str


def _ready(file: _File, more: Headers) -> Body:
    data, found = file.data, file.found
    kind, is_text = media_type(file.path.name)
    forms: dict[str, bytes | None] = {PLAIN: data}
    if is_text and data is not None:
        forms |= all_packed(data)
    size = found.st_size if data is None else len(data)
    feed = feed_kind(file.path.name)
    has_view = feed.endswith("xml")
    varies = [b"accept"] * has_view + [b"accept-encoding"] * (len(forms) > 1)
    # One that is ahead, since a clock was set back, would keep readers away until then.
    at = min(dt.datetime.fromtimestamp(int(found.st_mtime), dt.UTC), clock.now())
    modified = format_datetime(at, usegmt=True)
    both = [(b"last-modified", modified.encode()), *([(b"vary", b", ".join(varies))] if varies else []), *more]

    def versions(kind: str, suffix: str = "") -> dict[str, Version]:
        only = [(b"content-type", kind.encode()), (b"accept-ranges", b"none"), *policy(file.name, kind)]
        return {
            how: Version(
                each,
                f'"{file.tag}{suffix}{SUFFIXES.get(how, "")}"',
                size if each is None else len(each),
                both=both,
                only=only if how == PLAIN else [*only, (b"content-encoding", how.encode())],
            )
            for how, each in forms.items()
        }

    return Body(
        path=str(file.path),
        mark=mark(found),
        kind=feed,
        modified=modified,
        versions=versions(kind),
        view=versions(XML, VIEW) if has_view else None,
    )


def opened(body: Body) -> BinaryIO:
    """Open a large file; OSError where it is another one by now."""
    file = Path(body.path).open("rb")  # noqa: SIM115  the caller closes it
    if mark(os.fstat(file.fileno())) != body.mark:
        file.close()
        raise OSError
    return file
