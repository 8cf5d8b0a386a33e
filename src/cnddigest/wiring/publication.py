"""The only place where edges meet verbs: settings in, an opened publication out."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cnddigest.config import Settings
from cnddigest.crew import Alone, Pair
from cnddigest.errors import BadConfiguration
from cnddigest.files import DryFolder, Folder
from cnddigest.inputs import PublicationFolder
from cnddigest.ports.files import Crew, FileSink
from cnddigest.ports.record import Store
from cnddigest.usecases import report
from cnddigest.usecases.ingest import ingest
from cnddigest.usecases.pictures import differ
from cnddigest.usecases.publish import Wanted, publish
from cnddigest.usecases.shop import Progress, Shop
from cnddigest.usecases.survey import plans, status

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates
    from cnddigest.store.sqlite import SqliteStore


class Opened:
    """A publication with its record, ready for verbs."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; the record is opened when a verb needs it."""
        self._settings = settings
        self._folder = Folder(settings.output)
        self._inputs = PublicationFolder(
            settings.root,
            configuration=Path(settings.path),
            recaps=tuple(
                path for serial in settings.publication.serials for path in (*serial.recaps, *serial.schedules)
            ),
        )

    def publish(
        self,
        *,
        now: dt.datetime,
        progress: Progress,
        serial: str | None = None,
        everything: bool = False,
        dry_run: bool = False,
    ) -> report.PublishReport:
        """Release what is due and write the output folder; a dry run does the same to copies."""
        wanted = Wanted(serial=serial, everything=everything, dry_run=dry_run)
        if dry_run:
            return publish(self._shop(self._copy(), DryFolder(self._folder), Alone(), now, progress), wanted)
        crew = Pair(before=self._store.rest)
        return publish(self._shop(self._store, self._folder, crew, now, progress), wanted)

    def plan(self, *, now: dt.datetime, serial: str | None = None) -> tuple[report.SerialPlan, ...]:
        """Return the Parts and their moments, as if a publish came now."""
        return plans(self._brought_up(now), self._settings.publication, serial=serial, now=now)

    def status(self, *, now: dt.datetime) -> report.Status:
        """Return how the publication stands."""
        return status(self._brought_up(now), self._settings.publication, now=now)

    def close(self) -> None:
        """Give the record back."""
        if "_store" in self.__dict__:
            self._store.close()

    def _brought_up(self, now: dt.datetime) -> Store:
        """Return a copy of the record that knows what the author changed since the last publish."""
        shop = self._shop(self._copy(), DryFolder(self._folder), Alone(), now, lambda *_: None)
        publication = self._settings.publication
        if shop.inputs.fingerprint() != shop.store.build_state().inputs or differ(shop.inputs, shop.store, publication):
            ingest(shop)
        return shop.store

    def _copy(self) -> Store:
        from cnddigest.store.memory import MemoryStore

        return self._store.copy() if self._is_remote or Path(self._settings.record).exists() else MemoryStore()

    @property
    def _is_remote(self) -> bool:
        return "://" in self._settings.record

    @cached_property
    def _store(self) -> "SqliteStore":
        from cnddigest.store.sqlite import open_store

        record = self._settings.record
        if self._is_remote:
            raise BadConfiguration(
                f"no such kind of record yet: {record.partition('://')[0]}", hint="use the path of an SQLite file"
            )
        return open_store(record)

    def _shop(self, store: Store, sink: FileSink, crew: Crew, now: dt.datetime, progress: Progress) -> Shop:
        return Shop(
            store=store,
            sink=sink,
            crew=crew,
            inputs=self._inputs,
            publication=self._settings.publication,
            templates=lambda: self._templates,
            now=now,
            progress=progress,
        )

    @cached_property
    def _templates(self) -> "Templates":
        from cnddigest.rendering.templates import Templates
        from cnddigest.rendering.words import Words

        publication = self._settings.publication
        words = Words(publication.language, publication.timezone, self._inputs.catalogs())
        return Templates(self._inputs.templates(), words)


@contextmanager
def open_publication(settings: Settings) -> Iterator[Opened]:
    """Open a publication, and give its record back whatever happens."""
    opened = Opened(settings)
    try:
        yield opened
    finally:
        opened.close()
