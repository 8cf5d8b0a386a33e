"""JPEG, marker by marker (ITU T.81): its pixels, colours and direction are kept, its camera and place are not."""

import re

from cnddigest.errors import BadPicture
from cnddigest.picture.model import DAMAGED, Picture, bounded

SIGNATURE = b"\xff\xd8\xff"
START, END, SCAN, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Of the application segments, those that say how pixels are shown.
SHOWING = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
EXIF, EXIF_NAME = 0xE1, b"Exif\0\0"
ORIENTATION = 0x0112  # EXIF 2.32, table 4
UPRIGHT = 1
ON_ITS_SIDE = 5  # from here on, width and height change places
MOST_FIELDS = 512  # of an EXIF directory: cameras write some dozens
MARKER = re.compile(rb"\xff++([^\x00\xff])")  # any number of FF may stand before it
# In the pixels of a scan, FF is followed by 00 or a restart marker; anything else ends it.
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class _Reading:
    """What is known of a JPEG so far."""

    def __init__(self) -> None:
        self.kept = [b"\xff\xd8"]
        self.size = (0, 0)
        self.orientation = UPRIGHT
        self.scanned = False

    def take(self, marker: int, segment: bytes) -> None:
        """Keep a segment (with its marker and length) or leave it out."""
        body = segment[4:]
        if marker == EXIF and body.startswith(EXIF_NAME):
            self.orientation = _orientation(body[len(EXIF_NAME) :])
        if marker in FRAMES and len(body) > 5:
            self.size = (int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
        is_application = 0xE0 <= marker < 0xF0
        if marker != COMMENT and (not is_application or body.startswith(SHOWING.get(marker, b"\0never\0"))):
            self.kept.append(segment)

    def picture(self) -> Picture:
        width, height = bounded(*self.size)
        if not self.scanned:
            raise BadPicture(DAMAGED)
        if self.orientation != UPRIGHT:
            first = 2 if len(self.kept) > 1 and self.kept[1].startswith(b"\xff\xe0") else 1
            self.kept.insert(first, _turned(self.orientation))
        if self.orientation >= ON_ITS_SIDE:
            width, height = height, width
        return Picture(format="jpeg", width=width, height=height, data=b"".join(self.kept))


def read(data: bytes) -> Picture:
    """Return a JPEG whose only metadata is how it is turned; BadPicture if it ends too early."""
    reading, place = _Reading(), 2
    while True:
        found = MARKER.match(data, place)
        if not found:
            raise BadPicture(DAMAGED)
        marker, place = found[1][0], found.end()
        if marker == END:
            reading.kept.append(b"\xff\xd9")
            return reading.picture()
        length = int.from_bytes(data[place : place + 2], "big")
        if marker == START or length < 2 or place + length > len(data):
            raise BadPicture(DAMAGED)
        end = _end_of_scan(data, place + length) if marker == SCAN else place + length
        reading.scanned = reading.scanned or marker == SCAN
        reading.take(marker, bytes((0xFF, marker)) + data[place:end])
        place = end


def _end_of_scan(data: bytes, place: int) -> int:
    found = AFTER_SCAN.search(data, place)
    if not found:
        raise BadPicture(DAMAGED)
    return found.start()


def _orientation(exif: bytes) -> int:
    """Return how a TIFF header says that the image is turned, 1 (not at all) if it says nothing sensible."""

    def number(place: int, size: int) -> int:
        return int.from_bytes(exif[place : place + size], "little" if exif[:2] == b"II" else "big")

    first = number(4, 4)
    for field in range(min(number(first, 2), MOST_FIELDS)):
        place = first + 2 + 12 * field
        if number(place, 2) == ORIENTATION:
            value = number(place + 8, 2)
            return value if UPRIGHT <= value <= 8 else UPRIGHT
    return UPRIGHT


def _turned(orientation: int) -> bytes:
    """Return an EXIF segment that says this and nothing else."""
    entry = ORIENTATION.to_bytes(2, "big") + b"\0\3" + b"\0\0\0\1" + orientation.to_bytes(2, "big") + b"\0\0"
    body = EXIF_NAME + b"MM\0*\0\0\0\x08" + b"\0\1" + entry + b"\0\0\0\0"
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
