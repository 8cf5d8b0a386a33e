"""The record, asked by the web: one thread reads it, so that its connections stay where they were opened."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cnddigest.errors import CndDigestError
from cnddigest.usecases.replay_feeds import Document, Run
from cnddigest.wiring.reading import Reading

HOUR = 3600  # seconds: an edit, or a wish of a person, is seen after that much at the latest
SOON = 60  # seconds, where something is due that was not published yet
PAUSE = 10.0  # seconds between two looks at when the next release is


class Record:
    """Answers from the record, one after the other."""

    def __init__(self, reading: Reading, clock: Callable[[], dt.datetime]) -> None:
        """Begin no thread yet."""
        self._reading = reading
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "record")
        self._next_at: dt.datetime | None = None
        self._looked_at = -PAUSE

    async def replay(
        self, token: str, name: str, archive: int | None, knows: Callable[[str], bool]
    ) -> tuple[Document, Run] | None:
        """Return a document of a Replay's feed; raises CndDigestError while the record can't be used."""

        def read() -> tuple[Document, Run] | None:
            return self._reading.replay(token, name, archive, knows=knows, now=self._clock())

        return await asyncio.get_running_loop().run_in_executor(self._thread, read)

    async def max_age(self) -> int:
        """Return for how many seconds what is public stays as it is."""
        if time.monotonic() - self._looked_at > PAUSE:
            self._looked_at = time.monotonic()
            loop = asyncio.get_running_loop()
            try:
                self._next_at = await loop.run_in_executor(self._thread, self._reading.next_release)
            except CndDigestError:  # nothing was published yet, or the record is away: files are served all the same
                self._next_at = self._clock()
        return self.until(self._next_at)

    def until(self, moment: dt.datetime | None) -> int:
        """Return how many seconds an answer is good that changes at a moment, None where that is unknown."""
        seconds = HOUR if moment is None else int((moment - self._clock()).total_seconds())
        return min(seconds, HOUR) if seconds > 0 else SOON

    def close(self) -> None:
        """Give the record back, when the last question was answered."""
        self._thread.submit(self._reading.close)
        self._thread.shutdown()
