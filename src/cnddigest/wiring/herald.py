"""Who tells other servers of what is new, and takes the wishes of those that want to be told."""

import datetime as dt
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cnddigest.config import Settings
from cnddigest.config.loading import LOOPBACK
from cnddigest.files import Folder
from cnddigest.site import paths

if TYPE_CHECKING:
    from cnddigest.ports.hub import Failing, Waiting
    from cnddigest.store.hub import SqliteHubs
    from cnddigest.usecases.tell import Pushed, Teller, Told

Clock = Callable[[], dt.datetime]


class Herald:
    """What a publication tells, with the record opened for each errand: it is rare, and any thread may run it."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings."""
        self._settings = settings
        self.own = f"{settings.publication.base_url}{paths.HUB}"
        self.hubs = tuple(hub for hub in settings.web.hubs if hub != self.own or not settings.web.is_hub)

    @property
    def is_private(self) -> bool:
        """Say whether callbacks may stand in a private network: where we do ourselves, or where that is wanted."""
        host = urlsplit(self._settings.publication.base_url).hostname or ""
        return self._settings.web.hub_private or host.startswith(LOOPBACK)

    def announce(self, *, clock: Clock, stop: threading.Event | None = None) -> "Told":
        """Tell hubs of feeds that changed since they were told."""
        from cnddigest.usecases.tell import Told

        if not (self.hubs and self._is_there):
            return Told()
        with self._teller(clock, stop) as teller:
            return teller.announce(self.hubs)

    def serve(self, *, clock: Clock, stop: threading.Event | None = None) -> "Pushed":
        """Do what a hub does: ask callbacks, and push."""
        from cnddigest.usecases.tell import Pushed

        if not (self._settings.web.is_hub and self._is_there):
            return Pushed()
        with self._teller(clock, stop) as teller:
            looked = teller.look(lambda: secrets.token_urlsafe(32), is_private=self.is_private)
            return teller.push(Folder(self._settings.output).read, hub=self.own, is_private=self.is_private) + looked

    def accept(self, form: Mapping[str, str], *, now: dt.datetime) -> bool:
        """Keep a wish that was sent to our hub; False where there are too many, WrongUse for what is none."""
        from cnddigest.hub import wish

        intent = wish.read(form, self._settings.publication, is_private=self.is_private)
        with closing(self._open()) as hubs:
            return hubs.accept(intent, now=now)

    def failing(self) -> "list[Failing]":
        """Return the hubs that could not be told."""
        if not (self.hubs and self._is_there):
            return []
        with closing(self._open()) as hubs:
            return hubs.failing(self.hubs)

    def waiting(self) -> "list[Waiting]":
        """Return the hubs that have still to be told of feeds."""
        from cnddigest.hub.topics import topics

        if not (self.hubs and self._is_there):
            return []
        with closing(self._open()) as hubs:
            return hubs.waiting(self.hubs, topics(self._settings.publication))

    @contextmanager
    def _teller(self, clock: Clock, stop: threading.Event | None) -> "Iterator[Teller]":
        from cnddigest.servers import Servers
        from cnddigest.usecases.tell import Teller

        stopped = stop.is_set if stop else lambda: False
        with closing(self._open()) as hubs:
            yield Teller(hubs, Servers(), self._settings.publication, clock=clock, stop=stopped)

    def _open(self) -> "SqliteHubs":
        from cnddigest.store.hub import SqliteHubs

        return SqliteHubs(self._settings.record)

    @property
    def _is_there(self) -> bool:
        record = self._settings.record
        return "://" not in record and Path(record).exists()
