"""What a text of reStructuredText defines for all of itself: the targets of links, substitutions, and notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

TARGET = re.compile(r" *\.\. _(?![ _])(`[^`]{1,500}`|(?:[^:\\]|\\.){1,500}):(?: +(.*)|\Z)")
ANONYMOUS = re.compile(r" *(?:\.\. __:|__) +(\S.*)")
SUBSTITUTION = re.compile(r" *\.\. \|([^|\s][^|]{0,200})\| +([\w.+-]{1,60})::(?: +(.*)|\Z)")
NOTE = re.compile(r"\.\. \[(#?[^\[\]\s]{0,200}|\*)\](?: +(.*)|\Z)")
EMBEDDED = re.compile(r"`([^`<]{1,500})<([^<>`]{1,2000})>`_(?!_)")
SPACES = re.compile(r"\s+")

MOST_STEPS = 5  # from one name to another before a target is given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """What stands for `|name|`: the directive that says it, its argument, and its line, from 1."""

    directive: str
    argument: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A footnote or citation: its label as written, its text without indentation, and its line, from 1."""

    label: str
    text: str
    line: int


@dataclass(slots=True)
class Definitions:
    """What names stand for, each name as `name()` folds it.

    `targets` holds an address, `name_` for another name, or `""` for a place in the text. `anonymous` are the
    addresses that `__` lines give, in order. A note's key is its label; `#1`, `#2`, `*1` where it has none.
    """

    targets: dict[str, str] = field(default_factory=dict)
    anonymous: list[str] = field(default_factory=list)
    substitutions: dict[str, Substitution] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    unnamed: dict[str, int] = field(default_factory=dict)  # how many notes have only this mark

    def address(self, target: str) -> str | None:
        """Follow names to an address; None for a name nobody defined, `""` for a place in the text."""
        found: str | None = target
        for _ in range(MOST_STEPS):
            if found is None or not found.endswith("_") or found.endswith("\\_"):
                break
            found = self.targets.get(name(found[:-1].strip("`")))
        return found.removesuffix("\\_") if found is not None else None


def name(text: str) -> str:
    """Fold a reference's name: white space and case make no difference."""
    return SPACES.sub(" ", text).strip().casefold()


def collect(lines: list[str]) -> Definitions:
    """Read every definition; notes are taken out of the lines, which keep their number."""
    found = Definitions()
    n = 0
    while n < len(lines):
        line = lines[n]
        if "`_" in line or ">`" in line:
            _see_embedded(found, line)
        start = line.lstrip(" ")[:2]
        if start in ("..", "__"):
            n = _see(found, lines, n)
        else:
            n += 1
    return found


def _see_embedded(found: Definitions, line: str) -> None:
    for match in EMBEDDED.finditer(line):
        found.targets.setdefault(name(match[1]), match[2].strip())


def _see(found: Definitions, lines: list[str], n: int) -> int:
    """Take in the definition that begins here, and return the next place to look at."""
    line = lines[n]
    if match := ANONYMOUS.match(line):
        found.anonymous.append(match[1].strip())
    elif match := TARGET.match(line):
        address = "".join([match[2] or "", *_indented(lines, n + 1)]).replace(" ", "")
        found.targets.setdefault(name(match[1].strip("`").replace("\\", "")), address)
    elif match := SUBSTITUTION.match(line):
        argument = "\n".join([match[3] or "", *_dedented(lines[n + 1 : _block_end(lines, n + 1)])])
        known = Substitution(directive=match[2].lower(), argument=argument.strip("\n"), line=n + 1)
        key = name(match[1])
        # The first of a name counts. Nobody can ask for a name with a line end, so the other is told as unused.
        found.substitutions[key if key not in found.substitutions else f"{key}\n{n}"] = known
    elif match := NOTE.match(line):
        return _take_note(found, lines, n, match)
    return n + 1


def _indented(lines: Sequence[str], n: int) -> list[str]:
    """Return the indented lines up to the next blank one."""
    end = n
    while end < len(lines) and lines[end][:1] == " " and lines[end].strip():
        end += 1
    return [line.strip() for line in lines[n:end]]


def _take_note(found: Definitions, lines: list[str], n: int, match: re.Match[str]) -> int:
    last, label = _block_end(lines, n + 1), match[1]
    if label in ("#", "*"):
        found.unnamed[label] = found.unnamed.get(label, 0) + 1
    key = f"{label}{found.unnamed[label]}" if label in found.unnamed else name(label.removeprefix("#"))
    if key and key not in found.notes:
        text = "\n".join([match[2] or "", *_dedented(lines[n + 1 : last])])
        found.notes[key] = Note(label=label, text=text, line=n + 1)
        lines[n:last] = [""] * (last - n)
    return max(last, n + 1)


def _block_end(lines: Sequence[str], n: int) -> int:
    """Return the place after the last indented line, blank ones between them."""
    last = n
    while n < len(lines) and (not lines[n].strip() or lines[n][0] == " "):
        n += 1
        last = n if lines[n - 1].strip() else last
    return last


def _dedented(lines: Sequence[str]) -> list[str]:
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[depth:] for line in lines]
