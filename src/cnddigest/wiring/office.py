"""The mail side of a publication: what is open, and who does what with it."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from cnddigest.config import Settings
from cnddigest.wiring.account import Account
from cnddigest.wiring.cabinet import Cabinet
from cnddigest.wiring.people import People
from cnddigest.wiring.replays import Replays
from cnddigest.wiring.sending import Sending

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates


class Office(Cabinet):
    """A cabinet, and four desks that share it."""

    def __init__(self, settings: Settings, templates: "Callable[[str], Templates]", *, wait: float = 10.0) -> None:
        """Take the settings; the record must exist, or be made by whoever takes people in.

        It waits so many seconds for another process's lock.
        """
        super().__init__(settings, wait=wait)
        self._templates = templates

    @cached_property
    def replays(self) -> Replays:
        """Return who knows people's own runs."""
        return Replays(self)

    @cached_property
    def people(self) -> People:
        """Return who knows the audience."""
        return People(self, self.replays)

    @cached_property
    def account(self) -> Account:
        """Return who knows what became of each Delivery."""
        return Account(self)

    @cached_property
    def sending(self) -> Sending:
        """Return who makes and sends."""
        return Sending(self, self._templates)
