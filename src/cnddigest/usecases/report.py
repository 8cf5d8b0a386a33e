"""What the verbs tell: plain facts, for a terminal or as JSON."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cnddigest.delivery.model import Traced
from cnddigest.ports.hub import Failing, Waiting
from cnddigest.ports.watch import Health
from cnddigest.recap.model import Finding
from cnddigest.usecases.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedLine:
    """A Part that went out in this run."""

    serial: str
    part: int
    title: str
    release_at: dt.datetime
    deliveries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A Delivery as the account shows it, with the Message-ID that every try has."""

    traced: Traced
    message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resent:
    """What came of a wish to send once more: how many it queued, and how many were waiting or under way already."""

    queued: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLine:
    """The Part that comes next, and when."""

    serial: str
    part: int
    release_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did to the output folder. `written` and `removed` are paths in it, sorted."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A Finding and the recap or Serial it is about."""

    about: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What `publish` did, or would do; `held` names Serials of which nothing comes out."""

    now: dt.datetime
    dry_run: bool
    released: tuple[ReleasedLine, ...]
    files: Built
    next: NextLine | None
    remarks: tuple[Remark, ...] = ()
    held: tuple[str, ...] = ()


def joined(first: PublishReport, then: PublishReport) -> PublishReport:
    """Return what two publishes did together, the one after the other."""
    written = {*first.files.written, *then.files.written}
    removed = {*first.files.removed, *then.files.removed} - {*then.files.written}
    count = then.files.unchanged + len(then.files.written)
    files = Built(
        written=tuple(sorted(written - removed)),
        removed=tuple(sorted(removed)),
        unchanged=count - len(written - removed),
    )
    return replace(
        then,
        now=first.now,
        released=(*first.released, *then.released),
        files=files,
        remarks=(*first.remarks, *then.remarks),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPart:
    """A Part in the plan; `released_at` is None until it is out."""

    number: int
    id: str
    title: str
    day: str
    sessions: tuple[str, ...]
    release_at: dt.datetime
    released_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialPlan:
    """All Parts of a Serial with their moments. `start` is a date or `first-publish`.

    `held_at` says since when nothing comes out, None where nothing is held.
    """

    serial: str
    title: str
    timezone: str
    start: str
    parts: tuple[PlannedPart, ...]
    held_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailStatus:
    """How the mail of one Serial stands: Subscriptions and Deliveries of Issues, by their status."""

    pending: int = 0
    active: int = 0
    ended: int = 0
    replays: int = 0
    deliveries: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialStatus:
    """How far a Serial has come; `held_at` is since when nothing of it comes out, and then nothing is next."""

    serial: str
    title: str
    total: int
    released: int
    next: NextLine | None
    held_at: dt.datetime | None = None
    mail: MailStatus = field(default_factory=MailStatus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a publication stands; `problems` are what somebody must mend. `scheduler` is None where none ever ran."""

    now: dt.datetime
    serials: tuple[SerialStatus, ...]
    problems: tuple[Problem, ...] = ()
    scheduler: Health | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What a machine watches: how a publication stood at its last publish, since when mail waits, and deaf hubs."""

    status: Status
    waiting_since: dt.datetime | None = None
    untold: tuple[Failing, ...] = ()
    waiting: tuple[Waiting, ...] = ()
