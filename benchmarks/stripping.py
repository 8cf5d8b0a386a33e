"""A recap as copying it from a browser leaves it: headings without their mark, lists without bullets, links without
their targets, tables as lines."""

from collections.abc import Iterator

from cnddigest.recap import formats
from cnddigest.recap.blocks import Block
from cnddigest.recap.source import SourceText


def stripped(source: SourceText, *, spaced: bool) -> str:
    """Return the article's text, line by line; `spaced` keeps a blank line between blocks, as some browsers do.

    What is not the author's is not there: nobody selects a page's menu, and nobody sees its comments.
    """
    kept = (block for block in formats.blocks(source) if block.kind != "furniture")
    blocks = [text for block in kept if (text := "\n".join(_lines(block)))]
    title = [source.title] if source.title else []
    return ("\n\n" if spaced else "\n").join([*title, *blocks]) + "\n"


def _lines(block: Block) -> Iterator[str]:
    if block.kind == "table":
        for row in block.cells:
            yield "\t".join(" ".join(cell.strings) for cell in row)
        return
    for string in block.strings:
        yield from (line.strip() for line in string.split("\n") if line.strip())
