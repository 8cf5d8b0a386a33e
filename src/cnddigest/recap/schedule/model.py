"""One talk as the conference's own schedule has it."""

import datetime as dt
from dataclasses import dataclass

from cnddigest.recap.model import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEvent:
    """A talk of a schedule, whatever format it was read from; breaks and cancelled talks are none.

    `source` is the format's name. `id` is the name of the event in its file, `keys` are all names that may stand
    in the address of its page: numbers, codes, guids. `date` is the conference's day, which goes on after
    midnight; `day` is that day's number where the file counts days. Times are wall clock, `HH:MM`.
    `also_titled` is another way to read where the title ends.
    """

    source: str
    id: str
    title: str
    also_titled: str | None = None
    keys: tuple[str, ...] = ()
    url: str | None = None
    date: dt.date | None = None
    day: int | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    room: str | None = None
    track: str | None = None
    language: str | None = None
    level: str | None = None
    speakers: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
