"""A rehearsal, as its calendar page shows it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnddigest.serial.model import MAIN

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates

TEMPLATE = "rehearsal.html.j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """A Part that went out, of the public run or somebody's own."""

    serial: str
    run: str
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment at which something went out, and the folder that shows how it looked from then on."""

    at: dt.datetime
    folder: str
    released: tuple[Outing, ...]
    messages: int

    @property
    def public(self) -> tuple[Outing, ...]:
        """Return the Parts of the public run, which have an Issue to show."""
        return tuple(out for out in self.released if out.run == MAIN)

    @property
    def own(self) -> tuple[Outing, ...]:
        """Return the Parts of people's own runs."""
        return tuple(out for out in self.released if out.run != MAIN)

    @property
    def iso(self) -> str:
        """Return the moment for programs."""
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"


def calendar(templates: "Templates", title: str, moments: Sequence[Moment]) -> str:
    """Return the page; its links lead into the moments' folders beside it."""
    return templates.render(
        TEMPLATE,
        title=templates.words.text("Rehearsal: {title}", title=title),
        moments=moments,
        messages=sum(moment.messages for moment in moments),
    )
