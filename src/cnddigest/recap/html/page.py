"""What a saved page says about its article: title, language, date, and where it was published."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from cnddigest.recap import frontmatter, tags
from cnddigest.recap.html import main, signs
from cnddigest.recap.html.addresses import NOWHERE, Place
from cnddigest.recap.html.phrases import text_of
from cnddigest.recap.language import SAMPLE, language
from cnddigest.recap.sections import letters

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST_DATA = 1_000_000  # characters of JSON-LD
MOST_PARTS = 3  # elements in a date
LONGEST_TITLE = 500  # characters
SEPARATORS = re.compile(r"\s+[|｜·•»«–—―-]\s+|\s*[|｜]\s*|\s+[:：]{1,2}\s+|：")
SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{1,5}\)(https?://\S{1,2000}) -->")
NAMELESS = re.compile(  # what editors call a page that its author gave no title
    r"(?:(?:untitled|new)(?: (?:document|page|post))?|無題(?:の?ドキュメント|の?文書)?|(?:新規)?ドキュメント"
    r"|document\d?|index|home|microsoft word.*)\s*\Z",
    re.IGNORECASE,
)
TITLES = ("og:title", "twitter:title", "dc.title", "title")
DATES = (
    *("article:published_time", "og:article:published_time", "datepublished", "date", "pubdate", "dc.date"),
    *("dc.date.issued", "dcterms.created", "citation_publication_date", "parsely-pub-date", "article.published"),
)
TITLE_HINTS = re.compile(
    r"(?:^|[- ])(?:entry-title|post-title|article-title|note-title|p-name|headline|title)(?:$|[- ])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page says."""

    title: str | None = None
    language: str | None = None
    written_on: dt.date | None = None
    tags: tuple[str, ...] = ()
    place: Place = NOWHERE


def is_whole(root: "_Element") -> bool:
    """Say whether a text is a page with what its site puts around an article, and no fragment."""
    return next(root.iter("title", "header", "footer", "nav", "link"), None) is not None


def facts(root: "_Element", article: main.Article, text: str) -> Facts:
    """Read what stands before and around an article."""
    meta = _meta(root)
    data = list(_data(root))
    return Facts(
        title=_title(root, article, meta, data),
        language=_language(root, article, meta),
        written_on=_date(root, article, meta, data),
        tags=tags.listed(_tags(root)),
        place=_place(root, meta, text),
    )


def _meta(root: "_Element") -> Mapping[str, str]:
    """Return the page's `<meta>` values by their names in lower case, the first of each."""
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        key = node.get("property") or node.get("name") or node.get("itemprop") or ""
        if key and (value := " ".join((node.get("content") or "").split())):
            found.setdefault(key.lower(), value[:2_000])
    return found


def _data(root: "_Element") -> Iterator[Mapping[str, object]]:
    """Yield what the page says of articles in JSON-LD."""
    for node in root.iter("script"):
        if node.get("type") != "application/ld+json" or not node.text or len(node.text) > LONGEST_DATA:
            continue
        try:
            found = json.loads(node.text)
        except (ValueError, RecursionError):
            continue
        yield from (thing for thing in _things(found) if _is_article(thing))


def _things(found: object) -> Iterator[Mapping[str, object]]:
    if isinstance(found, dict):
        graph = found.get("@graph")
        yield found
        yield from (thing for thing in (graph if isinstance(graph, list) else []) if isinstance(thing, dict))
    elif isinstance(found, list):
        yield from (thing for thing in found if isinstance(thing, dict))


def _is_article(thing: Mapping[str, object]) -> bool:
    kind = thing.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(one, str) and one.endswith(("Article", "Posting", "Report")) for one in kinds)


def _title(
    root: "_Element", article: main.Article, meta: Mapping[str, str], data: list[Mapping[str, object]]
) -> str | None:
    """Return the title on which the page's head and its headings agree; what the head alone says comes second."""
    node = root.find(".//head/title")
    written = " ".join(text_of(node).split())[:LONGEST_TITLE] if node is not None else ""
    said = [written, *(meta[key][:LONGEST_TITLE] for key in TITLES if key in meta)]
    said += [str(thing["headline"])[:LONGEST_TITLE] for thing in data if isinstance(thing.get("headline"), str)]
    said = [text for text in said if letters(text)]
    headings = [(heading, text) for heading in _headings(root) if (text := text_of(heading)[:LONGEST_TITLE])]
    weighed = [(_weight(heading, text, said, article), -place, text) for place, (heading, text) in enumerate(headings)]
    agreed = max((found for found in weighed if found[0] > 0), default=None)
    if agreed:
        return agreed[2]
    if any(heading.tag == "h1" and _is_inside(heading, article) for heading, _ in headings):
        return None
    said = [text for text in said if not NAMELESS.match(text)]
    return next(filter(None, (_without_site(text, meta.get("og:site_name", "")) for text in said[1:] + said[:1])), None)


