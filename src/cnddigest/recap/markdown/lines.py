"""Markdown before it is parsed: which lines are verbatim, what authors meant, where to cut, which notes exist."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cnddigest.recap.markdown import habits

# Containers nested deeper than this are flattened: the parser would leave their text out (see MAX_NESTING there).
MAX_MARKERS = 12
MAX_INDENT = 64
CHUNK = 65_536  # characters after which a text without headings is cut at the next safe place

FENCE = re.compile(r"((?:[ \t]*(?:[-*+]|\d{1,9}[.)]|>)(?=[ \t>`~]))*)([ \t]*)(`{3,}(?=[^`]*\Z)|~{3,})")
HTML = re.compile(
    r" {0,3}<(?:(script|pre|style|textarea)\b|(!--)|(\?)|(!\[CDATA\[)|(![A-Za-z])|/?[A-Za-z])", re.IGNORECASE
)
HTML_ENDS = (r"</(?:script|pre|style|textarea)>", "-->", r"\?>", r"\]\]>", ">")
AUTOLINK = re.compile(r" {0,3}<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\s]*>")
HIGHLIGHT = re.compile(r"[ \t]*(?:\{%-?|\{\{[<%]) *highlight\b")
BLANK = re.compile(r"[ \t]*\Z")

HEADING = re.compile(r"#{1,6}(?:[ \t]|\Z)")
PLAIN_START = re.compile(r"[^\s>*+\-\d|:]")  # at column 0 after a blank line: continues no list, quote or table
GLUED_HEADING = re.compile(r"( {0,3}#{1,6})(?:\u3000+|(?=[^#\s]))")
GLUED_ITEM = re.compile(r"\A( *-)(?=\[)")
MARKERS = re.compile(r"(?:[ \t]*(?:[-*+]|\d{1,9}[.)])(?=[ \t])|[ \t]*>)")
YEAR_ITEM = re.compile(r"\A([ \t]*\d{3,9})(?=[.)](?:[ \t]|\Z))")  # no list begins there
SIZED_ADDRESS = re.compile(r"(\]\([^\s()<>#]+) =(\d{0,5}x\d{0,5})(?=\))")
IMAGE_SIZE = re.compile(r" =\d{0,5}x\d{0,5}(?=\))")
UNDERLINE = re.compile(r" {0,3}-+[ \t]*\Z")
NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,200})\]:[ \t]*")
NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,200})\]")
DEFINITION = re.compile(r" {0,3}\[(?!\^)[^\[\]]{1,999}\]:[ \t]*(\S*)")
ADDRESS = re.compile(r"<|[A-Za-z][A-Za-z0-9+.-]*:[^\s]|[/#.?]|[!-~]*[/.#][!-~]*\Z")

FINISHED = re.compile(
    r"。|(?:です|ます|でした|ました|ません|ください|でしょう|ましょう)[!?！？…~ー〜]*\Z|[a-zà-ÿ)]\.\Z"
)
NO_TITLE = re.compile(r"[ \t]*(?:https?://\S+\Z|!\[|@\[|:::)")
CLOSERS = " )]）」』】\"'”’"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A footnote's definition, taken out of the text: its markdown without indentation, and its line, from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Lines that can be parsed by themselves; `first` is the number of the first, from 1."""

    text: str
    first: int


