"""SendGrid: a list of events, signed by ECDSA over a moment and the body.

[{"event": "bounce", "type": "bounce", "email": "…", "status": "5.1.1", "reason": "…", "smtp-id": "<…>", …}]

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

import datetime as dt
from collections.abc import Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.bounces.providers.fields import Table, events
from cnddigest.audience.bounces.providers.model import Key, Posted, Provider, Report
from cnddigest.audience.bounces.providers.proofs import PATIENT, decoded, fresh
from cnddigest.audience.bounces.providers.signatures import ecdsa
from cnddigest.audience.bounces.providers.telling import reader

SIGNATURE = "x-twilio-email-event-webhook-signature"
MOMENT = "x-twilio-email-event-webhook-timestamp"
# Why SendGrid did not even try; what else there is says nothing against the person.
DROPPED = {"bounced address": Kind.HARD, "invalid": Kind.HARD, "spam reporting address": Kind.COMPLAINT}
OURS = frozenset({"content", "reputation", "frequency or volume too high"})


def proves(posted: Posted, key: Key, now: dt.datetime) -> bool:
    """Verify the signature with the public key that SendGrid shows."""
    moment = posted.get(MOMENT)
    if not fresh(moment, now, PATIENT):
        return False
    signature, said = decoded(posted.get(SIGNATURE)), moment.encode() + posted.body
    return any(ecdsa(public, signature, said) for public in key.secrets)


def reports(posted: Posted) -> Iterator[Report]:
    """Yield all events."""
    for each in events(posted.body):
        yield Report(
            said=_said(each),
            recipient=each.text("email"),
            event=each.text("sg_event_id") or each.fingerprint(),
            status=each.text("status"),
            words=each.text("reason"),
            ours=each.text("bounce_classification").lower() in OURS,
            message_id=each.text("smtp-id"),
            at=each.moment("timestamp"),
        )


def _said(each: Table) -> Kind:
    kind = each.text("event")
    if kind == "spamreport":
        return Kind.COMPLAINT
    if kind == "dropped":
        return DROPPED.get(each.text("reason").lower(), Kind.IGNORED)
    if kind != "bounce":
        return Kind.IGNORED
    return Kind.SOFT if each.text("type") == "blocked" else Kind.HARD


SENDGRID = Provider(name="sendgrid", proves=proves, read=reader("sendgrid", reports))
