"""Images that the recap names in the gallery, with the addresses they have on a page, in a feed, in an Issue."""

import re

from cnddigest.recap.pictures import GALLERY
from cnddigest.rendering.markup import Html

FOLDER = "images"  # in a Serial's folder
COLUMN = 600  # pixels: what an Issue's column holds; Outlook looks at no `max-width`
NAME = r"[0-9a-f]{20}(?:-[0-9]{1,5})?\.[a-z]{3,4}"
HUNG = re.compile(rf' src="{re.escape(GALLERY)}({NAME})/({NAME})"')
WIDE = re.compile(r'<img((?: [a-z-]+="[^"]*")*?) width="(\d{3,5})"(?: height="(\d{1,5})")?')


def hung(html: Html, *, home: str | None) -> Html:
    """Return HTML whose images can be seen: below a Serial's address `home`, or, without one, from its pages.

    Feeds and Issues get what every mail program shows; pages get the image as it is, if browsers can show it.
    """
    if GALLERY not in html:
        return html
    if home is None:
        return Html(HUNG.sub(rf' src="../{FOLDER}/\1"', html))
    return Html(HUNG.sub(lambda found: f' src="{home}{FOLDER}/{found[2]}"', html))


def narrowed(html: Html) -> Html:
    """Return HTML in which no image is wider than an Issue, each in its proportions."""
    return Html(WIDE.sub(_narrow, html)) if "<img " in html else html


def _narrow(found: re.Match[str]) -> str:
    width = int(found[2])
    if width <= COLUMN:
        return found[0]
    height = f' height="{max(1, round(int(found[3]) * COLUMN / width))}"' if found[3] else ""
    return f'<img{found[1]} width="{COLUMN}"{height}'
