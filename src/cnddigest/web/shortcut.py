"""The shortcut: an answer that is at hand goes onto the connection as it is, without scope, task and cycle.

request ──GET or HEAD of a plain path, without a body, nothing else under way──> at hand? ──> its bytes
   └──anything else────────────────────────────────────────────────────────────────^ no ──> the application

Both ways give the very same bytes: what is at hand is what the application would say.
"""

import re
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from cnddigest.web.replies import Headers
from cnddigest.web.static import Ready

AtHand = Callable[[str, str, dict[bytes, bytes]], Ready | None]  # by method, path and headers

STAYS, ENDS = b"\r\n", b"connection: close\r\n\r\n"
METHODS = {b"GET": "GET", b"HEAD": "HEAD"}
PLAIN = re.compile(rb"/[\w.~/-]*", re.ASCII)  # a path that means what is written: nothing to decode, no query
MORE = frozenset((b"content-length", b"transfer-encoding", b"upgrade"))  # what comes behind such a head is not for us


class Shortcut:
    """Knows which requests may be answered at once."""

    def __init__(self, at_hand: AtHand) -> None:
        """Ask `at_hand` for what there is."""
        self._at_hand = at_hand

    def answer(self, method: bytes, address: bytes, asked: dict[bytes, bytes]) -> Ready | None:
        """Return the answer to a request, None where the application has to be asked."""
        name = METHODS.get(method)
        if name is None or not PLAIN.fullmatch(address) or not MORE.isdisjoint(asked):
            return None
        return self._at_hand(name, address.decode("ascii"), asked)


NOWHERE = Shortcut(lambda *_: None)


def wire(ready: Ready, defaults: Headers, *, stays: bool) -> bytes:
    """Return an answer as it stands on the wire: uvicorn writes it like this.

    `defaults` are fields of every answer; `stays` is False where the connection ends with this one.
    """
    start, body = ready
    always = b"".join([b"%b: %b\r\n" % field for field in defaults])
    return b"%b%b%b%b%b" % (STATUS_LINE[start.status], always, start.fields, STAYS if stays else ENDS, body)
