"""Elements inside a sentence that are more than their text: pictures, icons, note marks, formulas, players."""

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from cnddigest.recap.html import signs
from cnddigest.recap.html.addresses import Place, data_address
from cnddigest.recap.html.gathering import Gathering, tag_with
from cnddigest.recap.markdown.inline import ANCHOR_ICONS
from cnddigest.recap.markdown.raw import CARD

if TYPE_CHECKING:
    from lxml.etree import _Element

PLAYERS = frozenset(
    {"iframe", "frame", "embed", "object", "video", "audio", "amp-iframe", "amp-youtube", "lite-youtube"}
)
ICONS = ANCHOR_ICONS | {
    "↩",
    "↩︎",
    "↩️",
    "⏎",
    "↑",
    "\u200b",
    "\u200b#",
    "link",
    "anchor",
    "copy link",
    "link to this heading",
}
MARK = re.compile(r"[\[(*]{0,2}(\d{1,3})[\])]{0,2}\Z")  # of a note
TINY = re.compile(r"\s*0*[01](?:\.0)?(?:px)?\s*\Z")
TINY_STYLE = re.compile(r"(?:^|[;\s])(?:width|height)\s{0,9}:\s{0,9}[01](?:px)?\s{0,9}(?:;|$)")
LAZY = ("data-src", "data-lazy-src", "data-original", "data-canonical-src", "data-lazy", "data-orig-file")
EMOJI = ("emoji", "wp-smiley", "twemoji")
SERVICES = {
    "speakerdeck.com": "Speaker Deck",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "nicovideo.jp": "niconico",
    "embed.nicovideo.jp": "niconico",
    "slideshare.net": "SlideShare",
    "docswell.com": "Docswell",
    "docs.google.com": "Google Docs",
    "gist.github.com": "Gist",
    "codepen.io": "CodePen",
    "twitter.com": "Twitter",
    "platform.twitter.com": "Twitter",
}
LONGEST_LABEL = 200  # characters
MOST_PARTS = 4  # elements in an icon


def consume(node: "_Element", run: Gathering) -> bool:
    """Take in an element that is more, or less, than the text in it; say whether it was one."""
    reader = READERS.get(str(node.tag))
    if reader and reader(node, run):
        return True
    if node.tag in PLAYERS:
        if url := player_address(node, run.place):
            run.player(url, player_label(node, url))
        return True
    return "katex-html" in (node.get("class") or "") or node.tag in {"wbr", "input"}


def text_of(node: "_Element") -> str:
    """Return the text in an element on one line."""
    return " ".join("".join(text for text in node.itertext() if isinstance(text, str)).split())


def _break(_node: "_Element", run: Gathering) -> bool:
    if run.line_break():
        run.end_string()
        run.apart = True
    return True


def _picture(node: "_Element", run: Gathering) -> bool:
    description = " ".join((node.get("alt") or "").split())
    if any(sign in signs.hint(node) for sign in EMOJI) and description:
        run.say(description, escape(description, quote=False))
    elif not is_pixel(node) and (src := picture_address(node, run.place)):
        sizes = {side: value for side in ("width", "height") if (value := node.get(side) or "").isdecimal()}
        run.picture(tag_with("img", {"src": src, "alt": description, **sizes}), description)
    return True


def is_pixel(node: "_Element") -> bool:
    """Say whether a picture is there to be counted, and not to be seen."""
    if any(TINY.match(node.get(side) or "") for side in ("width", "height")):
        return True
    return bool(TINY_STYLE.search((node.get("style") or "")[: signs.LONGEST_HINT]))


def picture_address(node: "_Element", place: Place) -> str:
    """Return where a picture is; a lazy one has its address beside `src`, where a placeholder stands."""
    lazy = next((value for name in LAZY if (value := node.get(name))), "")
    src = node.get("src") or ""
    first = (node.get("srcset") or node.get("data-srcset") or "").strip().partition(" ")[0].rstrip(",")
    return place.image(lazy if lazy and (not src or src.startswith("data:") or "placeholder" in src) else src or first)


def _icon_or_mark(node: "_Element", run: Gathering) -> bool:
    """Leave out the anchors of headings and the arrows of notes; a note's mark stays, in brackets."""
    into_page = (node.get("href") or "").strip().startswith("#")
    if not into_page and "anchor" not in signs.hint(node) and node.get("href"):
        return False
    if len(node) > MOST_PARTS:
        return False
    text = text_of(node)
    if (text.casefold() in ICONS and next(node.iter("img"), None) is None) or not text.strip("\u200b"):
        return next(node.iter("img"), None) is None
    parent = node.getparent()
    raised = text[:1] in {"[", "*"} or (parent is not None and parent.tag == "sup")
    raised = raised or next(node.iter("sup"), None) is not None
    if not into_page or not raised or not (found := MARK.match(text)):
        return False
    run.say(f"[{found[1]}]", f"[{found[1]}]")
    return True


def _formula(node: "_Element", run: Gathering) -> bool:
    """Put down a formula as it was typed, where the page tells."""
    source = next((note for note in node.iter("annotation") if (note.get("encoding") or "").endswith("tex")), None)
    if source is None or not (text := text_of(source)):
        return False
    run.say(text, f"<code>{escape(text, quote=False)}</code>")
    return True


def player_address(node: "_Element", place: Place) -> str:
    """Return the page of what a frame or player shows, `""` without any."""
    inner = (child.get("src") for child in node.iter("source", "embed"))
    if node.tag in {"amp-youtube", "lite-youtube"} and (video := node.get("data-videoid") or node.get("videoid")):
        return place.player(f"https://www.youtube.com/watch?v={video}")
    attributes = {str(key): str(value) for key, value in node.attrib.items()}
    written = (data_address(attributes), node.get("src"), node.get("data"), *inner)
    return next((url for src in written if src and (url := place.player(src))), "")


def player_label(node: "_Element", url: str) -> str:
    """Return what a player is called, else its service: its address would be taken for a talk's page."""
    title = " ".join((node.get("title") or "").split())[:LONGEST_LABEL]
    host = url.partition("://")[2].partition("/")[0].removeprefix("www.")
    return url if is_page_card(node) else title or SERVICES.get(host, host)


def is_page_card(node: "_Element") -> bool:
    """Say whether a frame is the card of another page and plays nothing."""
    source = node.get("src") or ""
    return bool(CARD.match(source)) or "embed.zenn.studio/card" in source or signs.is_card(node)


READERS: dict[str, Callable[["_Element", Gathering], bool]] = {
    "br": _break,
    "img": _picture,
    "amp-img": _picture,
    "a": _icon_or_mark,
    "math": _formula,
}
