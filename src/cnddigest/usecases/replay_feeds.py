"""A Replay's feed, made when somebody asks: the public feed's own texts, joined with the run's moments.

run + public Parts ──reached(now)──> Lines ──digest──> ETag ──known to the reader?──> not modified
                                                           └──> items out of the record's cache, joined

Nothing is written: a timeline that nobody asks for costs nothing.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urljoin

from cnddigest.audience.model import Subscription, SubscriptionStatus
from cnddigest.audience.replay import Replay
from cnddigest.audience.schedule import Schedule
from cnddigest.feed import paging
from cnddigest.feed.model import Channel
from cnddigest.rendering import notes
from cnddigest.rendering.entry import Entry
from cnddigest.serial import replay
from cnddigest.serial.cadence import SECOND
from cnddigest.serial.replay import Course
from cnddigest.site import paths
from cnddigest.site.target import digest
from cnddigest.usecases.feeds import FORMATS, channel_of
from cnddigest.usecases.painter import RUN
from cnddigest.usecases.replays import dates
from cnddigest.usecases.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One timeline: a person's own, or one that an address carries. `language` is `""` for the publication's.

    One that is stateless is nobody's own: whoever has the address sees the same.
    """

    serial: str
    name: str
    settings: Replay
    course: Course
    language: str = ""
    is_stateless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which document of a feed: `rss.xml`, and the number of an archive, None for the one that is subscribed to.

    `url` is the address of the latter. `knows` says of an ETag whether the reader has that very document.
    """

    name: str
    archive: int | None
    url: str
    knows: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is answered; `body` is None where the reader has it.

    `changed_at` is when the timeline last moved; the public texts in it may have changed since. `next_at` is when it
    changes next, if that is known.
    """

    etag: str
    changed_at: dt.datetime
    body: bytes | None
    next_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An Entry to be, with its dates; `entry` makes it, and `key` names all that it is made from.

    `lasts` is False for what only this reader sees, and soon nobody.
    """

    key: str
    published_at: dt.datetime
    updated_at: dt.datetime
    entry: Callable[[], Entry]
    lasts: bool = True


def of_subscription(subscription: Subscription, *, language: str) -> Run | None:
    """Return a person's own timeline, None without one; whoever left has none any more."""
    wanted, course = subscription.replay, subscription.course
    if wanted is None or course is None or subscription.status is not SubscriptionStatus.ACTIVE:
        return None
    return Run(serial=subscription.serial, name=subscription.run, settings=wanted, course=course, language=language)


def of_schedule(schedule: Schedule) -> Run:
    """Return the timeline that an address carries."""
    return Run(
        serial=schedule.serial, name=schedule.run, settings=schedule.settings, course=schedule.course, is_stateless=True
    )


