"""Clean HTML from anybody's HTML, and plain text from both: the home of nh3."""

import html as entities
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from sys import getsizeof
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from cnddigest.rendering.lately import Lately
from cnddigest.rendering.slots import clean

if TYPE_CHECKING:
    import nh3

SCHEMES = frozenset({"http", "https", "mailto"})
# A link to another session of the Serial, as `recap.features.references` marks it: never let out as it is.
SESSION_SCHEME = 'href="session:'
NOWHERE: Mapping[str, str] = MappingProxyType({})
SESSION = re.compile(r"session:([a-z0-9-]+)")
SESSION_LINK = re.compile(
    r'<a(?: (?!href)[a-z]+="[^"]*")* href="session:([a-z0-9-]+)"(?: [a-z]+="[^"]*")*>(.*?)</a>', re.DOTALL
)
TAGS = frozenset(
    # blocks
    {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "details", "summary", "figure", "figcaption"}
    # phrases
    | {"a", "img", "wbr", "em", "strong", "i", "b", "u", "s", "del", "ins", "mark", "small", "sup", "sub"}
    | {"ruby", "rt", "rp", "code", "samp", "kbd", "var", "abbr", "cite", "q", "dfn", "time", "bdi"}
)
ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "bdi": {"dir"},
    "del": {"datetime"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height"},
    "ins": {"datetime"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
GONE = frozenset({"script", "style", "template", "noscript", "form", "svg", "math", "select", "textarea", "title"})
EMBEDS = {
    "iframe": {"src", "title"},
    "video": {"src", "title"},
    "audio": {"src", "title"},
    "object": {"data", "title"},
    "embed": {"src", "title"},
    "source": {"src"},
}
BLANKS = re.compile(r"[\t\n\r]")  # the URL standard removes them wherever they stand
ATTRIBUTE = r'(?: [a-z-]+="[^"]*")*'
FRAME = re.compile(rf"<(iframe)({ATTRIBUTE})>(.*?)</iframe>", re.DOTALL)
PLAYER = re.compile(rf"<(video|audio|object)({ATTRIBUTE})>(.*?)</\1>|<(?:embed|source){ATTRIBUTE}>", re.DOTALL)
VALUE = re.compile(r' (src|data|title)="([^"]*)"')
HEADING = re.compile(r"<(/?)h([1-6])>")
PIXEL = re.compile(r'<img(?=[^>]* width="[01]")(?=[^>]* height="[01]")[^>]*>|<img(?![^>]* src=)[^>]*>')
NO_ALT = re.compile(r"<img(?![^>]* alt=)")
NO_LINK = re.compile(r'<a((?: (?!href|rel)[a-z]+="[^"]*")*) rel="noopener">')  # HTML allows no rel without href
EMPTY = re.compile(r"<p>[\s\u00a0\u200b]*(?:&nbsp;)*</p>")
BREAKS = re.compile(
    r"</?(?:p|br|hr|div|h[1-6]|[uod]l|li|d[td]|blockquote|pre|table|caption|t[rdh]|details|summary|figure|figcaption)\b"
)
TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
# Every tag that stays open until it is closed; the others end by themselves, or have no end.
NESTING = re.compile(
    r"<(/?)(?!(?:p|li|d[td]|t[rdh]|tbody|thead|tfoot|br|hr|img|wbr|rt|rp|source|embed|input|col|meta|link|param|option)\b)[a-zA-Z]"
)
DEEPEST = 200
PASSES = 8  # of 300,000 random soups none needed more than 2
SENTENCE = re.compile(r"[。！？!?]+[」』）)]*|\.(?=\s|$)")
# Kana, ideographs, hangul and full-width forms, as they are counted for reading time.
WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\U00020000-\U0003fffd]+"
)
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")

# Silent reading. Latin text: Brysbaert 2019 finds 238 words a minute for English non-fiction. Japanese: 400 to 600
# characters a minute is the rule of thumb among its editors.
WORDS_A_MINUTE = 230
WIDE_CHARACTERS_A_MINUTE = 500


