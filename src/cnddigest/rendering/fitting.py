"""How much of a Part an Issue can show: what to leave to the web page so that mail programs show all the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cnddigest.rendering.markup import Html, excerpt, text_only
from cnddigest.rendering.tags import blocks

T = TypeVar("T")

LARGEST = 100_000  # bytes of HTML; Gmail clips at 102,400, and personal links are still to come
SHORTEST = 600  # bytes of a text below which whole sessions are left out rather than every text mutilated
SENTENCE = 120  # bytes of the shortest beginning that says something
ROUNDS = 40  # each takes away as much as is too much; a handful is enough for any real Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """At most `prose` bytes of each text, and `sessions` sessions."""

    prose: int
    sessions: int


def fitted(sizes: Sequence[int], sessions: int, make: Callable[[Room], T], size: Callable[[T], int]) -> T:
    """Return what `make` makes in the most room in which its size stays within `LARGEST` bytes.

    `sizes` are those of all texts. What is returned is too large only if it is so without any session.
    """
    room = Room(prose=max(sizes, default=0), sessions=sessions)
    made = make(room)
    for _ in range(ROUNDS):
        excess = size(made) - LARGEST
        if excess <= 0:
            break
        room = _smaller(room, sizes, excess)
        made = make(room)
    return made


def shortened(prose: Html, room: int) -> tuple[Html, bool]:
    """Return the outermost blocks that fit into so many bytes, and whether any was left out.

    A first block that is larger alone becomes its beginning, without markup, if there is room for a sentence.
    """
    if _size(prose) <= room:
        return prose, False
    kept: list[str] = []
    used = 0
    for block in blocks(prose):
        used += _size(block)
        if used > room:
            break
        kept.append(block)
    if not kept and room >= SENTENCE:
        # Two columns are one full-width character, which is three bytes.
        kept = [f"<p>{_escaped(excerpt([text_only(next(blocks(prose)))], room // 2))}</p>"]
    return Html("".join(kept)), True


def _smaller(room: Room, sizes: Sequence[int], excess: int) -> Room:
    """Take the excess from the longest texts, or, where that would leave stumps, from the sessions at the end."""
    wanted = sum(min(size, room.prose) for size in sizes) - excess
    level = _level(sizes, wanted)
    if level >= SHORTEST:
        return Room(prose=min(level, room.prose - 1), sessions=room.sessions)
    if room.prose > SHORTEST:
        return Room(prose=SHORTEST, sessions=room.sessions)
    if not room.sessions:
        return Room(prose=room.prose // 2, sessions=0)
    fewer = room.sessions * LARGEST // (LARGEST + excess)
    return Room(prose=room.prose, sessions=min(fewer, room.sessions - 1))


def _level(sizes: Sequence[int], total: int) -> int:
    """Return the height at which texts cut there have `total` bytes together."""
    for done, size in enumerate(ordered := sorted(sizes)):
        if size * (len(ordered) - done) >= total:
            return max(0, total // (len(ordered) - done))
        total -= size
    return max(sizes, default=0)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
