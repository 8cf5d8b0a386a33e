"""Tags of clean HTML: found whole, with their quoted attributes, by one regular expression.

Only for what `markup.safe` lets out: its serialiser writes every tag in lower case and every attribute in
double quotes, so that a "<p" inside an attribute is never taken for a tag.
"""

import re
from collections.abc import Iterator

# Possessive: a text with a million quotes costs what it is long, once.
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*+)([^">]*+(?:"[^"]*+"[^">]*+)*+)>')
VOID = frozenset({"br", "col", "hr", "img", "wbr"})  # HTML, section 13.1.2: they have no end tag
BLOCKS = frozenset(
    {"blockquote", "details", "dl", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"}
)


def blocks(html: str) -> Iterator[str]:
    """Yield the outermost blocks in order; joined they are `html` again.

    Text between two blocks goes with the one behind it, text after the last stands alone.
    """
    depth = begin = 0
    for tag in TAG.finditer(html):
        name = tag[2]
        if name not in VOID:
            depth += -1 if tag[1] else 1
        if depth <= 0 and name in BLOCKS:
            yield html[begin : tag.end()]
            begin, depth = tag.end(), 0
    if begin < len(html):
        yield html[begin:]