# A session's text is shown on two pages and in two feeds, one soon after the other. It counts twice: as it came, too.
_lately: Lately[tuple[str, str], str] = Lately(24_000_000, most=128, size=lambda cleaned: 2 * getsizeof(cleaned))


class Html(str):
    """A text that is HTML already; templates print it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return itself: the protocol of every autoescaping template engine."""
        return self


def safe(html: str, *, base_url: str = "", level: int = 2, sessions: Mapping[str, str] = NOWHERE) -> Html:
    """Return HTML that can do no harm and says the same.

    `base_url` is where the text was first published: relative addresses are resolved against it, since that is
    where they worked. Without it they are dropped and their text stays: an address that was never ours would
    be a dead link on this site. So are addresses inside the page (`#note-1`), for ids are dropped too.

    `sessions` has the addresses of sessions that the text may lead to, by id; to all others it says only their names.

    Headings keep their order and begin at `level`, no step skipped. Frames, players and embedded objects become
    lines that link to them. Tracking pixels, handlers, styles, ids and every scheme but http, https and mailto
    vanish. Cleaning twice changes nothing.
    """
    cleaned = _lately.get((html, base_url), lambda: _cleaned(html, base_url))
    if SESSION_SCHEME in cleaned:
        cleaned = SESSION_LINK.sub(lambda found: _session_link(found, sessions), cleaned)
    return Html(_headings(cleaned, level))


def _session_link(found: re.Match[str], sessions: Mapping[str, str]) -> str:
    url = sessions.get(found[1])
    return f'<a href="{entities.escape(url)}">{found[2]}</a>' if url else found[2]


def text_only(html: str) -> str:
    """Return the visible text of HTML in one line, blocks apart from each other."""
    text = _stripper().clean(BREAKS.sub(lambda found: " " + found[0], _bounded(clean(html))))
    return " ".join(clean(entities.unescape(text)).split())


def address(url: str | None, *, base_url: str = "") -> str | None:
    """Return an address a page may link to, absolute, or None: other schemes and broken ones are no links."""
    written = BLANKS.sub("", clean(url or "")).strip()
    if not written:
        return None  # joined with the base, nothing would be the base itself
    try:
        whole = urljoin(base_url, written)
        parts = urlsplit(whole)
    except ValueError:
        return None
    there = parts.netloc if parts.scheme in {"http", "https"} else parts.path
    return whole if parts.scheme in SCHEMES and there else None


