"""The calendar page of a rehearsal."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cnddigest.rendering.templates import Templates

TEMPLATE = "rehearsal.html.j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """A Part that went out in a run."""

    serial: str
    run: str
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A moment as the page shows it: `public` are Parts of the public run, `own` those of people's own runs."""

    at: dt.datetime
    folder: str
    public: tuple[Outing, ...]
    own: tuple[Outing, ...]
    messages: int

    @property
    def iso(self) -> str:
        """Return the moment for programs."""
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"


def calendar(templates: Templates, title: str, moments: Sequence[Rehearsed]) -> str:
    """Return the page; its links lead into the moments' folders beside it."""
    return templates.render(
        TEMPLATE,
        title=templates.words.text("Rehearsal: {title}", title=title),
        moments=moments,
        messages=sum(moment.messages for moment in moments),
    )
