"""What kind of thing a file is, by its name; feed readers want to be told."""

import re

FEEDS = (
    (re.compile(r"rss(-\d+)?\.xml"), "application/rss+xml"),
    (re.compile(r"atom(-\d+)?\.xml"), "application/atom+xml"),
    (re.compile(r"feed(-\d+)?\.json"), "application/feed+json"),
)
OPML = "opml.xml"
TEXTS = {
    "css": "text/css",
    "htm": "text/html",
    "html": "text/html",
    "ics": "text/calendar",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "webmanifest": "application/manifest+json",
    "xml": "application/xml",
    "xsl": "text/xsl",
}
OTHERS = {
    "avif": "image/avif",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "webp": "image/webp",
    "woff2": "font/woff2",
}


def feed_kind(name: str) -> str:
    """Return the media type of a feed, without its charset; `""` for what is none."""
    return next((kind for form, kind in FEEDS if form.fullmatch(name)), "")


def media_type(name: str) -> tuple[str, bool]:
    """Return the media type of a file, with its charset, and whether it is text, which shrinks when compressed."""
    if kind := feed_kind(name):
        return f"{kind}; charset=utf-8", True
    if name == OPML:
        return "text/x-opml; charset=utf-8", True
    ending = name.rpartition(".")[2].lower()
    if ending in TEXTS:
        return f"{TEXTS[ending]}; charset=utf-8", True
    return OTHERS.get(ending, "application/octet-stream"), False
