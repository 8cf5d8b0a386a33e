"""Texts packed for the way: gzip for everybody, and brotli for who takes it."""

import gzip

from cnddigest.web.negotiation import BROTLI, GZIP, PACKINGS

SMALLEST = 1000  # bytes that are worth it: less fits into a packet or two
ONCE, EACH_TIME = 9, 5  # how hard brotli tries: of 11, whose last steps take ten times as long for two per cent
SUFFIXES = {BROTLI: "-br", GZIP: "-gz"}  # of an ETag: a strong one names these very bytes


def packed(data: bytes, how: str, *, often: bool = False) -> bytes:
    """Return a text packed; `often` says that it is done at each request."""
    import brotli  # where nothing is packed it costs nothing

    if how == BROTLI:
        found: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=EACH_TIME if often else ONCE)
        return found
    return gzip.compress(data, 6, mtime=0)


def all_packed(data: bytes) -> dict[str, bytes]:
    """Return a text packed in each way that makes it smaller."""
    made = {how: packed(data, how) for how in PACKINGS} if len(data) >= SMALLEST else {}
    return {how: each for how, each in made.items() if len(each) < len(data)}
