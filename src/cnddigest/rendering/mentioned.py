"""Which of many addresses stand in a long text: exact, and in the time it takes to read the text a few times."""

import re
from bisect import bisect_left
from collections.abc import Collection

FEW = 20  # addresses that are looked for one after the other
LONGEST = 2_000  # characters of an address: none is longer by far, and a text without blanks is one
ATTRIBUTE = re.compile(r'(?:href|src)="([^"]*)"')
RUN = re.compile(rf"(?=(https?://[^\s\"'<>]{{0,{LONGEST}}}))")  # from every scheme on, also from one inside another
PLAIN = re.compile(rf"https?://[^\s\"'<>]{{0,{LONGEST - 10}}}")


def mentioned(html: str, urls: Collection[str]) -> frozenset[str]:
    """Return those of the addresses that stand in a text as they are, be it as the beginning of a longer one."""
    if len(urls) <= FEW:
        return frozenset(url for url in urls if url in html)
    linked = set(ATTRIBUTE.findall(html))
    runs = sorted({found[1] for found in RUN.finditer(html)})
    return frozenset(url for url in urls if url in linked or _stands(url, runs, html))


def _stands(url: str, runs: list[str], html: str) -> bool:
    if not PLAIN.fullmatch(url):
        return url in html
    # In order, the first run that does not come before an address begins with it, or none does.
    place = bisect_left(runs, url)
    return place < len(runs) and runs[place].startswith(url)
