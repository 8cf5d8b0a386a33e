"""GIF, block by block (GIF89a specification): frames and loops are kept, comments are not."""

from cnddigest.errors import BadPicture
from cnddigest.picture.model import DAMAGED, Picture, bounded

SIGNATURES = (b"GIF87a", b"GIF89a")
EXTENSION, IMAGE, END = 0x21, 0x2C, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
LOOPS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")
SCREEN = 13  # bytes before the first table or block
DESCRIPTOR = 10  # bytes of an image's head


def read(data: bytes) -> Picture:
    """Return a GIF without its comments; BadPicture if it ends too early."""
    width, height = bounded(int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little"))
    place = SCREEN + _table(data, 10)
    kept, frames = [data[:place]], 0
    while _byte(data, place) != END:
        end, shown = _block(data, place)
        frames += data[place] == IMAGE
        kept += [data[place:end]] if shown else []
        place = end
    if not frames:
        raise BadPicture(DAMAGED)
    kept.append(bytes((END,)))
    return Picture(format="gif", width=width, height=height, data=b"".join(kept), moving=frames > 1, sharp=True)


def _block(data: bytes, place: int) -> tuple[int, bool]:
    """Return where a block ends, and whether it belongs to what is seen."""
    if _byte(data, place) == IMAGE:
        bounded(
            int.from_bytes(data[place + 5 : place + 7], "little"), int.from_bytes(data[place + 7 : place + 9], "little")
        )
        return _after(data, place + DESCRIPTOR + _table(data, place + DESCRIPTOR - 1) + 1), True
    if data[place] != EXTENSION:
        raise BadPicture(DAMAGED)
    kind = _byte(data, place + 1)
    loops = kind == APPLICATION and data.startswith(LOOPS, place + 2)
    return _after(data, place + 2), kind == CONTROL or loops


def _after(data: bytes, place: int) -> int:
    """Return where a row of sub-blocks ends: each says its length, the last one has none."""
    while size := _byte(data, place):
        place += size + 1
    return place + 1


def _table(data: bytes, place: int) -> int:
    """Return the bytes of the table of colours that these flags announce."""
    flags = _byte(data, place)
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _byte(data: bytes, place: int) -> int:
    if place >= len(data):
        raise BadPicture(DAMAGED)
    return data[place]
