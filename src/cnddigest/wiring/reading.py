"""What the web reads of a publication, for one thread: opened when it is needed, and nothing is written."""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from cnddigest.audience.tokens import Tokens
from cnddigest.config import Settings
from cnddigest.errors import BadRecord, CndDigestError
from cnddigest.inputs import PublicationFolder
from cnddigest.usecases import replay_feeds
from cnddigest.usecases.replay_feeds import Document, ReplayFeed, Run, Wanted
from cnddigest.usecases.shelf import Shelf, shelf
from cnddigest.wiring import keyring

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates
    from cnddigest.rendering.words import Words

T = TypeVar("T")


class Reading:
    """The record as readers of feeds see it; read anew when a publish moved it."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; the record need not be there yet."""
        self._settings = settings
        self._opened: _Opened | None = None

    def replay(
        self, token: str, name: str, archive: int | None, *, knows: Callable[[str], bool], now: dt.datetime
    ) -> tuple[Document, Run] | None:
        """Return a document of the feed that a token names, and whose it is; None where there is none.

        Raises BadRecord, RecordBusy or another CndDigestError while the record can't be used.
        """
        return self._read(lambda opened: opened.replay(token, name, archive, knows, now))

    def next_release(self) -> dt.datetime | None:
        """Return when the public run brings something next."""
        return self._read(lambda opened: opened.next_release())

    def close(self) -> None:
        """Give the record back."""
        if self._opened:
            self._opened.close()
        self._opened = None

    def _read(self, ask: "Callable[[_Opened], T]") -> T:
        now_at = place(self._settings.record)
        if self._opened and self._opened.place != now_at:  # a backup was put back
            self.close()
        try:
            self._opened = self._opened or _Opened(self._settings, now_at)
            return ask(self._opened)
        except CndDigestError:
            self.close()
            raise


class _Opened:
    """The record's connections, and what was read through them as of one revision."""

    def __init__(self, settings: Settings, place: tuple[int, int]) -> None:
        from cnddigest.store.audience import SqliteAudience
        from cnddigest.store.sqlite import open_store

        self.place = place
        self._settings = settings
        self._store = open_store(settings.record, create=False)
        self._audience = SqliteAudience(settings.record, create=False)
        self._tokens: Tokens | None = None
        self._revision = -1
        self._next_at: dt.datetime | None = None
        self._shelves: dict[str, Shelf | None] = {}
        self._style = ""
        self._templates: Callable[[], Templates] = _unread

    def replay(
        self, token: str, name: str, archive: int | None, knows: Callable[[str], bool], now: dt.datetime
    ) -> tuple[Document, Run] | None:
        run = self._run(token)
        found = self._shelf(run.serial) if run else None
        if not run or not found:
            return None
        url = f"{self._settings.publication.base_url}replay/{token}/{name}"
        wanted = Wanted(name=name, archive=archive, url=url, knows=knows)
        made = ReplayFeed(found, run, now=now).document(wanted)
        return (replace(made, changed_at=self._changed_at(run.serial, made.changed_at, now)), run) if made else None

    def _changed_at(self, slug: str, at: dt.datetime, now: dt.datetime) -> dt.datetime:
        """Return when a feed last changed, its texts included: whatever changes those writes the public feed anew."""
        try:
            written = os.stat(self._settings.output / slug / "rss.xml").st_mtime  # noqa: PTH116  at every request
        except OSError:
            return at
        return min(max(at, dt.datetime.fromtimestamp(written, dt.UTC)), max(at, now))

    def next_release(self) -> dt.datetime | None:
        self._follow()
        return self._next_at

    def close(self) -> None:
        self._store.close()
        self._audience.close()

    def _run(self, token: str) -> Run | None:
        """Return whose feed a token names; before the first link was signed there is none."""
        if self._tokens is None:
            known = self._audience.fingerprints()
            if not known:
                return None
            self._tokens = keyring.vouched(self._settings.web, known)
        number = self._tokens.read("replay", token)
        if number is not None:
            listener = self._audience.listener(number)
            language = listener.subscriber.language if listener else ""
            return replay_feeds.of_subscription(listener.subscription, language=language) if listener else None
        schedule = self._tokens.read_schedule(token)
        return replay_feeds.of_schedule(schedule) if schedule else None

    def _shelf(self, slug: str) -> Shelf | None:
        self._follow()
        if slug not in self._shelves:
            publication = self._settings.publication
            self._shelves[slug] = shelf(
                self._store, publication, slug, style=self._style, templates=self._templates, words=self._words
            )
        return self._shelves[slug]

    def _follow(self) -> None:
        """Forget what was read before the last publish: texts, dates and templates may be others."""
        revision = self._store.build_state().revision
        if revision == self._revision:
            return
        settings = self._settings
        folder = PublicationFolder(settings.root, configuration=settings.path, recaps=())
        self._style, self._templates = folder.style(), cache(lambda: self._open_templates(folder))
        self._words = cache(lambda language, zone: self._speak(folder, language, zone))
        self._shelves.clear()
        coming = (next(self._store.headlines(each.slug, released=False), None) for each in settings.publication.serials)
        self._next_at = min((headline.release_at for headline in coming if headline), default=None)
        self._revision = revision

    def _open_templates(self, folder: PublicationFolder) -> "Templates":
        from cnddigest.rendering.templates import Templates

        return Templates(folder.templates(), self._speak(folder, "", self._settings.publication.timezone))

    def _speak(self, folder: PublicationFolder, language: str, zone: ZoneInfo) -> "Words":
        from cnddigest.rendering.words import Words

        return Words(language or self._settings.publication.language, zone, folder.catalogs())


def _unread() -> "Templates":
    raise AssertionError("nothing was read yet")


def place(record: str) -> tuple[int, int]:
    """Return which file the record is; raises BadRecord while there is none."""
    try:
        found = os.stat(record)  # noqa: PTH116  at every request
    except (OSError, ValueError) as error:
        raise BadRecord("record does not exist yet", hint="`cnddigest publish` makes it") from error
    return found.st_dev, found.st_ino
