"""How things stand, for a publisher who looks once a day: what is out, what comes, and what became of the mail."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from cnddigest.audience.address import masked
from cnddigest.delivery.model import Status
from cnddigest.ports.lookout import Lookout, MailCount, Trouble
from cnddigest.ports.record import Headline, Store
from cnddigest.serial.model import Publication
from cnddigest.usecases import about

DAYS = 14  # that a chart shows
AHEAD = 6  # Parts of all Serials that the calendar shows
LATELY = 3  # Parts of a Serial that its list shows
MISSED = (Status.IN_DOUBT, Status.BOUNCED, Status.FAILED)  # what nothing mends by itself
TROUBLES = (*MISSED, Status.DEFERRED)  # what somebody may want to look at, the most pressing first


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day in the publication's zone: how what was queued on it stands now, and how many asked to subscribe."""

    on: dt.date
    mail: MailCount
    joined: int

    @property
    def column(self) -> tuple[dt.date, tuple[int, ...]]:
        """Return the day as a bar of mail: sent, waiting, returned, in doubt, suppressed."""
        mail = self.mail
        return self.on, (mail.sent, mail.waiting, mail.returned, mail.doubtful, mail.suppressed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A Part that is not out; `is_due` says that the next publish brings it, `is_held` that none does."""

    serial: str
    title: str
    part: int
    name: str
    release_at: dt.datetime
    is_due: bool
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A Part that is out, and how many of its Deliveries did not arrive, or perhaps not; those that wait are none."""

    part: int
    name: str
    release_at: dt.datetime
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMail:
    """How the Deliveries of a Part stand: of those who follow with everybody, and of those at their own pace."""

    public: MailCount
    replayed: MailCount

    @property
    def missed(self) -> int:
        """Return how many did not get it, or perhaps not, and won't by themselves."""
        return sum(each.returned + each.doubtful for each in (self.public, self.replayed))

    @property
    def doubtful(self) -> int:
        """Return of how many nobody knows."""
        return self.public.doubtful + self.replayed.doubtful

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.public.total + self.replayed.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """How many Deliveries of a Serial are in doubt, and the last Part of which some are."""

    serial: str
    part: int
    count: int


def days(lookout: Lookout, zone: ZoneInfo, *, now: dt.datetime, count: int = DAYS) -> tuple[Day, ...]:
    """Return the last days, today as the last one."""
    today = now.astimezone(zone).date()
    return tuple(_day(lookout, zone, today - dt.timedelta(days=back), now) for back in reversed(range(count)))


def _day(lookout: Lookout, zone: ZoneInfo, on: dt.date, now: dt.datetime) -> Day:
    since, until = (
        dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC) for day in (on, on + dt.timedelta(days=1))
    )
    return Day(on=on, mail=lookout.mail_between(since, until, now=now), joined=lookout.joined_between(since, until))


def coming(store: Store, publication: Publication, *, now: dt.datetime, count: int = AHEAD) -> tuple[Coming, ...]:
    """Return what comes next of all Serials, the earliest first; what is held stands at the end."""
    found = [
        each for serial in publication.serials for each in islice(_coming(store, publication, serial.slug, now), count)
    ]
    return tuple(sorted(found, key=lambda each: (each.is_held, each.release_at, each.serial))[:count])


def _coming(store: Store, publication: Publication, slug: str, now: dt.datetime) -> Iterator[Coming]:
    state = store.serial(slug)
    if state is None:
        return
    title, will = about.masthead(publication, state).title, store.will(slug)
    for each in store.headlines(slug, released=False):
        is_next = each.number == will.ahead
        yield Coming(
            serial=slug,
            title=title,
            part=each.number,
            name=each.title,
            release_at=each.release_at,
            is_due=is_next or (each.release_at <= now and not will.held_at),
            is_held=bool(will.held_at) and not is_next,
        )


def lately(store: Store, slug: str, troubles: Sequence[Trouble], *, count: int = LATELY) -> tuple[Out, ...]:
    """Return the Parts of a Serial that came out last, the last one first."""
    last = store.totals(slug).released_parts
    found = list(store.headlines(slug, first=max(1, last - count + 1), last=last)) if last else []
    return tuple(_out(each, troubles) for each in reversed(found))


def _out(headline: Headline, troubles: Sequence[Trouble]) -> Out:
    return Out(
        part=headline.number,
        name=headline.title,
        release_at=headline.release_at,
        missed=sum(
            each.count
            for each in troubles
            if each.status in MISSED and (each.serial, each.part) == (headline.serial, headline.number)
        ),
    )


def part_mail(lookout: Lookout, serial: str, part: int, *, now: dt.datetime) -> PartMail:
    """Return how the Deliveries of a Part stand."""
    public, replayed = (lookout.mail_of(serial, part, replayed=replayed, now=now) for replayed in (False, True))
    return PartMail(public=public, replayed=replayed)


def kinds(troubles: Sequence[Trouble], serial: str, part: int) -> dict[str, int]:
    """Return what may be looked at of a Part, the most pressing first."""
    found = {each.status: each.count for each in troubles if (each.serial, each.part) == (serial, part)}
    return {status.value: found[status] for status in TROUBLES if status in found}


def doubts(troubles: Sequence[Trouble]) -> tuple[Doubt, ...]:
    """Return of which Serials Deliveries are in doubt."""
    found = [each for each in troubles if each.status == Status.IN_DOUBT]
    counts = Counter[str]()
    for each in found:
        counts[each.serial] += each.count
    last = {each.serial: each.part for each in sorted(found, key=lambda each: each.part)}
    return tuple(Doubt(serial=serial, part=last[serial], count=count) for serial, count in counts.items())


def veiled(reply: str, address: str) -> str:
    """Return what the far side said without the address it was said about: it often repeats it."""
    return reply.replace(address, masked(address)) if address else reply
