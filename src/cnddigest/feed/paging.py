"""Which documents a feed consists of, after RFC 5005: pure arithmetic over the number of its Entries.

Up to 50 Entries one document holds them all. Above that the current document holds the newest 50, and archives of
25 hold all that fills one: archive k has Entries 25(k-1)+1 to 25k, counted from the oldest. So archives overlap
with the current document, which costs a reader nothing, and two things follow: every Entry is always reachable, and
an archive is written once, when its last Entry comes out (its link to the next archive is added once more).
The 51st Entry makes two archives at once: a lone one would have no neighbour, which RFC 5005 expects.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cnddigest.feed.model import Span

WINDOW = 50  # Entries in the current document: weeks of a daily feed, in some 100 KB
ARCHIVE = 25  # half of it, so that there are two archives as soon as there are any


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file of a feed: Entries `first` to `last`, counted from 1 for the oldest.

    `archive` is its number, None for the current document. `previous` and `next` are archives beside it.
    """

    archive: int | None = None
    first: int
    last: int
    previous: int | None = None
    next: int | None = None

    def named(self, current: str) -> str:
        """Return its file name or address, given that of the current document: `rss.xml` gives `rss-3.xml`."""
        return current if self.archive is None else name(current, self.archive)


def name(current: str, archive: int) -> str:
    """Return the file name or address of an archive: `atom.xml` and 2 give `atom-2.xml`."""
    stem, dot, ending = current.rpartition(".")
    return f"{stem}-{archive}{dot}{ending}"


def span(  # noqa: PLR0913  so much is said of a document
    document: Document,
    *,
    current_url: str,
    published_at: dt.datetime,
    updated_at: dt.datetime,
    complete: bool = False,
    hubs: tuple[str, ...] = (),
) -> Span:
    """Return where a document stands, with addresses: `current_url` is that of the current document.

    The dates are those of the newest Entry in this document, and of the last edit in it. Hubs tell of the current
    document only: an archive is no feed to follow.
    """
    return Span(
        published_at=published_at,
        updated_at=updated_at,
        self_url=document.named(current_url),
        previous_url=name(current_url, document.previous) if document.previous else None,
        next_url=name(current_url, document.next) if document.next else None,
        current_url=current_url if document.archive else None,
        complete=complete,
        hubs=() if document.archive else hubs,
    )


def archives(count: int) -> int:
    """Return how many archives a feed of that many Entries has."""
    return count // ARCHIVE if count > WINDOW else 0


def current(count: int) -> Document:
    """Return the document people subscribe to."""
    return Document(first=max(1, count - WINDOW + 1), last=count, previous=archives(count) or None)


def archive(count: int, number: int) -> Document:
    """Return one archive of a feed of that many Entries; IndexError if there is none of that number."""
    if not 1 <= number <= archives(count):
        raise IndexError(number)
    return Document(
        archive=number,
        first=ARCHIVE * (number - 1) + 1,
        last=ARCHIVE * number,
        previous=number - 1 or None,
        next=number + 1 if number < archives(count) else None,
    )


def documents(count: int) -> Iterator[Document]:
    """Yield every document, the current one first, then the archives from the newest; none of an empty feed."""
    if count:
        yield current(count)
        for number in range(archives(count), 0, -1):
            yield archive(count, number)


def holding(count: int, entry: int) -> Iterator[Document]:
    """Yield the documents an Entry stands in, counted from 1 for the oldest: those to write after an edit."""
    if entry >= current(count).first:
        yield current(count)
    number = (entry - 1) // ARCHIVE + 1
    if number <= archives(count):
        yield archive(count, number)


def touched(before: int, after: int) -> Iterator[Document]:
    """Yield the documents to write when a feed grows from `before` to `after` Entries.

    That is the current one, each new archive, and the one before them, which gains a neighbour: at most
    `2 + (after - before) / 25` (and one more at the 51st Entry), however long the feed is.
    """
    if after == before:
        return
    yield current(after)
    for number in range(archives(after), max(0, archives(before) - 1), -1):
        if archives(after) > archives(before):
            yield archive(after, number)
