"""Thematic breaks: the rules and rows of stars that an author draws between two parts of a text."""

from collections.abc import Iterable, Iterator

from cnddigest.recap.blocks import Block

RULE = "<hr />\n"
ORNAMENT = "rule"  # why plain text has a row of stars among its furniture


def rule(line: int) -> Block:
    """Return a break as a block that is shown and has no words."""
    return Block(kind="paragraph", line=line, html=RULE)


def is_rule(block: Block) -> bool:
    """Say whether a block is a break and nothing else."""
    return block.kind == "paragraph" and block.html == RULE


def between_texts(blocks: Iterable[Block]) -> Iterator[Block]:
    """Leave out rules that separate nothing: before a heading, after one, at the end."""
    waiting: Block | None = None
    after_text = False
    for block in blocks:
        if is_rule(block):
            waiting = block if after_text else None
            continue
        if waiting and block.kind not in {"heading", "furniture"}:
            yield waiting
        yield block
        if block.kind != "furniture":
            waiting, after_text = None, block.kind != "heading"
