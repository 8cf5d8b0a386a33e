"""The output folder over HTTP: one look at the disk a request, bodies in memory as far as there is room.

path ──known, and its file untouched?──> 200 or 304, ready made
  └──segments──> file ──read, hashed, packed, once──^

Files are replaced as wholes (see `files`), so a body is never half of one and half of another.
"""

import asyncio
import os
import stat
import time
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.types import Scope, Send

from cnddigest.web import body as bodies
from cnddigest.web import replies
from cnddigest.web.body import Body, Mark, Start, Version
from cnddigest.web.negotiation import PLAIN, packing, wants_page
from cnddigest.web.replies import Headers

ROOM = 64_000_000  # bytes of bodies at hand: the feeds and pages of a hundred recaps
CHUNK = 256 * 1024
INDEX = "index.html"
WELL_KNOWN = ".well-known"  # RFC 8615: the one hidden folder that is for everybody
STEADY = 0.5  # seconds for which an age, told in whole ones, is taken as it was

Missing = Callable[[Scope, Send], Awaitable[None]]
Ready = tuple[Start, bytes]  # how an answer begins, and its body


class Static:
    """Answers with files below a folder.

    `max_age` says for how many seconds they are good, `more` which headers of its own a file has, by its name, and
    `missing` answers where there is none.
    """

    def __init__(
        self,
        folder: os.PathLike[str],
        max_age: Callable[[], Awaitable[int]],
        *,
        more: Callable[[str], Headers] = lambda _: [],
        missing: Missing = replies.no_such_page,
    ) -> None:
        """Take the folder; it need not be there yet."""
        self._root = str(folder)
        self._max_age, self._more, self._missing = max_age, more, missing
        self._age, self._age_at = 0, -STEADY
        self._known: dict[str, tuple[str, Body]] = {}  # by the path that was asked for: the file, and what it was
        self._used = 0
        self._under_way: dict[tuple[str, Mark], asyncio.Task[Body | None]] = {}

    async def answer(self, scope: Scope, send: Send) -> None:
        """Answer a request; what is no file of ours is 404."""
        if scope["method"] not in replies.READING:
            await replies.not_so(scope, send, replies.READING)
            return
        body = self._at_hand(scope["path"])
        if body is None:
            name = self._file(scope["path"])
            if name is not None and name.endswith("/"):
                await self._to_folder(scope, send, name[:-1])
                return
            body = await self._new(scope["path"], name) if name is not None else None
        if body is None:
            await self._missing(scope, send)
        else:
            await self._send(scope, send, body)

    def ready(self, method: str, path: str, asked: dict[bytes, bytes]) -> Ready | None:
        """Return the same answer at once, where it takes no more than a look at the disk; else None."""
        if method not in replies.READING or time.monotonic() - self._age_at > STEADY:
            return None
        body = self._at_hand(path)
        if body is None:
            return None
        start, data = _answer(method, asked, body, self._age)
        return None if data is None else (start, data)

    # Which file it is

    def _at_hand(self, path: str) -> Body | None:
        """Return what was answered before, if the file is still the same."""
        known = self._known.get(path)
        if known is None:
            return None
        file, body = known
        try:
            found = os.stat(file)  # noqa: PTH116  at every request
        except OSError:
            found = None
        if found and (found.st_ino, found.st_mtime_ns, found.st_size) == body.mark:
            return body
        self._forget(path)
        return None

    def _file(self, path: str) -> str | None:
        """Return the name of the file that a path means; with a slash behind it, that of a folder asked for without."""
        name = _below(path)
        found = self._look(name) if name is not None else None
        if name is None or found is None:
            return None
        if stat.S_ISDIR(found.st_mode):
            index = os.path.join(name, INDEX)  # noqa: PTH118  `name` may be empty
            if self._look(index) is None:
                return None
            return index if path.endswith("/") else f"{name}/"
        return name if stat.S_ISREG(found.st_mode) and not path.endswith("/") else None

    def _look(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(f"{self._root}/{name}")  # noqa: PTH116  never resolved: the name was looked at
        except (OSError, ValueError):  # a name that no file can have is a ValueError
            return None

    async def _new(self, path: str, name: str) -> Body | None:
        """Read a file, once for all who ask meanwhile."""
        found = self._look(name)
        if found is None:
            return None
        key = (name, bodies.mark(found))
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(asyncio.to_thread(bodies.read, self._root, name, self._more(name)))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        body = await asyncio.shield(task)
        if body is not None and path not in self._known:
            self._keep(path, f"{self._root}/{name}", body)
        return body

    def _keep(self, path: str, file: str, body: Body) -> None:
        self._used += body.room
        while self._known and self._used > ROOM:
            self._forget(next(iter(self._known)))
        self._known[path] = (file, body)

    def _forget(self, path: str) -> None:
        self._used -= self._known.pop(path)[1].room

    async def _to_folder(self, scope: Scope, send: Send, name: str) -> None:
        # Relative, since whoever stands before us may have cut off the beginning of the path.
        place = f"./{quote(name.rpartition('/')[2])}/"
        await replies.say(scope, send, 308, "it is a folder", (b"location", place.encode()))

    # The answer

    async def _send(self, scope: Scope, send: Send, body: Body) -> None:
        start, data = _answer(scope["method"], replies.headers(scope), body, await self._good_for())
        if data is None:
            await self._stream(scope, send, body, start)
        else:
            await replies.send_all(send, start.message, data)

    async def _good_for(self) -> int:
        now = time.monotonic()
        if now - self._age_at > STEADY:
            self._age, self._age_at = await self._max_age(), now
        return self._age

    async def _stream(self, scope: Scope, send: Send, body: Body, start: Start) -> None:
        """Send a large file piece by piece.

        Where somebody writes into it meanwhile, no more than was announced; where it has less, no last word, at which
        uvicorn ends the connection: the reader sees that something is missing.
        """
        try:
            file = await asyncio.to_thread(bodies.opened, body)
        except OSError:  # gone, or another one by now
            await replies.say(scope, send, 503, "it is changing, ask again", (b"retry-after", b"1"))
            return
        left = body.versions[PLAIN].size
        with file:
            await send(start.message)
            while left and (piece := await asyncio.to_thread(file.read, min(CHUNK, left))):
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": left > 0})


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


def _answer(method: str, asked: dict[bytes, bytes], body: Body, age: int) -> tuple[Start, bytes | None]:
    """Return how an answer begins, and its body; None for one that is read piece by piece."""
    version = _version(body, asked)
    if _is_known(asked, version, body.modified):
        return version.known(age), b""
    return version.found(age), b"" if method == "HEAD" else version.data


def _version(body: Body, asked: dict[bytes, bytes]) -> Version:
    """Return the version that suits a reader best."""
    versions = body.versions
    if body.view and wants_page(asked.get(b"accept", b""), body.kind):
        versions = body.view
    accepted = asked.get(b"accept-encoding")
    if accepted is None or len(versions) == 1:
        return versions[PLAIN]
    return versions.get(packing(accepted)) or versions[PLAIN]


def _is_known(asked: dict[bytes, bytes], version: Version, modified: str) -> bool:
    """Say whether the reader has it: If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
    if tags := asked.get(b"if-none-match"):
        return tags == version.etag or replies.lists(tags.decode("latin-1"), version.etag.decode())
    return replies.not_after(modified, asked.get(b"if-modified-since", b"").decode("latin-1"))
