"""How a request shows that it comes from where it says: a shared secret, or a signature with its moment."""

import base64
import binascii
import datetime as dt
import hmac
from contextlib import suppress

from cnddigest.audience.bounces.providers.model import Key, Posted

FRESH = dt.timedelta(minutes=5)  # for what is signed anew at every try, or does not sign the whole request
PATIENT = dt.timedelta(days=1)  # for a signature over all of it: a try after an outage must count, and twice is once


def shared(posted: Posted, key: Key, now: dt.datetime) -> bool:  # noqa: ARG001  every proof is asked so
    """Say whether Authorization has the secret: as Bearer, or as the password of any user (RFC 6750, RFC 7617)."""
    scheme, _, given = posted.get("authorization").partition(" ")
    said = given.strip().encode()
    if scheme.lower() == "basic":
        said = decoded(given).partition(b":")[2]
    elif scheme.lower() != "bearer":
        return False
    return any(hmac.compare_digest(said, secret) for secret in key.secrets)


def fresh(seconds: str, now: dt.datetime, within: dt.timedelta) -> bool:
    """Say whether a moment, in seconds since 1970, is near now."""
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
        return False
    return abs(int(seconds) - now.timestamp()) <= within.total_seconds()


def decoded(text: str) -> bytes:
    """Return what base64 says, nothing for what is none."""
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(text.strip(), validate=True)
    return b""
