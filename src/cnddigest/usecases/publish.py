"""Publish: take in what the author changed, release what is due, make the files follow.

inputs ──ingest──> record ──release──> record ──build──> feeds/
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

from cnddigest.errors import BadRecord, WrongUse
from cnddigest.ports.files import FileSink
from cnddigest.ports.record import Headline, Store, Will
from cnddigest.serial import plan
from cnddigest.serial.model import Publication, Serial
from cnddigest.site import paths
from cnddigest.usecases import about, pictures
from cnddigest.usecases.build import build, prove
from cnddigest.usecases.ingest import dated, ingest, replan
from cnddigest.usecases.report import PublishReport, ReleasedLine
from cnddigest.usecases.shop import Shop
from cnddigest.usecases.survey import next_line
from cnddigest.usecases.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a publisher asked for. `serial` is None for all; `everything` releases all that remains, now."""

    serial: str | None = None
    everything: bool = False
    dry_run: bool = False


def publish(shop: Shop, wanted: Wanted) -> PublishReport:
    """Publish once. Doing it twice changes nothing; killed anywhere, the next run mends it.

    The order is the promise: first it is proved that the output can be written and that what comes next can be
    rendered, then the record is changed, one transaction a step, then the files.
    """
    shop.sink.check()
    with shop.store.publishing():
        if wanted.everything:
            _refuse_held(shop.store, shop.publication, wanted.serial)
        _refuse_unknown(shop)
        before = shop.store.build_state()
        texts = Texts(shop.store)
        inputs = shop.inputs.fingerprint()
        changed = inputs != before.inputs or pictures.differ(shop.inputs, shop.store, shop.publication)
        remarks = ingest(shop) if changed else []
        if changed:
            prove(shop, texts)
            shop.store.remember_inputs(inputs)
        going = {
            serial.slug: _release(shop.store, serial, wanted, shop.now)
            for serial in shop.publication.serials
            if wanted.serial in (None, serial.slug)
        }
        files = build(
            shop,
            texts,
            {slug: len(parts) for slug, parts in going.items() if parts},
            whole=changed or before.built != before.revision,
        )
    return PublishReport(
        now=shop.now,
        dry_run=wanted.dry_run,
        released=tuple(_line(part, count) for parts in going.values() for part, count in parts),
        files=files,
        next=next_line(shop.store, shop.publication),
        held=tuple(each.slug for each in shop.publication.serials if shop.store.will(each.slug).held_at),
        remarks=tuple(remarks),
    )


def _line(headline: Headline, deliveries: int) -> ReleasedLine:
    return ReleasedLine(
        serial=headline.serial,
        part=headline.number,
        title=headline.title,
        release_at=headline.release_at,
        deliveries=deliveries,
    )


def _release(store: Store, serial: Serial, wanted: Wanted, now: dt.datetime) -> list[tuple[Headline, int]]:
    """Release what is due of a Serial, and move what stays if that moved.

    Each Part comes with the number of its Deliveries.
    """
    state = store.serial(serial.slug)
    if state is None or state.started_at is None:
        replan(store, serial, now=now)
    will = store.will(serial.slug)
    waiting = list(store.headlines(serial.slug, released=False))
    cadence = replace(serial.cadence, catch_up="one") if will.eases else serial.cadence
    planned, counts = [one.planned_at or one.release_at for one in waiting], [len(one.sessions) for one in waiting]
    last = _last(store, serial.slug)
    floor = last.release_at if last else None
    early = bool(waiting) and waiting[0].number == will.ahead and not wanted.everything
    if wanted.everything:
        own = moments = plan.all_now(counts, now, not_before=floor)
    elif early:
        own, moments = tuple(planned[:1]), plan.all_now(counts[:1], now, not_before=floor)
    else:
        own = () if will.held_at else plan.due(planned, counts, cadence, now)
        moments = tuple(takewhile(lambda moment: moment <= now, plan.behind(own, counts, floor)))
    going = list(dated(waiting, own, last, moments))
    queued: Mapping[int, int] = {}
    if going:
        queued = store.release(serial.slug, going, now=now)
        rest, places = waiting[len(going) :], about.places(state, waiting)
        own = plan.later(planned, counts, cadence, own[: len(going)], places)
        later = plan.behind(own, counts[len(going) :], moments[-1])
        if list(later) != [one.release_at for one in rest]:
            store.move(serial.slug, list(dated(rest, own, going[-1], later)))
    if will.ahead or will.eases:
        store.keep_will(serial.slug, Will(held_at=will.held_at, eases=will.eases and early))
    return [(each, queued.get(each.number, 0)) for each in going]


def _refuse_held(store: Store, publication: Publication, slug: str | None) -> None:
    """Raise WrongUse where all is to come out, and somebody held it."""
    for serial in publication.serials:
        if slug in (None, serial.slug) and store.will(serial.slug).held_at:
            raise WrongUse(f"serial is held: {serial.slug}", hint=f"see `cnddigest hold --serial {serial.slug} --off`")


def _refuse_unknown(shop: Shop) -> None:
    """Raise BadRecord where Parts are out that the record knows nothing of, and their moments stand nowhere else."""

    def is_new(serial: Serial) -> bool:
        state = shop.store.serial(serial.slug)
        return state is None or state.started_at is None

    refuse_lost(shop.sink, filter(is_new, shop.publication.serials))


def refuse_lost(sink: FileSink, serials: Iterable[Serial]) -> None:
    """Raise BadRecord where Parts are out of a Serial that no record knows.

    With a start date their moments are those of the file, whatever record there was.
    """
    for serial in serials:
        if serial.cadence.start is None and sink.stamp(paths.part(serial.slug, 1)):
            raise BadRecord(
                f"parts are out that the record knows nothing of: {serial.slug}",
                hint="bring the record back from a backup, or remove that folder of the output to begin at part 1; "
                "with a date as `start` no record is needed",
            )


def _last(store: Store, slug: str) -> Headline | None:
    """Return the Part released last."""
    number = store.totals(slug).released_parts
    return next(store.headlines(slug, first=number, last=number), None) if number else None
