"""How much of a Part an Issue can show: what to leave to the web page so that mail programs show all the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cnddigest.rendering.markup import Html, excerpt, text_only
from cnddigest.rendering.tags import blocks

T = TypeVar("T")

CLIPPED = 102_400  # bytes behind which Gmail hides the rest, the links to leave by among it
# Gmail does not say what it counts, and those who measured disagree: the decoded text, or base64 as it arrives
# (hteumeuleu/email-bugs#41, spamresource.com of January 2022). So both must fit: a line of 57 octets arrives as 78.
VISIBLE = CLIPPED // 78 * 57
LARGEST = VISIBLE - 2_400  # bytes of HTML before personal links
SHORTEST = 600  # bytes of a text: rather than cut every text below that, sessions at the end are left out
STEP = 400  # bytes: closer to the most that fits is not worth another try


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """At most `prose` bytes of each text, and `sessions` sessions."""

    prose: int
    sessions: int


def octets(document: str) -> int:
    """Return how many octets a document has in mail, where each line ends with two."""
    return _size(document) + document.count("\n")


def fitted(sizes: Sequence[int], sessions: int, make: Callable[[Room], T], size: Callable[[T], int]) -> T:
    """Return what `make` makes in the most room in which its size stays within `LARGEST` bytes.

    `sizes` are those of all texts. First the longest texts give way, then the last sessions. What is returned is
    too large only if it is so without any session.
    """
    longest = max(sizes, default=0)
    if sum(sizes) <= LARGEST and size(whole := make(Room(prose=longest, sessions=sessions))) <= LARGEST:
        return whole

    def fits(room: Room) -> bool:
        return size(make(room)) <= LARGEST

    if fits(Room(prose=SHORTEST, sessions=sessions)):
        most = _most(SHORTEST, min(longest, LARGEST), STEP, lambda prose: fits(Room(prose=prose, sessions=sessions)))
        return make(Room(prose=most, sessions=sessions))
    return make(
        Room(prose=SHORTEST, sessions=_most(0, sessions, 1, lambda count: fits(Room(prose=SHORTEST, sessions=count))))
    )


def shortened(prose: Html, room: int) -> tuple[Html, bool]:
    """Return the outermost blocks that fit into so many bytes, and whether any was left out.

    A first block that is larger alone becomes its beginning, without markup.
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
    if not kept:
        # Two columns are one full-width character, which is three bytes.
        kept = [f"<p>{_escaped(excerpt([text_only(next(blocks(prose)))], room // 2))}</p>"]
    return Html("".join(kept)), True


def _most(fitting: int, failing: int, step: int, fits: Callable[[int], bool]) -> int:
    """Return, by halving, a number that fits and is at most `step` below one that does not."""
    while failing - fitting > step:
        middle = (fitting + failing) // 2
        if fits(middle):
            fitting = middle
        else:
            failing = middle
    return fitting


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
