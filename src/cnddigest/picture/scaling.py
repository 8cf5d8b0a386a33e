"""Images in another size or format: the home of Pillow, which need not be installed."""

import importlib.util
import io
import struct
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

from cnddigest.errors import BadPicture
from cnddigest.picture.model import DAMAGED

if TYPE_CHECKING:
    from PIL import Image

READ = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
PAPER = (255, 255, 255)  # what shows through where a JPEG can't be transparent
SAVED: dict[str, dict[str, Any]] = {
    "png": {"format": "PNG", "compress_level": 6},
    "jpg": {"format": "JPEG", "quality": 85, "progressive": True, "optimize": True},
    "webp": {"format": "WEBP", "quality": 82, "method": 4},
}
# What decoders of a broken file are known to raise.
BROKEN = (
    *(OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, EOFError, OverflowError),
    *(MemoryError, RuntimeError, struct.error, zlib.error, Warning),
)


@cache
def is_available() -> bool:
    """Say whether images can be converted: `pip install cnddigest[images]`."""
    return importlib.util.find_spec("PIL") is not None


def scaled(data: bytes, width: int, ending: str) -> bytes:
    """Return the first frame of an image, `width` pixels wide, as `png`, `jpg` or `webp`; BadPicture if it is broken.

    It is never made larger than it is. The same input gives the same bytes with the same release of Pillow.
    """
    from PIL import Image

    Image.init()
    known = [name for name in READ if name in Image.OPEN]  # AVIF comes with Pillow 11.3
    try:
        with Image.open(io.BytesIO(data), formats=known) as opened:
            return _saved(_ready(_resized(_upright(opened, width), width), ending), ending)
    except (*BROKEN, Image.DecompressionBombError) as error:
        raise BadPicture(DAMAGED) from error


def _upright(opened: "Image.Image", width: int) -> "Image.Image":
    from PIL import ImageOps

    if opened.format == "JPEG":
        opened.draft(None, (width, width))  # decodes no more pixels than needed
    opened.load()
    ImageOps.exif_transpose(opened, in_place=True)
    return opened


def _resized(image: "Image.Image", width: int) -> "Image.Image":
    from PIL import Image

    if image.width <= width:
        return image
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")  # 16 bits of grey
    if image.mode in {"1", "P", "PA"} or "transparency" in image.info:  # colours that can't be mixed yet
        image = image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _ready(image: "Image.Image", ending: str) -> "Image.Image":
    """Return an image in a mode that can be saved, on white paper where the format knows no transparency."""
    from PIL import Image

    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode not in {"LA", "RGBA", "PA"} and "transparency" not in image.info:
        return image if image.mode in {"L", "RGB"} else image.convert("RGB")
    image = image if image.mode == "RGBA" else image.convert("RGBA")
    if ending != "jpg":
        return image
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _saved(image: "Image.Image", ending: str) -> bytes:
    out = io.BytesIO()
    profile = image.info.get("icc_profile") if image.mode in {"L", "RGB", "RGBA"} else None
    image.save(out, icc_profile=profile, exif=b"", **SAVED[ending])
    return out.getvalue()
