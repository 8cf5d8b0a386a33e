"""The readers: which function turns which format into blocks."""

from collections.abc import Callable, Iterable, Mapping

from cnddigest.errors import BadRecap
from cnddigest.recap import markdown, text
from cnddigest.recap.blocks import Block
from cnddigest.recap.model import Format
from cnddigest.recap.source import SourceText

# A format that is not here is known and not read yet; its reader plugs in here.
READERS: Mapping[Format, Callable[[str], Iterable[Block]]] = {"text": text.blocks, "markdown": markdown.blocks}


def blocks(source: SourceText) -> Iterable[Block]:
    """Return the blocks of a file; raises BadRecap for a format that has no reader."""
    reader = READERS.get(source.format)
    if not reader:
        raise BadRecap(
            f"recaps in this format can't be read yet ({source.format}): {source.path}",
            hint="save the article as markdown or plain text",
        )
    return reader(source.text)
