"""Image files for tests: small PNGs written by hand, and everything else drawn by Pillow where that is installed."""

import importlib.util
import io
import struct
import zlib
from typing import Any

from conftest import missing


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def a_png(width: int = 40, height: int = 30, *, extra: bytes = b"", said: tuple[int, int] | None = None) -> bytes:
    """A grey image; `extra` chunks stand before its pixels, `said` is the size its header claims."""
    head = struct.pack(">IIBBBBB", *(said or (width, height)), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes([width % 251]) * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def drawn(kind: str, width: int = 40, height: int = 30, *, mode: str = "RGB", frames: int = 1, **options: Any) -> bytes:
    """An image by Pillow; skips without it. Several `frames` differ in colour."""
    if importlib.util.find_spec("PIL") is None:
        missing("Pillow")
    from PIL import Image

    images = [Image.new("RGB", (width, height), (60 * n % 256, 90, 200)).convert(mode) for n in range(frames)]
    if frames > 1:
        options |= {"save_all": True, "append_images": images[1:]}
    out = io.BytesIO()
    images[0].save(out, kind, **options)
    return out.getvalue()


def exif(*, orientation: int = 1, camera: str = "Kamera 7") -> bytes:
    """What a camera writes into a photograph."""
    from PIL import Image

    facts = Image.Exif()
    facts[0x0112] = orientation
    facts[0x010F] = camera
    return facts.tobytes()


def size_of(data: bytes) -> tuple[str, int, int]:
    """What Pillow sees in an image: format, width and height as shown."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data)) as image:
        image.load()
        shown = ImageOps.exif_transpose(image)
        return image.format or "", shown.width, shown.height
