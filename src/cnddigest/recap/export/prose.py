"""Prose as markdown that reads back to the same strings, with its markup wherever that can be."""

from collections.abc import Iterable, Iterator

from cnddigest.recap.export import escaping, markup
from cnddigest.recap.markdown import blocks
from cnddigest.recap.model import Prose
from cnddigest.recap.prose import prose

TAKEN = (1, 2)  # levels of headings that begin a day or a session
AHEAD = 50  # strings among which a piece of markup is looked for


def text(read: Prose) -> str:
    """Return a text as markdown."""
    pieces = markup.pieces(read.html)
    ways = (pieces, _mixed(pieces, read.paragraphs))
    return next((way for way in map(_joined, ways) if _strings(way) == read.paragraphs), _plain(read.paragraphs))


def _joined(pieces: Iterable[str]) -> str:
    return "\n\n".join(pieces)


def _plain(paragraphs: Iterable[str]) -> str:
    return _joined(map(_paragraph, paragraphs))


def _paragraph(string: str) -> str:
    """Return a string as a paragraph, or as code where spaces and empty lines are a part of it."""
    if all(line and line == line.strip() for line in string.split("\n")):
        return escaping.paragraph(string)
    return markup.fenced(string)


def _strings(way: str) -> tuple[str, ...] | None:
    """Return what is read back, None where it would end the text it belongs to."""
    found = list(blocks(way))
    if any(block.level in TAKEN for block in found):
        return None
    return prose(found).paragraphs


def _mixed(pieces: Iterable[str], paragraphs: tuple[str, ...]) -> Iterator[str]:
    """Yield the pieces that read back to strings of a text, and the strings between them without markup."""
    place = 0
    silent: list[str] = []  # pictures since the last piece
    for piece in pieces:
        strings = _strings(piece)
        if strings == ():
            silent.append(piece)
        elif strings and (found := _found(strings, paragraphs, place)) is not None:
            yield from map(_paragraph, paragraphs[place:found])
            yield from silent
            yield piece
            silent.clear()
            place = found + len(strings)
    yield from map(_paragraph, paragraphs[place:])
    yield from silent


def _found(strings: tuple[str, ...], paragraphs: tuple[str, ...], start: int) -> int | None:
    """Return where some strings stand one after the other, soon after a place."""
    for at in range(start, min(start + AHEAD, len(paragraphs) - len(strings) + 1)):
        if paragraphs[at] == strings[0] and paragraphs[at : at + len(strings)] == strings:
            return at
    return None
