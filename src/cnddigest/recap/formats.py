"""The readers: which function turns which format into blocks."""

from collections.abc import Callable, Iterable, Mapping

from cnddigest.recap import html, markdown, rst, text
from cnddigest.recap.blocks import Block
from cnddigest.recap.model import Format
from cnddigest.recap.source import SourceText

READERS: Mapping[Format, Callable[[str], Iterable[Block]]] = {
    "text": text.blocks,
    "markdown": markdown.blocks,
    "html": html.blocks,
    "rst": rst.blocks,
}


def blocks(source: SourceText) -> Iterable[Block]:
    """Return the blocks of a file."""
    return READERS[source.format](source.text)
