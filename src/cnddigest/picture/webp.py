"""WebP, chunk by chunk (RFC 9649): EXIF and XMP are left out."""

from cnddigest.errors import BadPicture
from cnddigest.picture.model import DAMAGED, Picture, bounded

SIGNATURE, NAME = b"RIFF", b"WEBP"
HEAD = 12
KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
EXIF_FLAG, XMP_FLAG, MOVING_FLAG, ALPHA_FLAG = 0x08, 0x04, 0x02, 0x10
LOSSY_START = b"\x9d\x01\x2a"  # RFC 6386, section 9.1
LOSSLESS_START = 0x2F


def read(data: bytes) -> Picture:
    """Return a WebP without metadata; BadPicture if it ends too early."""
    end, place = int.from_bytes(data[4:8], "little") + 8, HEAD
    chunks: list[tuple[bytes, bytes]] = []
    while place < end:
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        body = data[place + 8 : place + 8 + size]
        if end > len(data) or len(body) != size:
            raise BadPicture(DAMAGED)
        if data[place : place + 4] in KEPT:
            chunks.append((data[place : place + 4], body))
        place += 8 + size + size % 2
    return _picture(chunks)


def _picture(chunks: list[tuple[bytes, bytes]]) -> Picture:
    sizes = [bounded(*size) for name, body in chunks if (size := _size(name, body))]
    if not sizes or not {name for name, _ in chunks} & {b"VP8 ", b"VP8L", b"ANMF"}:
        raise BadPicture(DAMAGED)
    flags = chunks[0][1][0] if chunks[0][0] == b"VP8X" else 0
    width, height = sizes[0]
    return Picture(
        format="webp",
        width=width,
        height=height,
        data=_written(chunks),
        moving=bool(flags & MOVING_FLAG),
        sharp=bool(flags & ALPHA_FLAG) or any(name == b"VP8L" for name, _ in chunks),
    )


def _size(name: bytes, body: bytes) -> tuple[int, int] | None:
    """Return the size that a chunk says, None for one that says none."""
    if name == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8 " and body[3:6] == LOSSY_START:
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    if name == b"VP8L" and body[:1] == bytes((LOSSLESS_START,)):
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _written(chunks: list[tuple[bytes, bytes]]) -> bytes:
    out = bytearray(NAME)
    for name, body in chunks:
        if name == b"VP8X":
            body = bytes((body[0] & ~(EXIF_FLAG | XMP_FLAG),)) + body[1:]  # noqa: PLW2901 - the flags of what we left out
        out += name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)
    return SIGNATURE + len(out).to_bytes(4, "little") + bytes(out)
