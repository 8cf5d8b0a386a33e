"""A second opinion on where the article of a page is: the home of trafilatura, which need not be installed."""

import logging
import re
from itertools import islice
from typing import TYPE_CHECKING

from cnddigest.recap.html.parsing import markup

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 200_000  # characters of markup, and
MOST_ELEMENTS = 5_000  # of a page it is asked about: it takes its time, and more than that where a page means harm
LINES = 60  # of what it extracts that are looked for
SHARE = 0.9  # of these lines that the article must hold
SPANS = re.compile(r"\b(?:col|row)span=", re.IGNORECASE)  # it makes a cell for each
OUTER = frozenset({"article", "body", "center", "div", "main", "section"})  # what an article may be


def judged(body: "_Element") -> "_Element | None":
    """Return the innermost element that holds what trafilatura takes for the article, None without an opinion.

    Only the place is taken from it: it loses paragraphs that are nothing but a link. It fetches nothing.
    """
    lines = _lines(body)
    if not lines:
        return None
    node = body
    while (inner := next((child for child in node if _holds(child, lines)), None)) is not None and inner.tag in OUTER:
        node = inner
    return node


def _lines(body: "_Element") -> list[str]:
    try:
        import trafilatura
    except ImportError:
        return []
    if next(islice(body.iter(), MOST_ELEMENTS, None), None) is not None:
        return []
    page = SPANS.sub("", markup(body))
    if len(page) > LARGEST:
        return []
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it complains of pages that have nothing to extract
    found = trafilatura.extract(f"<html>{page}</html>", include_comments=False, include_links=False)
    squeezed = ("".join(line.split()) for line in (found or "").split("\n"))
    return [line for line in squeezed if line][:LINES]


def _holds(node: "_Element", lines: list[str]) -> bool:
    text = "".join("".join(piece.split()) for piece in node.itertext() if isinstance(piece, str))
    return sum(line in text for line in lines) >= SHARE * len(lines)
