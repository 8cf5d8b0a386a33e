"""Posters: the picture that chats and social sites show beside a link, drawn with Pillow in the look of the pages."""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cnddigest.errors import BadConfiguration
from cnddigest.picture import breaking

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

WAY = 1  # how posters are drawn and worded: count up, and all of them are drawn anew
WIDTH, HEIGHT = 1200, 630  # what Open Graph readers show whole
PAPER, INK, SOFT, RED = "#fbf9f5", "#22252a", "#5b5e64", "#a83418"
LEFT, ROOM = 88, 880  # where lines begin, and how wide they are
TOP, MIDDLE, FOOT = 84, 298, 550  # the middles of the line above, of the headline, and of the last line below
SIZES = range(84, 47, -4)  # of the headline, in pixels
TALLEST = 292  # of all its lines
SMALL, STEP = 30, 46  # size and distance of the lines below
LEADING = 1.32  # of the headline's size, from line to line
ROUGH = 0.6  # how much smaller a headline becomes for better breaks: 1 for 84 pixels against the cost of a break
LONGEST = 300  # letters of a headline that are looked at
NOWHERE = "\U0010ffff"  # a noncharacter: fonts draw what they draw for signs they lack
EUROPEAN = ("LATIN", "GREEK", "CYRILLIC")
EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH", "FULLWIDTH", "HANGUL", "IDEOGRAPHIC", "BOPOMOFO")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """A font file, and which of the faces in it; `mark` tells it from another one, also of the same name."""

    path: str
    index: int
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What a poster says. `headlines` are tried in turn: the first whose letters the font has is shown.

    `above` is the publication's name, `below` the lines under the headline, the last one in red.
    """

    headlines: tuple[str, ...]
    above: str
    below: tuple[str, ...]


def scripts(text: str) -> frozenset[str]:
    """Return which kinds of font a text needs: `european`, `east-asian`, `other`."""
    names = (unicodedata.name(char, "") for char in set(text) if char.isalpha())
    return frozenset(
        "european" if name.startswith(EUROPEAN) else "east-asian" if name.startswith(EAST_ASIAN) else "other"
        for name in names
    )


def needed(text: str, language: str) -> frozenset[str]:
    """Return which kinds of font it takes to show a text beside the interface's words in a language."""
    return scripts(text) | scripts("回" if language.lower().startswith("ja") else "a")


def draw(poster: Poster, face: Typeface) -> bytes:
    """Return a PNG; the same bytes for the same values with the same release of Pillow.

    Signs that the font lacks are left out: none is shown as an empty box. Raises BadConfiguration for a file that is
    no font.
    """
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    _sign(canvas)
    small = _font(face, SMALL)
    _line(canvas, TOP, small, _cut(_shown(poster.above, small), small), SOFT)
    _headline(canvas, face, next(iter(_readable(poster.headlines, small)), ""))
    below = [line for text in poster.below if (line := _cut(_shown(text, small), small))]
    for place, line in enumerate(below):
        after = len(below) - 1 - place
        _line(canvas, FOOT - STEP * after, small, line, SOFT if after else RED)
    return _saved(image)


def _sign(canvas: "ImageDraw.ImageDraw") -> None:
    """Draw the end of a score that is played again: the publication's mark, as high as the picture."""
    canvas.rectangle((1140, 0, 1175, HEIGHT), fill=RED)
    canvas.rectangle((1108, 0, 1117, HEIGHT), fill=RED)
    for middle in (265, 365):
        canvas.ellipse((1042, middle - 22, 1086, middle + 22), fill=RED)


def _headline(canvas: "ImageDraw.ImageDraw", face: Typeface, text: str) -> None:
    """Draw the headline as large as there is room for, smaller where words stay whole by that."""
    widths = _Widths(_font(face, SIZES[0]))
    fitting = []
    for size in SIZES:
        lines = breaking.lines(text[:LONGEST], widths.measure, ROOM * SIZES[0] / size)
        if len(lines) * size * LEADING <= TALLEST:
            fitting.append((breaking.roughness(lines) * ROUGH - size / SIZES[0], size, lines))
    _, size, lines = min(fitting) if fitting else (0.0, size, lines)
    font, step = _font(face, size), round(size * LEADING)
    if not fitting:
        most = int(TALLEST / step)
        lines = (*lines[: most - 1], _cut("".join(lines[most - 1 :]), font))
    for place, line in enumerate(lines):
        _line(canvas, MIDDLE + round(step * (place - (len(lines) - 1) / 2)), font, line, INK)


class _Widths:
    """How wide words are, asked once: at another size they are wider or narrower in proportion."""

    def __init__(self, font: "ImageFont.FreeTypeFont") -> None:
        self._font = font
        self._known: dict[str, float] = {}

    def measure(self, text: str) -> float:
        if text not in self._known:
            self._known[text] = self._font.getlength(text)
        return self._known[text]


def _line(canvas: "ImageDraw.ImageDraw", middle: int, font: "ImageFont.FreeTypeFont", text: str, ink: str) -> None:
    canvas.text((LEFT, middle), text, font=font, fill=ink, anchor="lm")


def _cut(text: str, font: "ImageFont.FreeTypeFont") -> str:
    """Return as much of a line as there is room for."""
    if font.getlength(text) <= ROOM:
        return text
    while text and font.getlength(f"{text}…") > ROOM:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _readable(texts: tuple[str, ...], font: "ImageFont.FreeTypeFont") -> Iterator[str]:
    """Yield those texts of which the font has every letter, without the other signs that it lacks."""
    for text in texts:
        shown = _shown(text, font)
        if shown and not any(char.isalnum() for char in set(text) - set(shown)):
            yield shown


def _shown(text: str, font: "ImageFont.FreeTypeFont") -> str:
    """Return a text in one line, without what the font lacks and what nobody sees."""
    blank = _pixels(font, NOWHERE)
    lacking = {char for char in set(text) if not char.isspace() and _pixels(font, char) == blank}
    kept = (char for char in text if (char not in lacking and unicodedata.category(char)[0] != "C") or char.isspace())
    return " ".join("".join(kept).split())


def _pixels(font: "ImageFont.FreeTypeFont", char: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(char)
    return mask.size, bytes(mask)


@cache
def _font(face: Typeface, size: int) -> "ImageFont.FreeTypeFont":
    """Open a font by its path: its bytes in memory would be many megabytes for each size."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype(face.path, size, index=face.index)
    except (OSError, ValueError) as error:
        hint = "name another file as `font` under [publication]"
        raise BadConfiguration(f"cannot use font: {face.path}", hint=hint) from error


def _saved(image: "Image.Image") -> bytes:
    """Return a PNG of 64 colours: a third of the bytes that all shades of the letters' edges would take."""
    from PIL import Image

    out = io.BytesIO()
    few = image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(out, format="PNG", compress_level=6)
    return out.getvalue()
