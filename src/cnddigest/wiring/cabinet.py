"""What the mail side holds open: the audience, the account, the secrets, each from when it is first needed."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cnddigest.audience.tokens import Tokens
from cnddigest.config import Settings
from cnddigest.errors import WrongUse
from cnddigest.ports.record import Store
from cnddigest.usecases.replays import Public
from cnddigest.wiring import keyring

if TYPE_CHECKING:
    from cnddigest.store.audience import SqliteAudience
    from cnddigest.store.ledger import SqliteLedger


class Cabinet:
    """The record as whoever has to do with mail needs it."""

    def __init__(self, settings: Settings, *, wait: float) -> None:
        """Open nothing yet; it waits so many seconds for another process's lock."""
        self.settings = settings
        self._wait = wait

    def close(self) -> None:
        """Give the record back."""
        for name in ("audience", "ledger"):
            if name in self.__dict__:
                self.__dict__[name].close()

    @property
    def is_there(self) -> bool:
        """Say whether there is a record."""
        return "://" in self.settings.record or Path(self.settings.record).exists()

    @cached_property
    def audience(self) -> "SqliteAudience":
        """Return who listens; the record is made where there is none."""
        from cnddigest.store.audience import SqliteAudience

        return SqliteAudience(self.settings.record, wait=self._wait)

    @cached_property
    def ledger(self) -> "SqliteLedger":
        """Return the account of who got what; raises BadRecord where there is none."""
        from cnddigest.store.ledger import SqliteLedger

        return SqliteLedger(self.settings.record, wait=self._wait)

    @cached_property
    def tokens(self) -> Tokens:
        """Return what links are signed with; raises BadConfiguration where the record was used with other secrets."""
        return keyring.tokens(self.settings.web, self.audience)

    def replace_lost_secret(self) -> int:
        """Go on without the lost one; return how many orders about erased persons can't be recognised any more."""
        if not self.is_there:
            raise WrongUse("no secret is lost: there is no record yet")
        return keyring.replace_lost(self.settings.web, self.audience)

    def open_store(self) -> Store:
        """Return a Store for the thread that calls it."""
        from cnddigest.store.sqlite import open_store

        return open_store(self.settings.record, create=False)

    @property
    def base_url(self) -> str:
        """Return what links begin with."""
        return self.settings.publication.base_url

    @contextmanager
    def public(self) -> Iterator[Public]:
        """Hold what is public, for Replays."""
        with closing(self.open_store()) as store:
            yield Public(store, self.settings.publication)

    def tags(self) -> dict[str, str]:
        """Return what the entry ids of each Serial begin with; one that was never read is not among them."""
        with closing(self.open_store()) as store:
            found = {serial.slug: store.serial(serial.slug) for serial in self.settings.publication.serials}
        return {slug: state.tag for slug, state in found.items() if state}
