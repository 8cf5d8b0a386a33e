"""Where people are received: what a page needs of the record, opened when somebody comes, for one thread."""

import datetime as dt
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from cnddigest.audience.tokens import Tokens
from cnddigest.config import Settings
from cnddigest.errors import CndDigestError, RecordAway
from cnddigest.rendering.masthead import Masthead
from cnddigest.serial.model import Serial
from cnddigest.usecases import about, replays
from cnddigest.wiring import keyring
from cnddigest.wiring.office import Office
from cnddigest.wiring.publication import Opened

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates
    from cnddigest.rendering.words import Words
    from cnddigest.store.admissions import SqliteAdmissions
    from cnddigest.store.limits import SqliteLimits
    from cnddigest.store.lookout import SqliteLookout
    from cnddigest.store.sqlite import SqliteStore

T = TypeVar("T")
FRESH = 60.0  # seconds until templates and texts are read anew: whoever edits them sees it soon


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a visitor gets: a page, or with `place` the way to one. `place` is relative to the path that was asked."""

    html: str = ""
    status: HTTPStatus = HTTPStatus.OK
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks: the network they come from, and the language that they read, `""` where they did not say."""

    network: str
    language: str = ""


class Reception:
    """The record and the templates for whoever comes in by the web; one thread's own."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], dt.datetime],
        *,
        nudge: Callable[[], None] = lambda: None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Open nothing yet; `nudge` tells whoever delivers that something was queued, `tell` the operator of faults."""
        self._settings = settings
        self._clock = clock
        self._nudge = nudge
        self._tell = tell
        self._counter: Counter | None = None

    def serve(self, visit: "Callable[[Counter], T]") -> T:
        """Return what comes of a visit; raises CndDigestError while the record can't be used."""
        place = _place(self._settings.record)
        if self._counter and not self._counter.is_good(place):
            self.close()
        try:
            self._counter = self._counter or Counter(self._settings, self._clock, self._nudge, place)
            return visit(self._counter)
        except CndDigestError as error:
            self._tell(f"visit.failed reason={error.message}")
            self.close()
            raise

    def knows(self, token: str) -> bool:
        """Say whether we signed a link; this alone may be asked on any thread."""
        return keyring.signed(self._settings.web, token)

    def close(self) -> None:
        """Give the record back."""
        if self._counter:
            self._counter.close()
        self._counter = None


class Counter:
    """What is at hand while somebody is served."""

    def __init__(
        self, settings: Settings, clock: Callable[[], dt.datetime], nudge: Callable[[], None], place: tuple[int, int]
    ) -> None:
        self.settings = settings
        self.nudge = nudge
        self._clock = clock
        self._place = place
        self._opened = Opened(settings, resident=True)
        self._since = time.monotonic()
        self._templates: dict[str, Templates] = {}

    def is_good(self, place: tuple[int, int]) -> bool:
        """Say whether it is still that record, and what was read is fresh."""
        return self._place == place and time.monotonic() < self._since + FRESH

    def close(self) -> None:
        """Give the record back."""
        self._opened.close()
        for name in ("limits", "store", "lookout", "admissions"):
            if name in self.__dict__:
                self.__dict__[name].close()

    @property
    def now(self) -> dt.datetime:
        """Return the moment."""
        return self._clock()

    @property
    def office(self) -> Office:
        """Return the mail side."""
        return self._opened.office

    @property
    def tokens(self) -> Tokens:
        """Return what links are signed with."""
        return self.office.tokens

    @property
    def opened(self) -> Opened:
        """Return the publication."""
        return self._opened

    @cached_property
    def limits(self) -> "SqliteLimits":
        """Return who asks too often."""
        from cnddigest.store.limits import SqliteLimits

        return SqliteLimits(self.settings.record)

    @cached_property
    def store(self) -> "SqliteStore":
        """Return what is public."""
        from cnddigest.store.sqlite import open_store

        return open_store(self.settings.record, create=False)

    @cached_property
    def lookout(self) -> "SqliteLookout":
        """Return what a publisher looks at."""
        from cnddigest.store.lookout import SqliteLookout

        return SqliteLookout(self.settings.record)

    @cached_property
    def admissions(self) -> "SqliteAdmissions":
        """Return which publishers are logged in."""
        from cnddigest.store.admissions import SqliteAdmissions

        return SqliteAdmissions(self.settings.record)

    @property
    def public(self) -> replays.Public:
        """Return what Replays have to know of what is public, as it is now."""
        return replays.Public(self.store, self.settings.publication)

    def templates(self, *languages: str) -> "Templates":
        """Return templates in the first of these languages that is one, else in the publication's."""
        language = next(filter(None, languages), "")
        if language not in self._templates:
            self._templates[language] = self._opened.templates_in(language)
        return self._templates[language]

    def words(self, *languages: str) -> "Words":
        """Return the texts in that language."""
        return self.templates(*languages).words

    @property
    def serials(self) -> tuple[Serial, ...]:
        """Return what can be subscribed to."""
        return self.settings.publication.serials

    def serial(self, slug: str) -> Serial | None:
        """Return a Serial by its name; the only one needs none."""
        if not slug and len(self.serials) == 1:
            return self.serials[0]
        return next((each for each in self.serials if each.slug == slug), None)

    def masthead(self, slug: str) -> Masthead:
        """Return a Serial as its readers see it; raises RecordAway before it was first read."""
        state = self.store.serial(slug)
        if state is None:
            raise RecordAway(f"nothing was published yet: {slug}")
        return about.masthead(self.settings.publication, state)


def _place(record: str) -> tuple[int, int]:
    """Return which file the record is; raises RecordAway while there is none."""
    try:
        found = os.stat(record)  # noqa: PTH116  at every request
    except (OSError, ValueError) as error:
        raise RecordAway("record does not exist yet", hint="`cnddigest publish` makes it") from error
    return found.st_dev, found.st_ino
