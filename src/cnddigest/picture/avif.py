"""AVIF: only recognised and measured; who can decode it makes another format of it, which leaves the metadata out."""

import re

from cnddigest.errors import BadPicture
from cnddigest.picture.model import DAMAGED, Picture, bounded

BRANDS = frozenset({b"avif", b"avis"})
SEARCHED = 1 << 16  # bytes: boxes that describe stand before those that hold pixels
EXTENT = re.compile(rb"ispe\0\0\0\0(.{4})(.{4})", re.DOTALL)  # ISO 23008-12, 6.5.3: the size of an item
TURNED = re.compile(rb"\0\0\0\x09irot([\0-\3])")  # ISO 23008-12, 6.5.10: quarter turns
ALPHA = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"


def is_avif(data: bytes) -> bool:
    """Say whether a file announces AVIF among its brands (ISO 14496-12, 4.3)."""
    brands = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
    return data[4:8] == b"ftyp" and any(brands[at : at + 4] in BRANDS for at in range(0, len(brands), 4))


def read(data: bytes) -> Picture:
    """Return an AVIF as it is, with the size of its largest item."""
    head = data[:SEARCHED]
    sizes = [(int.from_bytes(w, "big"), int.from_bytes(h, "big")) for w, h in EXTENT.findall(head)]
    if not sizes:
        raise BadPicture(DAMAGED)
    width, height = bounded(*max(sizes, key=lambda size: size[0] * size[1]))
    if (turned := TURNED.search(head)) and turned[1][0] % 2:
        width, height = height, width
    return Picture(
        format="avif", width=width, height=height, data=data, moving=data[8:12] == b"avis", sharp=ALPHA in head
    )
