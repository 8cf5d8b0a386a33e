"""Make the files follow the record: name what each is made from, and write only those that differ.

record ──> targets (path, digest, how to make it) ──> same digest and untouched? leave it
                                                 └──> make, compare, write beside, put in place
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from cnddigest.rendering.slots import fill
from cnddigest.site import paths
from cnddigest.site.target import Target, digest
from cnddigest.usecases import pictures, posters
from cnddigest.usecases.feeds import Feeds, channel_of
from cnddigest.usecases.listing import Listing
from cnddigest.usecases.press import Desk, Press, desk_of
from cnddigest.usecases.report import Built
from cnddigest.usecases.shop import Shop
from cnddigest.usecases.sitemap import Sitemap
from cnddigest.usecases.texts import Texts
from cnddigest.usecases.timeline import Timeline
from cnddigest.usecases.write import write

SCRUBBED = 1000  # files looked at in each run, to find what somebody else changed: some milliseconds
AHEAD = 10  # Parts whose texts are made before they are due
ROUND = 20  # Parts that one process builds at a time: a hundred files

Lines = Sequence[tuple[Desk, Timeline]]


def build(shop: Shop, texts: Texts, released: Mapping[str, int], *, whole: bool) -> Built:
    """Write what is out of date in the output folder; `released` says how many new Parts a Serial has.

    Unless the `whole` folder is in doubt, only what these change is looked at. Files are written beside and put in
    place together, pages before the feeds that name them.
    """
    state = shop.store.build_state()
    desks = list(_desks(shop, texts))
    whole = whole or _touched(shop) or any(posters.differ(shop.store, desk.slug, desk.studio) for desk in desks)
    lines = [(desk, Timeline(shop.store, desk.slug)) for desk in desks]
    rounds = list(_whole(shop, lines)) if whole else [_grown(shop, lines, released)]
    rounds[-1] = chain(rounds[-1], _front(shop, lines), _told(shop, lines, None if whole else released))
    built = write(shop, rounds, whole=whole, revision=state.revision)
    if whole or texts.rendered:
        _prepare(shop, lines)
    texts.save(only=whole)
    return built


def _desks(shop: Shop, texts: Texts) -> Iterator[Desk]:
    style = shop.inputs.style()
    for serial in shop.publication.serials:
        state = shop.store.serial(serial.slug)
        if state:
            desk = desk_of(shop.store, shop.publication, state, texts=texts, templates=shop.templates, style=style)
            yield replace(desk, studio=posters.studio(shop, desk.painter, texts))


def _touched(shop: Shop) -> bool:
    """Say whether somebody else changed a file of ours; of many, a slice is looked at that moves with time."""
    looked_at = shop.store.built_slice(int(shop.now.timestamp()) // 60, SCRUBBED)
    return not all(shop.sink.unchanged(file) for file in looked_at)


def _whole(shop: Shop, lines: Lines) -> Iterator[Iterable[Target]]:
    """Yield every file, in rounds that two processes can share."""
    yield _assets(shop)
    for desk, line in lines:
        press, seen = Press(desk, line), pictures.noted(shop.store, desk.slug)
        for first in range(1, line.released + 1, ROUND):
            numbers = range(first, min(first + ROUND, line.released + 1))
            yield chain(pictures.targets(shop, desk.slug, seen, numbers), _parts(shop, press, desk.slug, numbers))
        yield [desk.studio.serial()] if desk.studio else []
        yield from Feeds(desk, line, now=shop.now, checked=True).everything()
        yield Listing(desk, line).everything()


def _assets(shop: Shop) -> Iterator[Target]:
    for path, data in sorted(shop.inputs.assets().items()):
        key = digest("asset", hashlib.sha256(data).hexdigest())
        yield Target(path=path, key=key, make=lambda data=data: data)  # type: ignore[misc]


def _parts(shop: Shop, press: Press, slug: str, numbers: Iterable[int]) -> Iterator[Target]:
    for number in numbers:
        shop.progress(slug, number, press.released)
        yield from press.part(number)


def _grown(shop: Shop, lines: Lines, released: Mapping[str, int]) -> Iterator[Target]:
    for desk, line in lines:
        if count := released.get(desk.slug):
            fresh = range(line.released - count + 1, line.released + 1)
            yield from pictures.targets(shop, desk.slug, pictures.noted(shop.store, desk.slug), fresh)
            yield from _added(shop, desk, line.earlier(count), line)


def _added(shop: Shop, desk: Desk, before: Timeline, after: Timeline) -> Iterator[Target]:
    """Yield the files that differ between two moments of a timeline."""
    press, fresh = Press(desk, after), range(before.released + 1, after.released + 1)
    if before.released:
        changed = chain(press.last_pages(before.released), press.leading_on(fresh))
        yield from {target.path: target for target in changed}.values()
    for number in fresh:
        shop.progress(desk.slug, number, after.released)
        yield from press.part(number)
    yield from Feeds(desk, after, now=shop.now, checked=False).grown(before)
    yield from Listing(desk, after).grown(before)


def prove(shop: Shop, texts: Texts) -> None:
    """Render what comes next of each Serial, as if it were out, and write nothing; raises what rendering raises.

    An error in a template should be known before the record says that a Part is out.
    """
    for desk in _desks(shop, texts):
        line = Timeline(shop.store, desk.slug)
        if line.coming:
            for target in _added(shop, desk, line, line.after(line.coming)):
                target.make()


def _prepare(shop: Shop, lines: Lines) -> None:
    """Make the texts of the Parts that come next, as if they were out; nothing of it is written to a file."""
    for desk, now in lines:
        line = now
        for _ in range(AHEAD):
            coming = line.coming
            if coming is None:
                break
            before, line = line, line.after(coming)
            for target in chain(_added(shop, desk, before, line), [_front_card(desk, line)]):
                target.make()


def _front_card(desk: Desk, line: Timeline) -> Target:
    key, card = _card(desk, line)
    return Target(path=paths.FRONT, key=key, make=lambda: card().encode())


def _front(shop: Shop, lines: Lines) -> Iterator[Target]:
    """Yield what lists all Serials, last of all."""
    desks = [desk for desk, _ in lines]
    followed = [desk for desk, line in lines if line.released]
    yield Target(
        path=paths.OPML,
        key=digest("opml", *(desk.style + desk.tag for desk in followed)),
        make=lambda: _opml(shop, followed),
    )
    shell = digest("front", *(desk.style for desk in desks))
    cards = [_card(desk, line) for desk, line in lines]

    def make() -> bytes:
        text = desks[0].texts.get(shell, desks[0].painter.front, keep=True)
        return fill(text, {"cards": "".join(card() for _, card in cards)}).encode()

    yield Target(path=paths.FRONT, key=digest(shell, *(key for key, _ in cards)), make=make)


def _told(shop: Shop, lines: Lines, released: Mapping[str, int] | None) -> Iterator[Target]:
    """Yield what search engines are told; without `released` all of it. A robots.txt of its author's stays."""
    now = {desk.slug: line for desk, line in lines}
    found = Sitemap(shop.publication, now)
    robots = found.robots()
    if not _is_foreign(shop, robots):
        yield robots
    if released is None:
        yield from found.everything()
    else:
        yield from found.grown({slug: now[slug].earlier(count) for slug, count in released.items() if count})


def _is_foreign(shop: Shop, target: Target) -> bool:
    """Say whether somebody else's file stands where we would write."""
    if shop.sink.stamp(target.path) is None or shop.store.built_files([target.path]):
        return False
    return shop.sink.read(target.path) != target.make()


def _card(desk: Desk, line: Timeline) -> tuple[str, Callable[[], str]]:
    number, moment = line.expected or (None, None)
    key = digest(desk.style, "card", line.released, number, moment)
    return key, lambda: desk.texts.get(key, lambda: desk.painter.card(line.released, number, moment), keep=True)


def _opml(shop: Shop, desks: Iterable[Desk]) -> bytes:
    """Return the feeds to subscribe to: in one format, since a reader with two shows everything twice."""
    from cnddigest.feed import opml

    channels = [channel_of(desk, "rss.xml", sessions=sessions) for desk in desks for sessions in (False, True)]
    return opml.document(shop.publication.title, channels)
