"""What the preview's answers have in common: what a browser may do with each, and who may ask at all."""

from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cnddigest.web import replies

FRAME = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What a recap or a template says is a stranger's: no script, no form, no origin of its own.
SHOWN = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; {images}; sandbox; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
IMAGES, NO_IMAGES = "img-src 'self' data: https:", "img-src 'none'"
COMMON = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff"}
LOOPBACK = ("localhost", "::1")


def view(html: str, status: int = 200) -> Response:
    """Return a page of our own."""
    return HTMLResponse(html, status, headers={**COMMON, "content-security-policy": FRAME})


def shown(body: str | bytes, kind: str, *, images: bool = True) -> Response:
    """Return what stands in one of its windows."""
    policy = SHOWN.format(images=IMAGES if images else NO_IMAGES)
    return Response(body, headers={**COMMON, "content-security-policy": policy, "content-type": kind})


def own(text: str, kind: str) -> Response:
    """Return a file that belongs to our pages."""
    return Response(text, headers={**COMMON, "content-type": f"{kind}; charset=utf-8"})


def nothing(sentence: str) -> Response:
    """Return a sentence where there is nothing."""
    return PlainTextResponse(f"{sentence}\n", 404, headers=COMMON)


class ForThisMachine:
    """Lets only those ask who name this machine: a page elsewhere may give its own name our address."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 421."""
        if scope["type"] == "http" and not is_loopback(_host(replies.header(scope, b"host"))):
            await replies.say(scope, send, 421, "the preview is for this machine alone")
        else:
            await self._app(scope, receive, send)


def is_loopback(host: str) -> bool:
    """Say whether a name or an address is this machine for itself."""
    from ipaddress import ip_address

    try:
        return host.lower() in LOOPBACK or ip_address(host).is_loopback
    except ValueError:
        return False


def _host(said: str) -> str:
    try:
        return urlsplit(f"//{said}").hostname or ""
    except ValueError:
        return ""