def _headings(root: "_Element") -> Iterator["_Element"]:
    for node in root.iter("h1", "h2", "h3"):
        if node.tag == "h1" or node.get("itemprop") in {"headline", "name"} or TITLE_HINTS.search(signs.hint(node)):
            yield node


def _weight(heading: "_Element", text: str, said: list[str], article: main.Article) -> int:
    """Return how surely a heading is the article's title; 0 if the head of the page says something else."""
    own = letters(text)
    agrees = 4 * any(own == letters(title) for title in said[1:]) + 3 * any(own == letters(title) for title in said[:1])
    agrees += 2 * any(own in letters(title) for title in said)
    if not own or not agrees:
        return 0
    named = heading.get("itemprop") in {"headline", "name"} or bool(TITLE_HINTS.search(signs.hint(heading)))
    return agrees + 2 * named + 2 * _is_inside(heading, article) + len(own) // 8


def _is_inside(node: "_Element", article: main.Article) -> bool:
    return any(outer is article.node for outer in node.iterancestors())


def _without_site(title: str, site: str) -> str:
    """Return a page's title without the name of its site, which stands at one end of it."""
    parts = SEPARATORS.split(title)
    if len(parts) < 2:
        return title
    if site and letters(parts[-1]) == letters(site):
        return title[: title.rindex(parts[-1])].rstrip(" |｜·•»«–—―-:：")
    if site and letters(parts[0]) == letters(site):
        return title[len(parts[0]) :].lstrip(" |｜·•»«–—―-:：")
    bars = re.split(r"\s*[|｜«»]\s*", title)
    return max(bars[0], bars[-1], key=len) if len(bars) > 1 else title


def _language(root: "_Element", article: main.Article, meta: Mapping[str, str]) -> str | None:
    """Return the language of the text where its script is telling, else what the page says."""
    near = [node.get("lang") for node in (article.node, *article.node.iterancestors())]
    said = [*near, root.get("{http://www.w3.org/XML/1998/namespace}lang"), meta.get("og:locale")]
    tag = next((found for value in said if (found := frontmatter.language_tag(value))), None)
    seen = language(_sample(article.node))
    wide = {"ja", "ko", "zh"}
    if not tag or ((seen in wide or tag[:2] in wide) and seen != tag[:2]):
        return seen
    return tag if tag.startswith("zh") else tag.partition("-")[0]


def _sample(node: "_Element") -> str:
    parts: list[str] = []
    size = 0
    for text in main.texts(node):
        parts.append(" ".join(text.split()))
        size += len(parts[-1])
        if size > SAMPLE:
            break
    return " ".join(filter(None, parts))


def _date(
    root: "_Element", article: main.Article, meta: Mapping[str, str], data: list[Mapping[str, object]]
) -> dt.date | None:
    """Return when the article was published."""
    said: list[object] = [meta.get(key) for key in DATES]
    said += [thing.get(key) for thing in data for key in ("datePublished", "dateCreated")]
    said += [
        node.get("datetime") or node.get("title") or text_of(node)
        for node in root.iter("time", "abbr", "div")
        if _is_published(node)
    ]
    near = next(
        (outer for outer in (article.node, *article.node.iterancestors()) if outer.tag == "article"), article.node
    )
    first = next(near.iter("time"), None)
    said += [first.get("datetime")] if first is not None else []
    return next((found for value in said if (found := frontmatter.date_of(value))), None)


def _is_published(node: "_Element") -> bool:
    if node.get("itemprop") == "datePublished" or node.get("pubdate") is not None:
        return True
    return "published" in signs.hint(node) and len(node) <= MOST_PARTS


def _tags(root: "_Element") -> Iterator[str]:
    for node in root.iter("meta"):
        if node.get("property") == "article:tag" and (tag := " ".join((node.get("content") or "").split())):
            yield tag


def _place(root: "_Element", meta: Mapping[str, str], text: str) -> Place:
    """Return where the page was; a `<base>` is relative to that."""
    link = next(
        (node.get("href") for node in root.iter("link") if (node.get("rel") or "").lower() == "canonical"), None
    )
    saved = SAVED_FROM.search(text[: main.HEAD])
    said = (link, meta.get("og:url"), saved[1] if saved else None)
    page = next((url for url in said if url and url.startswith(("https://", "http://"))), "")
    base = next((node.get("href") for node in root.iter("base") if node.get("href")), None)
    try:
        return Place(page=page, base=urljoin(page, base) if base else page)
    except ValueError:
        return Place(page=page, base=page)
