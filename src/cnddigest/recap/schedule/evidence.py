"""What tells which talk a session is about, said of sessions and talks in the same words."""

import itertools
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from cnddigest.recap.model import Day, Session
from cnddigest.recap.schedule import pages
from cnddigest.recap.schedule.likeness import squeezed
from cnddigest.recap.schedule.model import ScheduleEvent
from cnddigest.recap.schedule.pages import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Facts of a session or a talk. `page` are keys of its own page, `named` those of all pages it names."""

    titles: tuple[str, ...]
    days: tuple[Hashable, ...] = ()
    start: str | None = None
    people: frozenset[str] = frozenset()
    page: tuple[Key, ...] = ()
    named: tuple[Key, ...] = ()

    def of_page(self) -> Iterator[Hashable]:
        """Yield the keys of its page, the title with each."""
        return itertools.product(self.page, self.titles)

    def of_page_alone(self) -> Iterable[Hashable]:
        """Yield the keys of its page."""
        return self.page

    def of_named(self) -> Iterator[Hashable]:
        """Yield the keys of all pages it names, the title with each."""
        return itertools.product(self.named, self.titles)

    def of_named_alone(self) -> Iterable[Hashable]:
        """Yield the keys of all pages it names."""
        return self.named

    def of_title_and_time(self) -> Iterator[Hashable]:
        """Yield title, day and start."""
        return itertools.product(self.titles, self.days, filter(None, [self.start]))

    def of_title_and_people(self) -> Iterator[Hashable]:
        """Yield title and speakers."""
        return itertools.product(self.titles, filter(None, [self.people]))

    def of_title_and_day(self) -> Iterator[Hashable]:
        """Yield title and day."""
        return itertools.product(self.titles, self.days)

    def of_title_and_start(self) -> Iterator[Hashable]:
        """Yield title and start, for who says no day."""
        return itertools.product(self.titles, filter(None, [self.start]))

    def of_title(self) -> Iterable[Hashable]:
        """Yield its titles."""
        return self.titles

    def of_people_and_time(self) -> Iterator[Hashable]:
        """Yield speakers, day and start."""
        return itertools.product(filter(None, [self.people]), self.days, filter(None, [self.start]))


def of_session(session: Session, day: Day) -> Evidence:
    """Return what a recap says of a session; a day without a date is known by its number."""
    return Evidence(
        titles=_titles(session.title, session.heading),
        days=(day.date or day.number,),
        start=session.starts_at,
        people=_people(session.speakers),
        page=tuple(dict.fromkeys(pages.of_page(session))),
        named=tuple(dict.fromkeys((*pages.of_page(session), *pages.of_links(session)))),
    )


def of_event(event: ScheduleEvent) -> Evidence:
    """Return what a schedule says of a talk."""
    keys = tuple(dict.fromkeys(pages.of_event(event)))
    return Evidence(
        titles=_titles(event.title, event.also_titled or ""),
        days=tuple(day for day in (event.date, event.day) if day is not None),
        start=event.starts_at,
        people=_people(event.speakers),
        page=keys,
        named=keys,
    )


def _titles(*titles: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for title in titles if (found := squeezed(title))))


def _people(names: Iterable[str]) -> frozenset[str]:
    return frozenset(found for name in names if (found := squeezed(name)))
