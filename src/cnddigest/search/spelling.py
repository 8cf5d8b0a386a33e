"""A folded text as tokens: words, and pairs of characters where a script has no spaces between words.

`会議録 k8s` is `会議` `議録` `録` `k8s`: each character of a run begins one token, so that any piece of a run, a single
character too, is found as tokens that stand one behind the other.
"""

import re
from collections.abc import Iterator

from cnddigest.search.folding import folded

# Kana, ideographs, hangul, and the scripts of South East Asia that are written without spaces.
RUNNING = (
    "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\u1100-\u11ff\uac00-\ud7a3\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u1049\u1780-\u17d3\U00020000-\U0003fffd"
)
# Marks that belong to the letter before them, where normal form keeps them apart.
MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
# `c++`, `c#`: signs that make another word of it.
WORD = rf"(?:(?![{RUNNING}])(?:[^\W_]|[{MARKS}]))+(?:(?:\+\+|#)(?![A-Za-z0-9_]))?"
TOKEN = re.compile(rf"([{RUNNING}]+)|{WORD}")


def placed(text: str) -> Iterator[tuple[str, int]]:
    """Yield the tokens of a folded text, each with the place of its first character."""
    for found in TOKEN.finditer(text):
        run, first = found[1], found.start()
        if run is None:
            yield found[0], first
        else:
            yield from ((run[n : n + 2], first + n) for n in range(len(run)))


def tokens(text: str) -> list[str]:
    """Return the tokens of a text as people write it."""
    return [token for token, _ in placed(folded(text))]


def is_running(token: str) -> bool:
    """Say whether a token is of a script without spaces."""
    found = TOKEN.match(token)
    return bool(found and found[1])