class ReplayFeed:
    """The feed of one run, as of a moment."""

    def __init__(self, shelf: Shelf, run: Run, *, now: dt.datetime) -> None:
        """Work out what is there; raises BadConfiguration where the settings allow no date."""
        self._shelf, self._desk, self._run = shelf, shelf.desk, run
        rhythm = shelf.rhythm(run.settings)
        self._zone = rhythm.cadence.timezone
        self._course = replay.reached(run.course, rhythm, shelf.steps, now)
        self._calendar = dates(self._course, rhythm, shelf.steps)
        self._over_at = self._end_of()
        self._is_over = self._over_at is not None and self._over_at <= now
        self._lines = self._all_lines()

    def document(self, wanted: Wanted) -> Document | None:
        """Return a document, None where there is no such archive."""
        count = len(self._lines)
        try:
            place = paging.archive(count, wanted.archive) if wanted.archive else paging.current(count)
        except IndexError:
            return None
        lines = self._lines[place.first - 1 : place.last][::-1]
        facts = [(line.key, line.published_at, line.updated_at) for line in lines]
        desk, run = self._desk, self._run
        etag = digest(desk.style, desk.tag, run.name, wanted.name, wanted.url, place, self._is_over, *facts)
        body = None if wanted.knows(etag) else self._joined(wanted, place, lines)
        return Document(etag=etag, body=body, changed_at=self._changed_at(), next_at=self._next_at())

    def _changed_at(self) -> dt.datetime:
        """Return the last moment of all Entries, or when the settings were changed; an end is one moment more."""
        moments = [line.updated_at for line in self._lines]
        return max([*moments, self._course.since or moments[0], (self._is_over and self._over_at) or moments[0]])

    def _next_at(self) -> dt.datetime | None:
        if self._is_over:
            return None
        coming = (date.release_at for date in self._calendar if date.released_at is None)
        return next(coming, self._over_at)

    # Which Entries there are

    def _all_lines(self) -> list[Line]:
        """Return the Entries there are by now, oldest first; never none."""
        there = list(self._parts())
        if self._over_at is not None and self._is_over:
            return [*there, self._end(self._over_at)]
        return there or [self._begins()]

    def _end_of(self) -> dt.datetime | None:
        """Return when it is over, None where a Part is still to come.

        That is the second after the last Part, since no two Entries change at once in one feed. Who had all Parts
        elsewhere has it over as it begins.
        """
        course = self._course
        if course.position < len(self._shelf.steps):
            return None
        return self._calendar[-1].release_at + SECOND if self._calendar else course.step_at or course.began_at

    def _parts(self) -> Iterator[Line]:
        for date in self._calendar:
            headline = self._shelf.headlines.get(date.part)
            if date.released_at is not None and headline:
                yield Line(
                    key=headline.digest,
                    published_at=date.release_at,
                    # An edit from before this person had it is none to them.
                    updated_at=max(date.release_at, headline.updated_at),
                    entry=partial(self._part, date.part),
                )

    def _part(self, number: int) -> Entry:
        return self._desk.painter.entry(self._desk.copy.of(number), None)

    def _begins(self) -> Line:
        course = self._course
        part, at = course.position + 1, course.began_at
        first = self._calendar[0].release_at if self._calendar else None
        paused = self._run.settings.paused
        return Line(
            key=digest(notes.BEGINS, self._run.language, self._zone, part, first, paused),
            published_at=at,
            updated_at=max(at, course.since or at),
            entry=lambda: notes.begins(self._voice(), part=part, release_at=first, at=at, paused=paused),
            lasts=False,
        )

    def _end(self, at: dt.datetime) -> Line:
        return Line(
            key=digest(notes.END, self._run.language),
            published_at=at - SECOND,
            updated_at=at,
            entry=lambda: notes.end(self._voice(), at=at),
        )

    def _voice(self) -> notes.Voice:
        words = self._shelf.words(self._run.language, self._zone)
        return notes.Voice(words=words, masthead=self._desk.masthead, tag=self._desk.tag, run=RUN)

    # How they are joined

    def _joined(self, wanted: Wanted, place: paging.Document, lines: Sequence[Line]) -> bytes:
        desk, form = self._desk, FORMATS[wanted.name]
        frame = desk.texts.get(
            digest(desk.style, desk.tag, "replay frame", wanted.name),
            lambda: form.frame(self._channel(wanted.name)),
            keep=True,
        )
        span = paging.span(
            place,
            current_url=wanted.url,
            published_at=max(line.published_at for line in lines),
            updated_at=max(line.updated_at for line in lines),
            complete=self._is_over and wanted.archive is None,
        )
        return form.document(frame, self._items(wanted.name, lines), replace(span, run=self._run.name))

    def _items(self, name: str, lines: Sequence[Line]) -> Iterator[str]:
        """Yield the items with their dates: those of the public feed as the record keeps them, all others made."""
        desk, form = self._desk, FORMATS[name]

        def made(places: list[int]) -> tuple[str, ...]:
            # Under the keys of the public feed, so as items of its channel.
            return form.undated(channel_of(desk, name, sessions=False), (lines[place].entry() for place in places))

        keys = [digest(desk.style, desk.tag, "item", name, line.key) for line in lines]
        lasting = all(line.lasts for line in lines)
        texts = desk.texts.get_all(keys, made, keep=[True] * len(keys)) if lasting else made([*range(len(lines))])
        for text, line in zip(texts, lines, strict=True):
            yield form.dated(text, published_at=line.published_at, updated_at=line.updated_at, run=self._run.name)

    def _channel(self, name: str) -> Channel:
        """Return what the feed says of itself: the public one's words, and slots for whose it is."""
        public = channel_of(self._desk, name, sessions=False)
        title = self._desk.painter.templates.words.text("{title}: replay", title=self._desk.masthead.title)
        # The token stands in a slot; what is relative to the address only asks how deep that lies.
        depth = urljoin(public.base_url, paths.replay("token", name))
        return replace(public, feed_id=f"{self._desk.tag}/{RUN}", title=title, self_url=depth)
