"""A Picture: an image file that was looked through, without what its readers don't need."""

from dataclasses import dataclass
from typing import Literal

from cnddigest.errors import BadPicture

Format = Literal["png", "jpeg", "gif", "webp", "avif"]

LARGEST_FILE = 20 << 20  # bytes: a camera's photographs have half of it
MOST_PIXELS = 50_000_000  # decoded, four bytes each: 200 MB
DAMAGED = "image is damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image and its size in pixels as it is shown.

    `data` is the file without its metadata (place, camera, comments) and without anything after its end; an AVIF is
    as it was.
    A `moving` one has several frames; a `sharp` one has edges or transparency that a JPEG would lose.
    """

    format: Format
    width: int
    height: int
    data: bytes
    moving: bool = False
    sharp: bool = False


def bounded(width: int, height: int) -> tuple[int, int]:
    """Return a size that can be decoded; BadPicture for nothing at all, and for what would fill the memory."""
    if not width or not height:
        raise BadPicture(DAMAGED)
    if width * height > MOST_PIXELS:
        raise BadPicture(f"image has more than {MOST_PIXELS // 1_000_000} million pixels")
    return width, height
