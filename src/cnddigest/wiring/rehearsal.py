"""A rehearsal: the whole replay with a clock that travels, on a copy of the record, into a folder."""

import datetime as dt
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cnddigest.config import Settings
from cnddigest.delivery.model import Sought, Status
from cnddigest.errors import CndDigestError, WorkFailed, WrongUse, reason
from cnddigest.rendering.rehearsal import Moment, Outing, calendar
from cnddigest.serial.model import MAIN
from cnddigest.usecases.shop import Progress
from cnddigest.wiring import knock
from cnddigest.wiring.publication import Opened, open_publication

WORK = ".cnddigest-rehearsal"  # inside the folder, so that files can be linked; gone at the end
MOST = 10_000  # moments: a cadence of a minute and a year ahead is a mistake
NO_SECRET = "rehearsal: no link of it works"  # noqa: S105 - as good as none
FEEDS, OUTBOX, PAGE = "feeds", "outbox", "index.html"


def rehearse(
    settings: Settings, folder: Path, *, now: dt.datetime, until: dt.datetime | None, progress: Progress
) -> Iterator[Moment]:
    """Yield the moments from now on at which something goes out, until nothing more does.

    Each has a folder with `feeds/` as they were from that moment on, and `outbox/` with what was sent at it. The
    record, the output and the outbox of the publication are left alone. Raises WrongUse for a folder with something
    in it, and what publishing raises.
    """
    Opened(settings).refuse_lost_record()
    _make(folder)
    work = folder / WORK
    try:
        with open_publication(_apart(settings, work)) as opened:
            yield from _moments(opened, folder, now, until, progress)
    except OSError as error:
        raise WorkFailed(f"cannot write rehearsal, {reason(error)}: {folder}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_calendar(settings: Settings, folder: Path, moments: Sequence[Moment]) -> None:
    """Write the page that leads to all of them, with a picture of each Issue."""
    with open_publication(settings) as opened:
        page = calendar(opened.templates, settings.publication.title, moments)
    (folder / PAGE).write_text(page, "utf-8")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise WrongUse(f"folder is not empty: {folder}", hint="name a new one: --to DIR")
        (folder / WORK).mkdir()
    except OSError as error:
        raise WrongUse(f"cannot write rehearsal, {reason(error)}: {folder}") from error


def _apart(settings: Settings, work: Path) -> Settings:
    """Return the same settings for a copy of the record, with an output and an outbox of its own."""
    record = work / "record.sqlite3"
    if "://" not in settings.record and Path(settings.record).exists():
        from cnddigest.store.opening import copy_apart

        copy_apart(settings.record, str(record))
    web = settings.web if settings.web.secret or settings.web.secret_file.exists() else None
    return replace(
        settings,
        record=str(record),
        output=work / FEEDS,
        mail=replace(settings.mail, transport="folder", outbox=work / OUTBOX),
        web=web or replace(settings.web, secret=NO_SECRET),
    )


def _moments(
    opened: Opened, folder: Path, now: dt.datetime, until: dt.datetime | None, progress: Progress
) -> Iterator[Moment]:
    count = 0
    for _ in range(MOST):
        at = now
        brought = knock.bring(opened, now=at, progress=progress)
        if brought.problem:
            raise brought.problem
        mail = knock.send(opened, clock=lambda at=at: at, progress=progress, stop=threading.Event())  # type: ignore[misc]
        if mail.problem:
            raise mail.problem
        released = tuple(_released(opened, brought, at))
        if released or mail.sent:
            count += 1
            yield _kept(folder, Moment(at=at, folder=_name(count, at), released=released, messages=mail.sent))
        following = knock.next_at(opened, now=at)
        if following is None or (until is not None and following > until):
            return
        if following <= at:
            raise WorkFailed("rehearsal stands still: something is due and does not go out")
        now = following
    raise CndDigestError(f"rehearsal has no end: {MOST} moments", hint="say how far it shall go: --until")


def _name(count: int, at: dt.datetime) -> str:
    return f"{count:03}-{at:%Y%m%dT%H%M%SZ}"


def _released(opened: Opened, brought: knock.Brought, at: dt.datetime) -> Iterator[Outing]:
    for line in brought.publish.released if brought.publish else ():
        yield Outing(serial=line.serial, run=MAIN, part=line.part)
    if brought.advanced:
        sent = opened.office.account.deliveries(Sought(status=Status.SENT, issues_only=True), now=at)
        runs = {
            Outing(serial=line.traced.serial, run=line.traced.run, part=line.traced.part or 0)
            for line in sent
            if line.traced.at == at and line.traced.run != MAIN
        }
        yield from sorted(runs, key=lambda out: (out.serial, out.run, out.part))


def _kept(folder: Path, moment: Moment) -> Moment:
    """Keep how it looks now. Files are linked: whoever publishes replaces them, and never writes into one."""
    place, work = folder / moment.folder, folder / WORK
    shutil.copytree(work / FEEDS, place / FEEDS, copy_function=_link, symlinks=True)
    (place / OUTBOX).mkdir()
    for message in sorted((work / OUTBOX).glob("*.eml")):
        message.rename(place / OUTBOX / message.name)
    return moment


def _link(source: str, target: str) -> None:
    with suppress(OSError):
        os.link(source, target)
        return
    shutil.copy2(source, target)
