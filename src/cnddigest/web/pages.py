"""Pages made on request: what a browser may do with them, and where it goes after it did something."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

# No page of ours needs a script, and none is framed: what a recap or a stranger smuggles in is dead.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
GUARDS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",  # a token stands in the address; without any referrer no browser says whence
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
    "vary": "accept-language",
}
SOON = {"retry-after": "60"}  # seconds after which whoever could not be served may come again


def page(html: str, status: int = HTTPStatus.OK) -> Response:
    """Return a page that is one person's, or depends on the hour: nobody keeps it."""
    return HTMLResponse(html, status, GUARDS)


def said(status: int, sentence: str, more: Mapping[str, str] | None = None) -> Response:
    """Return one sentence of plain text, for what is no page."""
    return PlainTextResponse(f"{sentence}\n", status, {**GUARDS, **(more or {})})


def elsewhere(place: str) -> Response:
    """Send a browser that has just done something to a page that can be loaded again (RFC 9110, 15.4.4).

    `place` is relative: whoever stands before us may have cut off the beginning of the path.
    """
    return RedirectResponse(place, HTTPStatus.SEE_OTHER, GUARDS)
