"""PNG, chunk by chunk (W3C PNG, third edition): those that change what is seen are kept."""

from collections.abc import Iterator

from cnddigest.errors import BadPicture
from cnddigest.picture.model import DAMAGED, Picture, bounded

SIGNATURE = b"\x89PNG\r\n\x1a\n"
OVERHEAD = 12  # bytes of a chunk beside its data: length, name, checksum
HEADER = 13
KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"}
    | {b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs"}
)


def read(data: bytes) -> Picture:
    """Return a PNG without text, times and EXIF; BadPicture if it ends too early."""
    kept = [SIGNATURE]
    names = set()
    for name, chunk in _chunks(data):
        names.add(name)
        if name in KEPT:
            kept.append(chunk)
    if not {b"IHDR", b"IDAT", b"IEND"} <= names or kept[1][4:8] != b"IHDR" or len(kept[1]) != HEADER + OVERHEAD:
        raise BadPicture(DAMAGED)
    width, height = bounded(int.from_bytes(kept[1][8:12], "big"), int.from_bytes(kept[1][12:16], "big"))
    return Picture(format="png", width=width, height=height, data=b"".join(kept), moving=b"acTL" in names, sharp=True)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each chunk's name and all its bytes, up to the one that ends the image."""
    place, name = len(SIGNATURE), b""
    while name != b"IEND":
        size = int.from_bytes(data[place : place + 4], "big") + OVERHEAD
        if place + size > len(data):
            raise BadPicture(DAMAGED)
        name = data[place + 4 : place + 8]
        yield name, data[place : place + size]
        place += size
