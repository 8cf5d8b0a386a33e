"""Our own relay, which pipes returned mail as it is: RFC 3464, RFC 5965, or any dialect."""

import datetime as dt

from cnddigest.audience.bounces.model import Bounce
from cnddigest.audience.bounces.providers.model import Key, Posted, Provider
from cnddigest.audience.bounces.providers.proofs import shared
from cnddigest.audience.bounces.reading import read
from cnddigest.audience.tokens import Tokens

KINDS = frozenset({"message/rfc822", "message/global", "multipart/report"})


def proves(posted: Posted, key: Key, now: dt.datetime) -> bool:
    """Compare the secret, of a request that is a message."""
    return posted.kind in KINDS and shared(posted, key, now)


def reads(posted: Posted, tokens: Tokens) -> tuple[Bounce, ...]:
    """Read the message: the relay vouches for nothing in it, anyone can have written that.

    Of a `multipart/report` the boundary stands in the request's own field.
    """
    if posted.kind == "multipart/report":
        return read(b"Content-Type: " + posted.get("content-type").encode() + b"\n\n" + posted.body, tokens)
    return read(posted.body, tokens)


PIPE = Provider(name="rfc822", proves=proves, read=reads)
