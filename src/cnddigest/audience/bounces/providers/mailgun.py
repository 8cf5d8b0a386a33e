"""Mailgun: one event in a request, signed by HMAC-SHA256 over a moment and a nonce, not over the event.

{"signature": {"timestamp": "1780000000", "token": "…", "signature": "hex"},
 "event-data": {"event": "failed", "severity": "permanent", "recipient": "…", "delivery-status": {"code": 550, …}}}

https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
"""

import datetime as dt
import hmac
from collections.abc import Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.bounces.providers.fields import Table, event
from cnddigest.audience.bounces.providers.model import Key, Posted, Provider, Report
from cnddigest.audience.bounces.providers.proofs import FRESH, fresh
from cnddigest.audience.bounces.providers.telling import reader

SIGNATURES = ("signature", "parent-signature")  # the second is the main account's, for a subaccount's event
# What Mailgun did not even try, because of what it knows already.
KNOWN = {"suppress-complaint": Kind.COMPLAINT, "suppress-bounce": Kind.HARD, "suppress-unsubscribe": Kind.IGNORED}


def proves(posted: Posted, key: Key, now: dt.datetime) -> bool:
    """Compare the signature; an old moment proves nothing, for whoever saw it could sign any event with it."""
    signed = event(posted.body).inner("signature")
    moment, nonce = signed.text("timestamp"), signed.text("token")
    if not nonce or not fresh(moment, now, FRESH):
        return False
    said = f"{moment}{nonce}".encode("utf-8", "replace")
    made = [hmac.digest(secret, said, "sha256").hex().encode() for secret in key.secrets]
    given = [signed.text(name).encode("utf-8", "replace") for name in SIGNATURES]
    return any(hmac.compare_digest(one, each) for one in given for each in made)


def nonce(posted: Posted) -> str:
    """Return what was signed beside the moment."""
    return event(posted.body).inner("signature").text("token")


def reports(posted: Posted) -> Iterator[Report]:
    """Yield the event; Mailgun's own ids are unique for a day, so its moment belongs to them."""
    data = event(posted.body).inner("event-data")
    status = data.inner("delivery-status")
    yield Report(
        said=_said(data),
        recipient=data.text("recipient"),
        event=f"{data.text('id') or data.fingerprint()} {data.moment('timestamp')}",
        status=status.text("enhanced-code"),
        words=f"{status.text('code')} {status.text('message') or status.text('description')}",
        message_id=data.text("message", "headers", "message-id"),
        traces=(*data.texts("user-variables"), data.text("envelope", "sender")),
        at=data.moment("timestamp"),
    )


def _said(data: Table) -> Kind:
    if data.text("event") == "complained":
        return Kind.COMPLAINT
    if data.text("event") != "failed" or data.text("severity") != "permanent":  # temporary: Mailgun tries again
        return Kind.IGNORED
    return KNOWN.get(data.text("reason"), Kind.HARD)


MAILGUN = Provider(name="mailgun", proves=proves, once=nonce, read=reader("mailgun", reports))
