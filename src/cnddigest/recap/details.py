"""What the lines right below a talk's heading say of it: `Speaker: First Last`, `会場：ホールA`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cnddigest.recap import heading, words
from cnddigest.recap.blocks import Block
from cnddigest.recap.language import tag
from cnddigest.recap.names import people

FIRST = 6  # lines below a heading that may say who speaks, when and where
LONGEST_VALUE = 60  # characters of a room, track or code; more is a sentence
LONGEST_LEVEL = 20  # characters of a level


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is said of a talk, each None (nobody) where it is not. `language` is a tag as in BCP 47."""

    speakers: tuple[str, ...] = ()
    starts_at: str | None = None
    ends_at: str | None = None
    room: str | None = None
    track: str | None = None
    code: str | None = None
    language: str | None = None
    level: str | None = None


def below(body: Sequence[Block]) -> Details:
    """Read the first lines of a talk's text; of two lines about the same thing the first counts."""
    said: dict[str, str] = {}
    for name, value in _said(body):
        said.setdefault(name, value)
    starts_at, ends_at = heading.clocks(said.get("time", ""))
    return Details(
        speakers=people(said.get("speaker", "")),
        starts_at=starts_at,
        ends_at=ends_at,
        room=_short(said, "room"),
        track=_short(said, "track"),
        code=_short(said, "code"),
        language=tag(said.get("language", "")),
        level=_short(said, "level", LONGEST_LEVEL),
    )


def _short(said: Mapping[str, str], name: str, longest: int = LONGEST_VALUE) -> str | None:
    value = said.get(name, "")
    return value if 0 < len(value) <= longest and value[-1] not in "。.!?" else None


def _said(body: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Yield what each labelled line is about, and its value."""
    for line in _first(line for block in body[:FIRST] if block.kind != "code" for line in _lines(block)):
        yield from words.details(line)


def _first(lines: Iterable[str]) -> Iterator[str]:
    for _, line in zip(range(FIRST), lines, strict=False):
        yield line.strip()


def _lines(block: Block) -> Iterator[str]:
    """Yield a block's lines; of a table with two columns, `label: value`."""
    if block.kind == "table":
        for row in block.cells:
            if len(row) == 2 and all(cell.strings for cell in row):  # a label and its value
                yield f"{row[0].strings[0]}: {row[1].strings[0]}"
        return
    for string in block.strings:
        yield from string.split("\n", FIRST)[:FIRST]
