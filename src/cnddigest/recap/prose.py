"""Runs of blocks as Prose: what a person reads and its markup; and the links in them."""

from collections.abc import Iterable
from html import escape

from cnddigest.recap.blocks import Block
from cnddigest.recap.model import Link, Prose

SUBHEADING = 4  # the level at which a heading inside a talk is shown


def prose(blocks: Iterable[Block]) -> Prose:
    """Join blocks; a heading among them is one string of the text."""
    kept = list(blocks)
    return Prose(
        paragraphs=tuple(string for block in kept for string in block.strings if string.strip()),
        html="\n".join(filter(None, map(_html, kept))),
    )


def links(blocks: Iterable[Block], *, without: str | None = None) -> tuple[Link, ...]:
    """Return the links in order, each address once."""
    found = {link.url: link for block in reversed(list(blocks)) for link in reversed(block.links)}
    return tuple(link for link in reversed(found.values()) if link.url != without)


def address(block: Block) -> str | None:
    """Return the address that a block is nothing but, else None."""
    if block.kind == "heading" or not block.links:
        return None
    only = block.links[0].url
    return only if block.kind == "card" or block.text.strip().strip("<>") == only else None


def _html(block: Block) -> str:
    if block.kind != "heading":
        return block.html
    return f"<h{SUBHEADING}>{escape(block.text, quote=False)}</h{SUBHEADING}>"
