"""Tags that an author gave: in front matter, in a line `Tags: a, b`, or words with a `#` that stand for themselves."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from cnddigest.recap.identity import folded

MOST = 20  # tags of a recap or session
LONGEST = 40  # characters of a tag; more is a sentence
SURROGATES = re.compile("[\ud800-\udfff]")  # YAML's escapes can make half a character, which nothing can encode
LONGEST_LINE = 500  # characters that are looked at
LABELLED = re.compile(
    r"\s*(?:tags?|topics?|keywords?|タグ|トピック|キーワード|mots[- ]clés|étiquettes|schlagwörter|stichwörter|emner)"
    r"\s*[:：]\s*(\S.{0,400})\Z",
    re.IGNORECASE,
)
HASHTAG = r"[#＃](?!\d+(?!\w))[^\W_][\w+-]{0,39}"
# A line of nothing else, or the end of one behind a finished sentence: `#general` inside one is a channel.
HASHTAGS = re.compile(rf"(?:^|[。.!?！？)）]\s*)((?:{HASHTAG}[\s、,]*)+)\Z")
APART = re.compile(r"[,、，;；/|]|\s+(?=[#＃])")


def said(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that a text names, each once, in order."""
    lines = (line for paragraph in paragraphs for line in paragraph.split("\n"))
    return listed(tag for line in lines for tag in _tags(line))


def listed(words: Iterable[str]) -> tuple[str, ...]:
    """Return words as tags: without `#`, one of each spelling, none that is too long for a tag."""
    found: dict[str, str] = {}
    for word in words:
        tag = " ".join(unicodedata.normalize("NFKC", SURROGATES.sub("", word)).split()).lstrip("#").strip(" .。'\"`")
        if tag and len(tag) <= LONGEST:
            found.setdefault(folded(tag), tag)
    return tuple(found.values())[:MOST]


def given(value: object) -> tuple[str, ...]:
    """Return the tags that a field of front matter holds: a list, of names or of `{name: …}`, or one line."""
    if isinstance(value, str):
        return listed(parted(value))
    if not isinstance(value, list):
        return ()
    words = (item.get("name") if isinstance(item, dict) else item for item in value[: MOST * 2])
    return listed(str(word) for word in words if isinstance(word, str | int | float) and not isinstance(word, bool))


def parted(text: str) -> list[str]:
    """Return the words of a list written in one line: `a, b`, `a、b`, `#a #b`."""
    return APART.split(text)


def _tags(line: str) -> Iterator[str]:
    colon = ":" in line[:LONGEST] or "：" in line[:LONGEST]
    if colon and len(line) <= LONGEST_LINE and (labelled := LABELLED.match(line)):
        yield from parted(labelled[1])
    elif ("#" in line or "＃" in line) and (found := HASHTAGS.search(line[-LONGEST_LINE:].rstrip())):
        yield from re.findall(HASHTAG, found[1])
