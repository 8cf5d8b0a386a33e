"""In which sizes and formats a picture is published, each under a name that says how it is made from its file."""

import hashlib
import re
from dataclasses import dataclass

from cnddigest.errors import BadPicture
from cnddigest.picture import reading, scaling
from cnddigest.picture.model import Format, Picture

ON_PAGES = 1600  # pixels: twice the widest column
IN_MAIL = 1200  # pixels: twice the column of an Issue
STEM = 20  # hexadecimal digits of a file's SHA-256
ENDINGS: dict[Format, str] = {"png": "png", "jpeg": "jpg", "gif": "gif", "webp": "webp", "avif": "avif"}
SHOWN = frozenset({"png", "jpg", "gif", "webp"})  # those that every browser shows
MAILED = frozenset({"png", "jpg", "gif"})  # those that every mail program shows
# Pixels up to which a conversion takes no more than 300 MB, measured; a larger one stays as it is.
CONVERTED: dict[Format, int] = {
    "png": 25_000_000,
    "jpeg": 50_000_000,
    "gif": 25_000_000,
    "webp": 16_000_000,
    "avif": 16_000_000,
}
NAME = re.compile(r"([0-9a-f]{20})(?:-([1-9][0-9]{0,4}))?\.(png|jpg|gif|webp)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The names under which a picture stands on pages and in mail, and its size in pixels on pages."""

    page: str
    mail: str
    width: int
    height: int


def stem(data: bytes) -> str:
    """Return what the names of all variants of a file begin with."""
    return hashlib.sha256(data).hexdigest()[:STEM]


def variants(picture: Picture, stem: str, *, can_convert: bool) -> Variants:
    """Return how a picture is published: `0123456789abcdef0123.png` as it is, `…-1200.jpg` converted.

    Raises BadPicture for one that has to be converted, and can't be: an AVIF would keep its metadata.
    """
    ending, width, height = ENDINGS[picture.format], picture.width, picture.height
    whole = f"{stem}.{ending}"
    if not can_convert or width * height > CONVERTED[picture.format]:
        if ending not in SHOWN:
            raise BadPicture("image is AVIF, which can't be converted here, save it as PNG or JPEG")
        return Variants(page=whole, mail=whole, width=width, height=height)
    page = _name(picture, stem, ON_PAGES, keep=ending in SHOWN)
    mail = _name(picture, stem, IN_MAIL, keep=ending in MAILED)
    if page != whole and width > ON_PAGES:
        width, height = ON_PAGES, max(1, round(height * ON_PAGES / width))
    return Variants(page=page, mail=mail, width=width, height=height)


def _name(picture: Picture, stem: str, widest: int, *, keep: bool) -> str:
    """Return the name of a picture at most so wide; `keep` its format if it can be."""
    ending = ENDINGS[picture.format]
    if keep and (picture.moving or picture.width <= widest):
        return f"{stem}.{ending}"
    if not keep or ending == "gif":
        ending = "png" if picture.sharp else "jpg"
    return f"{stem}-{min(widest, picture.width)}.{ending}"


def make(name: str, data: bytes) -> bytes:
    """Return the bytes of a variant from those of its file; BadPicture if they can't be made."""
    found = NAME.fullmatch(name)
    if not found:
        raise ValueError(name)
    picture = reading.read(data)
    return scaling.scaled(picture.data, int(found[2]), found[3]) if found[2] else picture.data
