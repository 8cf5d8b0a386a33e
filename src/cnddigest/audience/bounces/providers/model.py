"""A request that somebody posted, what it says of one recipient, and what a Provider is."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from cnddigest.audience.bounces.model import Bounce, Kind
from cnddigest.audience.tokens import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A request: its body as it came, and its header fields with lower-case names."""

    body: bytes
    fields: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return a field's first value, `""` without one."""
        return next((value for known, value in self.fields if known == name), "")

    @property
    def kind(self) -> str:
        """Return the media type, without its parameters."""
        return self.get("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What shows that a request comes from a Provider: secrets or public keys, every one is believed.

    `topic` is where the request must come from, for a Provider that signs for everybody with one key.
    """

    secrets: tuple[bytes, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a Provider says of one recipient.

    `said` is its own judgement, `status` RFC 3463's code or `""`, `words` the far side's. `traces` are texts in which a
    token of ours may stand; `message_id` is that of our message, or any other. `event` is equal when the same is told
    again.
    """

    said: Kind
    recipient: str
    event: str
    status: str = ""
    words: str = ""
    ours: bool = False
    message_id: str = ""
    traces: tuple[str, ...] = ()
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """How a Provider proves that it is one, and how its reports are read.

    `once` returns what no two requests may have, for a signature that would fit any event; `""` where it covers all.
    `confirms` returns an address that the operator must visit before it sends anything, `""` for every other request.
    """

    name: str
    proves: Callable[[Posted, Key, dt.datetime], bool]
    read: Callable[[Posted, Tokens], tuple[Bounce, ...]]
    once: Callable[[Posted], str] = lambda _: ""
    confirms: Callable[[Posted], str] = lambda _: ""
