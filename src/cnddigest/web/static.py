"""The output folder over HTTP: one look at the disk a request, bodies in memory as far as there is room.

path ──segments──> file ──stat──> known and untouched? ──> 200, 200 gzip or 304, ready made
                                └──> read, hashed, compressed, once

Files are replaced as wholes (see `files`), so a body is never half of one and half of another.
"""

import asyncio
import datetime as dt
import gzip
import hashlib
import os
import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from starlette.types import Scope, Send

from cnddigest.rendering.lately import Lately
from cnddigest.web import replies
from cnddigest.web.media import media_type

ROOM = 64_000_000  # bytes of bodies at hand: the feeds and pages of a hundred recaps
LARGE = 1_000_000  # bytes of a file that is not kept, but read at each request
CHUNK = 256 * 1024
SMALLEST = 1000  # bytes that are worth compressing: less fits into a packet or two
INDEX = "index.html"
WELL_KNOWN = ".well-known"  # RFC 8615: the one hidden folder that is for everybody

Mark = tuple[int, int, int]  # what tells a file from the one that takes its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A file as it was at its mark. `data` is None of a large one, `packed` where compressing does not pay."""

    path: str
    mark: Mark
    size: int
    kind: bytes
    tag: str
    modified: str
    data: bytes | None
    packed: bytes | None


class Static:
    """Answers with files below a folder; `max_age` says for how many seconds they are good."""

    def __init__(self, folder: Path, max_age: Callable[[], Awaitable[int]]) -> None:
        """Take the folder; it need not be there yet."""
        self._root = str(folder)
        self._max_age = max_age
        self._bodies: Lately[tuple[str, Mark], Body | None] = Lately(ROOM, most=10_000, size=_room)

    async def answer(self, scope: Scope, send: Send) -> None:
        """Answer a request; what is no file of ours is 404."""
        if scope["method"] not in replies.READING:
            await replies.say(scope, send, 405, "only to be read: GET or HEAD", (b"allow", b"GET, HEAD"))
            return
        name = _below(scope["path"])
        found = self._look(name) if name is not None else None
        if name is not None and found and stat.S_ISDIR(found.st_mode):
            if not scope["path"].endswith("/"):
                await self._to_folder(scope, send, name)
                return
            name = os.path.join(name, INDEX)  # noqa: PTH118  at every request
            found = self._look(name)
        elif scope["path"].endswith("/"):
            found = None
        body = await self._body(name, found) if name is not None and found else None
        if body is None:
            await replies.say(scope, send, 404, "no such page")
        else:
            await self._send(scope, send, body)

    def _look(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(f"{self._root}/{name}")  # noqa: PTH116  at every request
        except (OSError, ValueError):  # a name that no file can have is a ValueError
            return None

    async def _to_folder(self, scope: Scope, send: Send, name: str) -> None:
        if self._look(f"{name}/{INDEX}") is None:
            await replies.say(scope, send, 404, "no such page")
            return
        # Relative, since whoever stands before us may have cut off the beginning of the path.
        place = f"./{quote(name.rpartition('/')[2])}/"
        await replies.say(scope, send, 308, "it is a folder", (b"location", place.encode()))

    async def _body(self, name: str, found: os.stat_result) -> Body | None:
        if not stat.S_ISREG(found.st_mode):
            return None
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        known: list[Body | None] = []
        if (name, mark) not in self._bodies:
            known.append(await asyncio.to_thread(_read, self._root, name))
        return self._bodies.get((name, mark), lambda: known[0])

    async def _send(self, scope: Scope, send: Send, body: Body) -> None:
        packed = body.packed is not None and _takes_gzip(replies.header(scope, b"accept-encoding"))
        etag = f'"{body.tag}-gz"' if packed else f'"{body.tag}"'
        headers = [
            (b"etag", etag.encode()),
            (b"last-modified", body.modified.encode()),
            (b"cache-control", f"public, max-age={await self._max_age()}".encode()),
            (b"x-content-type-options", b"nosniff"),
        ]
        if body.packed is not None:
            headers.append((b"vary", b"accept-encoding"))
        if _is_known(scope, etag, body.modified):
            await replies.send_all(send, replies.start(304, headers), b"")
            return
        data = body.packed if packed else body.data
        size = body.size if data is None else len(data)
        headers += [(b"content-type", body.kind), (b"content-length", str(size).encode())]
        if packed:
            headers.append((b"content-encoding", b"gzip"))
        if data is None and scope["method"] == "GET":
            await self._stream(scope, send, body, headers)
        else:
            await replies.send_all(send, replies.start(200, headers), b"" if scope["method"] == "HEAD" else data or b"")

    async def _stream(self, scope: Scope, send: Send, body: Body, headers: replies.Headers) -> None:
        """Send a large file piece by piece."""
        try:
            file = await asyncio.to_thread(_opened, body)
        except OSError:  # gone, or another one by now
            await replies.say(scope, send, 503, "it is changing, ask again", (b"retry-after", b"1"))
            return
        with file:
            await send(replies.start(200, headers))
            while piece := await asyncio.to_thread(file.read, CHUNK):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _below(path: str) -> str | None:
    """Return a path's name below the folder, `""` for the folder itself; None for one that leads elsewhere.

    The server has decoded it: what was written as `%2e%2e%2f` stands here as it is meant. Hidden files are nobody's.
    """
    steps = path.removeprefix("/").split("/")
    if steps[-1] == "":
        steps.pop()
    if any(not step or (step[0] == "." and step != WELL_KNOWN) or "\\" in step or "\0" in step for step in steps):
        return None
    return "/".join(steps)


def _read(root: str, name: str) -> Body | None:
    """Read a file, wherever links lead below the folder; None outside of it."""
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
    kind, is_text = media_type(path.name)
    packed = gzip.compress(data, 6, mtime=0) if is_text and data and len(data) >= SMALLEST else None
    modified = dt.datetime.fromtimestamp(int(found.st_mtime), dt.UTC)
    return Body(
        path=str(path),
        mark=(found.st_ino, found.st_mtime_ns, found.st_size),
        size=found.st_size if data is None else len(data),
        kind=kind.encode(),
        tag=tag.hexdigest()[:32],
        modified=format_datetime(modified, usegmt=True),
        data=data,
        packed=packed,
    )


def _opened(body: Body) -> BinaryIO:
    """Open a large file; OSError where it is another one by now."""
    file = Path(body.path).open("rb")  # noqa: SIM115  the caller closes it
    found = os.fstat(file.fileno())
    if (found.st_ino, found.st_mtime_ns, found.st_size) != body.mark:
        file.close()
        raise OSError
    return file


def _room(body: Body | None) -> int:
    return len(body.data or b"") + len(body.packed or b"") + 1000 if body else 500


def _takes_gzip(accepted: str) -> bool:
    """Say whether a reader takes gzip; `gzip;q=0` says no."""
    for each in accepted.lower().split(","):
        name, _, more = each.partition(";")
        if name.strip() in ("gzip", "x-gzip", "*"):
            return more.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _is_known(scope: Scope, etag: str, modified: str) -> bool:
    """Say whether the reader has it: If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
    if tags := replies.header(scope, b"if-none-match"):
        return replies.lists(tags, etag)
    since = replies.header(scope, b"if-modified-since")
    if since == modified or not since:
        return bool(since)
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
