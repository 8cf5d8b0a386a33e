"""Resend: one event in a request, signed as Svix does: HMAC-SHA256 over its id, a moment and the body.

{"type": "email.bounced", "created_at": "…", "data": {"to": ["…"], "bounce": {"type": "Permanent", "message": "…"}}}

https://docs.svix.com/receiving/verifying-payloads/how-manual and https://resend.com/docs/webhooks/event-types
"""

import datetime as dt
import hmac
from collections.abc import Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.bounces.providers.fields import Table, event
from cnddigest.audience.bounces.providers.model import Key, Posted, Provider, Report
from cnddigest.audience.bounces.providers.proofs import FRESH, decoded, fresh
from cnddigest.audience.bounces.providers.telling import reader

PREFIX = "whsec_"
MOST_SIGNATURES = 10  # while a secret is changed there are two
OURS = frozenset({"MessageTooLarge", "ContentRejected", "AttachmentRejected"})


def proves(posted: Posted, key: Key, now: dt.datetime) -> bool:
    """Compare each signature that is given; every try is signed anew, so an old moment is no try of theirs."""
    name, moment = _field(posted, "id"), _field(posted, "timestamp")
    if not name or not fresh(moment, now, FRESH):
        return False
    said = f"{name}.{moment}.".encode() + posted.body
    secrets = (decoded(secret.decode("ascii", "replace").removeprefix(PREFIX)) for secret in key.secrets)
    made = [hmac.digest(secret, said, "sha256") for secret in secrets if secret]
    given = _field(posted, "signature").split()[:MOST_SIGNATURES]
    signatures = [decoded(one.removeprefix("v1,")) for one in given if one.startswith("v1,")]
    return any(hmac.compare_digest(one, each) for one in signatures for each in made)


def reports(posted: Posted) -> Iterator[Report]:
    """Yield the event; it has one recipient, for so do our messages."""
    told = event(posted.body)
    data = told.inner("data")
    headers = data.tables("headers")
    yield Report(
        said=_said(told),
        recipient=next(iter(data.texts("to")), "").rpartition("<")[2].rstrip("> "),
        event=_field(posted, "id"),
        words=data.text("bounce", "message"),
        ours=data.text("bounce", "subType") in OURS,
        message_id=_header(headers, "message-id") or data.text("message_id"),
        traces=(_header(headers, "list-unsubscribe"),),
        at=told.moment("created_at"),
    )


def _said(told: Table) -> Kind:
    if told.text("type") == "email.complained":
        return Kind.COMPLAINT
    if told.text("type") != "email.bounced":
        return Kind.IGNORED
    return Kind.HARD if told.text("data", "bounce", "type") == "Permanent" else Kind.SOFT


def _field(posted: Posted, name: str) -> str:
    """Return a field under Svix's name, else under that of the standard they made of it."""
    return posted.get(f"svix-{name}") or posted.get(f"webhook-{name}")


def _header(headers: tuple[Table, ...], name: str) -> str:
    return next((each.text("value") for each in headers if each.text("name").lower() == name), "")


RESEND = Provider(name="resend", proves=proves, read=reader("resend", reports))