def width(text: str) -> int:
    """Return how many columns a text takes: a full-width character takes two."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=8192)
def _columns(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def excerpt(paragraphs: Iterable[str], columns: int = 240) -> str:
    """Return the beginning of a text in at most so many columns.

    It ends with a sentence if one ends in the second half of that room, else between words, with "…".
    """
    text, there_is_more = _beginning(paragraphs, columns)
    if not there_is_more:
        return text
    ends = [found.end() for found in SENTENCE.finditer(text[:-1])]
    if ends and width(text[: ends[-1]]) * 2 >= columns:
        return text[: ends[-1]]
    while width(text) > columns - 2:
        text = text[:-1]
    head, blank, _ = text.rpartition(" ")
    return (head if blank and width(head) * 4 >= columns * 3 else text).rstrip(" 、,") + "…"


def minutes(paragraphs: Iterable[str]) -> int:
    """Return how many minutes a text takes to read, at least 1."""
    wide = words = 0
    for paragraph in paragraphs:
        narrow, runs = (paragraph, 0) if paragraph.isascii() else WIDE.subn(" ", paragraph)
        wide += len(paragraph) - len(narrow) + runs
        words += len(WORD.findall(narrow))
    return max(1, round(wide / WIDE_CHARACTERS_A_MINUTE + words / WORDS_A_MINUTE))


def _beginning(paragraphs: Iterable[str], columns: int) -> tuple[str, bool]:
    """Join paragraphs until they are wider than asked for; say whether something was left out."""
    text = ""
    for paragraph in paragraphs:
        words = " ".join(clean(paragraph[: 4 * columns]).split())
        wide = bool(text) and unicodedata.east_asian_width(text[-1]) in "WF"
        text += ("" if wide or not text else " ") + words
        if width(text) > columns:
            return _cut(text, columns), True
    return text, False


def _cut(text: str, columns: int) -> str:
    """Return the longest beginning that is just wider than `columns`."""
    used = 0
    for place, char in enumerate(text, 1):
        used += _columns(char)
        if used > columns:
            return text[:place]
    return text


def _cleaned(html: str, base_url: str) -> str:
    text = _bounded(clean(html))
    if "<" not in text and "&" not in text:
        return text
    text = _settled(_embeds_linked(text), _cleaner(base_url))
    text = NO_LINK.sub(r"<a\1>", text)
    if "<img" in text:
        text = NO_ALT.sub('<img alt=""', PIXEL.sub("", text))
    return EMPTY.sub("", clean(text))


def _settled(html: str, cleaner: "nh3.Cleaner") -> str:
    """Clean until it is what a parser makes of it: what stands where HTML forbids it moves a step at a time."""
    text = cleaner.clean(html)
    for _ in range(PASSES):
        before, text = text, cleaner.clean(text)
        if text == before:
            break
    return text


def _bounded(html: str) -> str:
    """Return the text alone where tags nest deeper than any author nests them: parsing that is quadratic."""
    depth = 0
    for found in NESTING.finditer(html):
        depth += -1 if found[1] else 1
        if depth > DEEPEST:
            return entities.escape(entities.unescape(TAG.sub(" ", html)))
    return html


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Drop addresses inside the page, sizes that are no numbers, and our own scheme where it is not a reference."""
    if attribute in {"href", "src"}:
        if BLANKS.sub("", value).strip().lower().startswith("session:"):
            return value if tag == "a" and SESSION.fullmatch(value) else None
        return None if not value.strip() or value.strip().startswith("#") else value
    if attribute in {"width", "height", "colspan", "rowspan", "start"}:
        return value if value.isascii() and value.isdigit() else None
    return value


@cache
def _cleaner(base_url: str) -> "nh3.Cleaner":
    import nh3

    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(GONE),
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        link_rel="noopener",
        url_schemes=SCHEMES | {"session"},
        url_relative=("rewrite_with_base", base_url) if address(base_url) else "deny",
    )


@cache
def _stripper() -> "nh3.Cleaner":
    import nh3

    return nh3.Cleaner(tags=set(), clean_content_tags=set(GONE))


@cache
def _embedder() -> "nh3.Cleaner":
    """Return what writes embeds in one canonical form and leaves all else to the real cleaning."""
    import nh3

    return nh3.Cleaner(
        tags=TAGS | EMBEDS.keys(),
        clean_content_tags=set(GONE),
        attributes=ATTRIBUTES | EMBEDS,
        link_rel=None,
        url_schemes=nh3.ALLOWED_URL_SCHEMES | {"session"},
    )


def _embeds_linked(html: str) -> str:
    """Put a linked line where something stood that only a browser with that page open can show."""
    folded = html.lower()
    if not any(f"<{tag}" in folded for tag in EMBEDS):
        return html
    # Frames first: what stands in them is raw text, and may look like anything.
    return PLAYER.sub(_line, FRAME.sub(_line, _embedder().clean(html)))


def _line(found: re.Match[str]) -> str:
    values: dict[str, str] = {}
    for name, value in VALUE.findall(found[0] if found[1] != "iframe" else found[2]):
        values.setdefault(name, value)
    url = values.get("src") or values.get("data")
    return f'<p><a href="{url}">{values.get("title") or url}</a></p>' if url else ""


def _headings(html: str, level: int) -> str:
    """Give headings new numbers: the outermost is `level`, and each deeper one is one step below."""
    open_levels: list[int] = []

    def renumbered(found: re.Match[str]) -> str:
        if not found[1]:
            while open_levels and open_levels[-1] >= int(found[2]):
                open_levels.pop()
            open_levels.append(int(found[2]))
        return f"<{found[1]}h{min(6, level + len(open_levels) - 1)}>"

    return HEADING.sub(renumbered, html)
