"""The shortcut: an answer that is at hand goes onto the connection as it is, without scope, task and cycle.

octets ──said before, word for word───────────────────────────────────────────────> at hand? ──> its bytes
   └─parsed──> GET or HEAD of a plain path, without a body, nothing else under way──^  │ no
                  └──anything else─────────────────────────────────────────────────────┴──> the application

All ways give the very same bytes: what is at hand is what the application would say.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from cnddigest.web.replies import Headers
from cnddigest.web.static import Ready

AtHand = Callable[[str, str, dict[bytes, bytes]], Ready | None]  # by method, path and headers

COPIED = 64 * 1024  # octets of a body that one piece with its head may have: a larger one waits as it is, for all alike
STAYS, ENDS = b"\r\n", b"connection: close\r\n\r\n"
METHODS = {b"GET": "GET", b"HEAD": "HEAD"}
PLAIN = re.compile(rb"/[\w.~/-]*", re.ASCII)  # a path that means what is written: nothing to decode, no query
MORE = frozenset((b"content-length", b"transfer-encoding", b"upgrade"))  # what comes behind such a head is not for us
PERSONAL = frozenset((b"cookie", b"authorization"))  # what such a head says is not kept
HEADS, LONGEST = 500, 2048  # so many heads are known again, of so many octets at most


@dataclass(frozen=True, slots=True)
class Asked:
    """What a head asks for."""

    method: str
    path: str
    headers: dict[bytes, bytes]


class Shortcut:
    """Knows which requests may be answered at once, and the heads of those that were."""

    def __init__(self, at_hand: AtHand) -> None:
        """Ask `at_hand` for what there is."""
        self._at_hand = at_hand
        self._heads: dict[bytes, Asked] = {}

    def asked(self, method: bytes, address: bytes, headers: dict[bytes, bytes]) -> Asked | None:
        """Return what a request asks for, None where only the application knows."""
        name = METHODS.get(method)
        if name is None or not PLAIN.fullmatch(address) or not MORE.isdisjoint(headers):
            return None
        return Asked(name, address.decode("ascii"), headers)

    def answer(self, asked: Asked) -> Ready | None:
        """Return the answer, None where the application has to be asked."""
        return self._at_hand(asked.method, asked.path, asked.headers)

    def again(self, head: bytes) -> Asked | None:
        """Return what these octets asked for before: a reader who comes again says the same, word for word."""
        return self._heads.get(head)

    def learn(self, head: bytes, asked: Asked) -> None:
        """Know a head again that was said twice: whole, alone, and its connection goes on."""
        if len(head) <= LONGEST and PERSONAL.isdisjoint(asked.headers):
            if len(self._heads) >= HEADS:
                self._heads.clear()
            self._heads[head] = asked


NOWHERE = Shortcut(lambda *_: None)


def wire(ready: Ready, defaults: Headers, *, stays: bool) -> tuple[bytes, ...]:
    """Return an answer as it stands on the wire, in as few pieces as cost no memory: uvicorn writes it like this.

    `defaults` are fields of every answer; `stays` is False where the connection ends with this one.
    """
    start, body = ready
    always = b"".join([b"%b: %b\r\n" % field for field in defaults])
    head = b"%b%b%b%b" % (STATUS_LINE[start.status], always, start.fields, STAYS if stays else ENDS)
    return (head + body,) if len(body) < COPIED else (head, body)