@dataclass(slots=True, kw_only=True)
class Prepared:
    """A text ready for the parser: one line for each of the author's.

    `definitions` is the markdown of all link definitions. `notes` are the footnotes that somebody cites.
    """

    lines: list[str]
    verbatim: bytearray
    definitions: str = ""
    notes: dict[str, Note] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Verbatim lines: they end with the line that matches `last`, or before one that matches `beyond`."""

    last: re.Pattern[str]
    beyond: re.Pattern[str] | None = None


def prepare(text: str) -> Prepared:
    """Read the lines of a whole text once, so that it can be parsed in pieces."""
    lines = text.split("\n")
    habits.rewrite(lines)
    prepared = Prepared(lines=lines, verbatim=verbatim(lines))
    _take_notes(prepared)
    _rewrite(prepared)
    prepared.definitions = "\n".join(_definitions(prepared))
    return prepared


def verbatim(lines: Sequence[str]) -> bytearray:
    """Mark the lines in code fences, raw HTML and liquid code with 1; rather one too many than one too few."""
    marks = bytearray(len(lines))
    region: Region | None = None
    for n, line in enumerate(lines):
        if region and region.beyond and region.beyond.match(line):
            region = None
        if region:
            marks[n] = 1
            region = None if region.last.search(line) else region
        elif opened := _opened(line):
            marks[n] = 1
            region = opened if opened.last is not ALREADY else None
    return marks


ALREADY = re.compile("")  # closed on the line that opened it


def _opened(line: str) -> Region | None:
    if ("```" in line or "~~~" in line) and (fence := FENCE.match(line)):
        return _fenced(fence)
    if HIGHLIGHT.match(line):
        return _until(r"\{%-? *endhighlight\b|\{\{[<%] */ *highlight\b", line)
    if "<" in line[:4] and (html := HTML.match(line)) and not AUTOLINK.match(line):
        kind = next((end for found, end in zip(html.groups(), HTML_ENDS, strict=True) if found), None)
        return _until(kind, line) if kind else Region(last=BLANK)
    return None


def _until(end: str, line: str) -> Region:
    pattern = re.compile(end, re.IGNORECASE)
    return Region(last=ALREADY if pattern.search(line, 4) else pattern)


def _fenced(fence: re.Match[str]) -> Region:
    """Know where a fence ends: at its like, or with the quotation or list that it stands in."""
    containers, indent, mark = fence.groups()
    last = re.compile(rf"[ \t>]*{mark[0]}{{{len(mark)},}}[ \t]*\Z")
    if containers or len(indent.expandtabs(4)) > 3:
        return Region(last=last, beyond=re.compile(rf"(?!{mark[0]})\S"))
    return Region(last=last)


def chunks(prepared: Prepared) -> Iterator[Chunk]:
    """Cut at headings outside verbatim lines: there no paragraph, list, table or quotation goes on."""
    lines, first, size = prepared.lines, 0, 0
    for n, line in enumerate(lines):
        if n > first and not prepared.verbatim[n] and _safe(lines, n, size):
            yield Chunk(text="\n".join(lines[first:n]), first=first + 1)
            first, size = n, 0
        size += len(line) + 1
    yield Chunk(text="\n".join(lines[first:]), first=first + 1)


def _safe(lines: Sequence[str], n: int, size: int) -> bool:
    line = lines[n]
    if line.startswith("#"):
        return bool(HEADING.match(line))
    return size > CHUNK and bool(PLAIN_START.match(line)) and not lines[n - 1].strip()


def _rewrite(prepared: Prepared) -> None:
    """Replace lines by what their authors meant; a line stays a line."""
    lines, marks = prepared.lines, prepared.verbatim
    hashtags = not _glues_hashes(lines, marks)
    for n, line in enumerate(lines):
        if line and not marks[n]:
            lines[n] = _meant(line, lines[max(n - 2, 0) : n], hashtags=hashtags)


def _glues_hashes(lines: Sequence[str], marks: bytearray) -> bool:
    """Say whether the author types `#Title`: then `##Title` occurs, and `# Title` does not."""
    hashes = [line for n, line in enumerate(lines) if line.startswith("#") and not marks[n]]
    return any(re.match("##+[^#\\s]", line) for line in hashes) and not any(line.startswith("# ") for line in hashes)


def _meant(line: str, before: Sequence[str], *, hashtags: bool) -> str:
    start = line.lstrip(" \t")[:1]
    if start == "#":
        return _heading(line, hashtags=hashtags)
    if start == "-" and UNDERLINE.match(line):
        return "***" if _is_rule(before) else line
    if start and start in ">-*+0123456789":
        line = YEAR_ITEM.sub(r"\1\\", _flatter(GLUED_ITEM.sub(r"\1 ", line)), count=1)
    if len(line) > MAX_INDENT and line[0] in " \t":
        line = _indented(line)
    return _sized(line) if " =" in line and "](" in line else line


def _sized(line: str) -> str:
    """Keep the size an author gives an image: behind its address, where `recap.pictures` reads it."""
    return IMAGE_SIZE.sub("", SIZED_ADDRESS.sub(r"\1#=\2", line))


def _heading(line: str, *, hashtags: bool) -> str:
    glued = GLUED_HEADING.match(line)
    if not glued or (hashtags and glued[0].strip(" ") == "#"):
        return line
    return f"{glued[1]} {line[glued.end() :]}"


def _is_rule(before: Sequence[str]) -> bool:
    """Tell a rule below a paragraph from the underline of a heading, by the lines above it."""
    last = before[-1].rstrip(CLOSERS) if before else ""
    several = len(before) > 1 and bool(before[0].strip()) and bool(FINISHED.search(before[0].rstrip(CLOSERS)))
    return several or bool(FINISHED.search(last)) or bool(NO_TITLE.match(last))


def _flatter(line: str) -> str:
    end = count = 0
    while found := MARKERS.match(line, end):
        count += 1
        if count <= MAX_MARKERS:
            kept = found.end()
        end = found.end()
    return f"{line[:kept]} {line[end:].lstrip()}" if count > MAX_MARKERS else line


def _indented(line: str) -> str:
    text = line.lstrip(" \t")
    width = len(line[: len(line) - len(text)].expandtabs(4))
    return " " * MAX_INDENT + text if width > MAX_INDENT else line


# Each use of a definition writes its address out: a long one, used often, would grow a small text to gigabytes.
LONGEST_DEFINITION = 500


def definition_lines(line: str, after: str) -> int:
    """Say how many lines the definition of a link takes that begins here: 1, or 2, or 0 if there is none."""
    found = DEFINITION.match(line)
    if not found or len(line) + len(after) * (not found[1]) > LONGEST_DEFINITION:
        return 0
    if found[1]:
        return 1 if ADDRESS.match(found[1]) else 0
    return 2 if ADDRESS.match(after.strip()) else 0


def _definitions(prepared: Prepared) -> Iterator[str]:
    lines = prepared.lines
    for n, line in enumerate(lines):
        if "]:" in line and not prepared.verbatim[n]:
            count = definition_lines(line, lines[n + 1] if n + 1 < len(lines) else "")
            yield from lines[n : n + count]


def _take_notes(prepared: Prepared) -> None:
    """Take the footnotes out that are cited somewhere; a line of one that is not stays as text."""
    lines, marks = prepared.lines, prepared.verbatim
    starts = [n for n, line in enumerate(lines) if "[^" in line and not marks[n] and NOTE.match(line)]
    if not starts:
        return
    defined = set(starts)
    cited = {
        label
        for n, line in enumerate(lines)
        if "[^" in line and not marks[n]
        for label in NOTE_MARK.findall(NOTE.sub("", line, count=1) if n in defined else line)
    }
    for n in starts:
        _take_note(prepared, n, cited)


def _take_note(prepared: Prepared, n: int, cited: set[str]) -> None:
    lines = prepared.lines
    found = NOTE.match(lines[n])
    if not found or found[1] not in cited or found[1] in prepared.notes:
        lines[n] = lines[n].replace("[", "\\[", 1)
        return
    end = _note_end(prepared, n + 1)
    text = "\n".join([lines[n][found.end() :], *(re.sub("^(?: {1,4}|\t)", "", line) for line in lines[n + 1 : end])])
    prepared.notes[found[1]] = Note(text=text, line=n + 1)
    lines[n:end] = [""] * (end - n)


def _note_end(prepared: Prepared, n: int) -> int:
    """Go on over lazy lines, and over indented ones after a blank line."""
    lines = prepared.lines
    while n < len(lines):
        line = lines[n]
        blank = not line.strip()
        if blank and not (n + 1 < len(lines) and lines[n + 1].startswith(("    ", "\t"))):
            break
        if not blank and not line.startswith(("    ", "\t")) and (not lines[n - 1].strip() or _interrupts(prepared, n)):
            break
        n += 1
    return n


def _interrupts(prepared: Prepared, n: int) -> bool:
    line = prepared.lines[n]
    return bool(prepared.verbatim[n] or NOTE.match(line) or HEADING.match(line.lstrip()) or DEFINITION.match(line))
