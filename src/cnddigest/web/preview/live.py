"""What the preview shows now, and who is told when that changes."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from cnddigest.rendering.preview.model import Problem
from cnddigest.wiring.preview import Played

KEPT_ALIVE = 15.0  # seconds after which a silent stream says something, so that a browser that left is noticed


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The last result that could be made, and why the last change could not be, if so.

    `revision` is another one after each build, and in each process.
    """

    revision: str
    played: Played | None = None
    problem: Problem | None = None


class Live:
    """Written by the thread that builds, read by the server's."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._numbers = itertools.count(1)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._streams: set[asyncio.Event] = set()
        self.is_over = False
        self.now = Now(revision=self._next())

    def show(self, played: Played) -> None:
        """Show a result."""
        self.now = Now(revision=self._next(), played=played)
        self._ring()

    def tell(self, problem: Problem) -> None:
        """Show a problem, beside the last result there is."""
        self.now = Now(revision=self._next(), played=self.now.played, problem=problem)
        self._ring()

    def end(self) -> None:
        """Let every stream end."""
        self.is_over = True
        self._ring()

    async def revisions(self) -> AsyncIterator[str]:
        """Yield the revision there is, then each one that comes, and `""` where none came for some seconds."""
        self._loop = asyncio.get_running_loop()
        changed = asyncio.Event()
        self._streams.add(changed)
        try:
            told = ""
            while not self.is_over:
                changed.clear()
                now = self.now.revision
                yield now if now != told else ""
                told = now
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), KEPT_ALIVE)
        finally:
            self._streams.discard(changed)

    def _next(self) -> str:
        return f"{os.getpid()}-{next(self._numbers)}"

    def _ring(self) -> None:
        if self._loop:
            with suppress(RuntimeError):  # the loop has ended, and its streams with it
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for changed in self._streams:
            changed.set()
