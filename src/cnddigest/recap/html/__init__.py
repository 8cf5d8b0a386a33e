"""HTML to blocks: the article of a saved page, or a fragment; what stands around it is furniture."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnddigest.recap import breaks
from cnddigest.recap.blocks import Block
from cnddigest.recap.html import main, page, referee, signs
from cnddigest.recap.html.addresses import NOWHERE
from cnddigest.recap.html.article import article_blocks
from cnddigest.recap.html.page import Facts
from cnddigest.recap.html.parsing import parsed, walk
from cnddigest.recap.html.reading import Reading, leaves
from cnddigest.recap.sections import letters

if TYPE_CHECKING:
    from lxml.etree import _Element


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a page or a fragment in reading order.

    Every visible character is in one block: what is not the article's is furniture, with the reason. `html` has
    only elements and attributes that carry text, and absolute addresses where the page says where it was published;
    it is not clean. Nothing is fetched. Never fails, whatever the text is.
    """
    root = parsed(text)
    if root is None:
        return
    body, whole = _body(root), page.is_whole(root)
    article = main.article(body, referee.judged, whole=whole)
    yield from breaks.between_texts(_page_blocks(body, article, page.facts(root, article, text), whole=whole))


def facts(text: str) -> Facts:
    """Return what a page says about its article; nothing of a text that shows nothing."""
    root = parsed(text)
    if root is None:
        return Facts()
    return page.facts(root, main.article(_body(root), referee.judged, whole=page.is_whole(root)), text)


def _body(root: "_Element") -> "_Element":
    """Return what a page shows; a frameset shows what it has for browsers without frames."""
    body = root.find("body")
    return root if body is None else body


def _page_blocks(body: "_Element", article: main.Article, told: Facts, *, whole: bool) -> Iterator[Block]:
    """Yield what stands around the article as furniture, and the article in its place."""
    around = Reading(place=NOWHERE, title=letters(told.title or ""))
    outer = {article.node, *article.node.iterancestors()}
    steps = walk(body)
    for event, node in steps:
        if event == "start" and node is article.node:
            yield from article_blocks(article, told.place, whole=whole)
            steps.skip_subtree()
        elif event == "start" and node not in outer:
            yield from leaves(node, signs.furniture(node) or "page furniture", around)
            steps.skip_subtree()
        else:
            text = node.text if event == "start" else node.tail if node is not body else None
            yield from around.stray(text)
