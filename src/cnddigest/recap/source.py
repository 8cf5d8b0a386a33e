"""Bytes of an article to text: its encoding, its format, and the facts before it."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cnddigest.errors import BadRecap
from cnddigest.recap import frontmatter, html
from cnddigest.recap.encoding import decoded
from cnddigest.recap.model import Finding, Format
from cnddigest.recap.rst import docinfo

# A year's worth of a conference in full transcript is under 10 MiB; beyond this it is a wrong file.
MAX_BYTES = 64 * 1024 * 1024

SUFFIXES: dict[str, Format] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mkd": "markdown",
    ".mdx": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".rst": "rst",
    ".rest": "rst",
}
SNIFFED = 65_536  # characters in which a format shows itself
MIN_CLOSED = 3  # paragraphs and headings: markdown has a `<div>` or two
MIN_HEADINGS = 3  # people type a `# …` or two into plain text; three are a habit

PAGE = re.compile(
    r"\s{0,1000}(?:<\?xml[^<>]{0,200}>\s{0,100})?(?:<!--[^>]{0,1000}-->\s{0,100})?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE,
)
FRAGMENT = re.compile(r"\s{0,1000}<(?:article|body|div|h[1-6]|head|header|main|meta|p|section|title)\b", re.IGNORECASE)
CLOSING_TAG = re.compile(r"</(?:p|h[1-6]|li|div|section)>", re.IGNORECASE)
HASH_HEADING = re.compile(r"^#{1,6}[ \t]+\S", re.MULTILINE)
# Everything str.splitlines() takes for the end of a line, apart from the line feed.
SEPARATORS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
CONTROLS = re.compile("[\x01-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """An article as text, and where it came from.

    `text` has line feeds as its only line ends, no byte order mark, and empty lines where its front matter was,
    so a line has the number it has in the file. `title`, `language`, `written_on` and `tags` are the
    front matter's, or what a page says of itself. `exact` is the whole front matter where it says that headings
    mean what they are (see `recap.exact`).
    `sha256` is that of the bytes, in hex.
    """

    path: str
    sha256: str
    format: Format
    text: str
    title: str | None = None
    language: str | None = None
    written_on: dt.date | None = None
    tags: tuple[str, ...] = ()
    exact: Mapping[str, Any] | None = None
    findings: tuple[Finding, ...] = ()


def decode(path: str, data: bytes) -> SourceText:
    """Turn a recap's bytes into text, whatever its encoding; `path` gives the format and names it in errors.

    Unicode line separators become spaces, since lines end at line feeds alone. Control characters and
    noncharacters stay, with a finding: nothing an author wrote is lost in a reading, and `rendering.slots.clean`
    keeps them out of every output. Raises BadRecap for what is empty, too large or not text, and nothing else.
    """
    if len(data) > MAX_BYTES:
        raise BadRecap(f"recap is larger than {MAX_BYTES // 2**20} MiB: {path}", hint="split it, one file for each day")
    decoding = decoded(data)
    if decoding is None:
        raise BadRecap(f"recap is not text: {path}", hint="save it as plain text, markdown or HTML in UTF-8")
    text = SEPARATORS.sub(" ", decoding.text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise BadRecap(f"recap is empty: {path}")
    return _described(path, data, text, (*decoding.findings, *_odd_characters(text)))


def _described(path: str, data: bytes, text: str, findings: tuple[Finding, ...]) -> SourceText:
    known = SUFFIXES.get(_suffix(path))
    front = frontmatter.FrontMatter(text=text) if known == "rst" else frontmatter.split(text)
    known = "html" if known == "markdown" and PAGE.match(text) else known or _sniffed(front)
    front = docinfo.split(text) if known == "rst" else _of_page(front) if known == "html" else front
    return SourceText(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        format=known,
        text=front.text,
        title=front.title,
        language=front.language,
        written_on=front.written_on,
        tags=front.tags,
        exact=front.exact,
        findings=(*findings, *front.findings),
    )


def _of_page(front: frontmatter.FrontMatter) -> frontmatter.FrontMatter:
    """Return what a page says of itself; front matter, as site generators have it, says it first."""
    told = html.facts(front.text)
    return replace(
        front,
        title=front.title or told.title,
        language=front.language or told.language,
        written_on=front.written_on or told.written_on,
        tags=front.tags or told.tags,
    )


def _suffix(path: str) -> str:
    _, dot, suffix = path.replace("\\", "/").rpartition("/")[2].rpartition(".")
    return dot + suffix.lower()


def _sniffed(front: frontmatter.FrontMatter) -> Format:
    """Tell the format of a text whose name says nothing."""
    head = front.text[:SNIFFED]
    if PAGE.match(head) or (FRAGMENT.match(head) and sum(1 for _ in CLOSING_TAG.finditer(head)) >= MIN_CLOSED):
        return "html"
    if front.found or sum(1 for _ in HASH_HEADING.finditer(head)) >= MIN_HEADINGS:
        return "markdown"
    return "rst" if docinfo.looks_like(head) else "text"


def _odd_characters(text: str) -> tuple[Finding, ...]:
    found = CONTROLS.findall(text)
    if not found:
        return ()
    first = text.count("\n", 0, text.index(found[0])) + 1
    message = f"invisible control characters, left out of feeds and mail: {len(found)}"
    return (Finding(rule="control-characters", severity="info", line=first, message=message),)
