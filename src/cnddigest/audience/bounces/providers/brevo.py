"""Brevo: one event in a request, with a password or a token in Authorization.

{"event": "hard_bounce", "email": "…", "message-id": "<…>", "reason": "…", "ts_epoch": 1780000000000}

https://developers.brevo.com/docs/transactional-webhooks
"""

from collections.abc import Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.bounces.providers.fields import events
from cnddigest.audience.bounces.providers.model import Posted, Provider, Report
from cnddigest.audience.bounces.providers.proofs import shared
from cnddigest.audience.bounces.providers.telling import reader

# Written with an underscore or with a capital, as the kind of mail has it. `blocked` was not tried, for many reasons.
EVENTS = {
    "hardbounce": Kind.HARD,
    "invalidemail": Kind.HARD,
    "softbounce": Kind.SOFT,
    "spam": Kind.COMPLAINT,
    "complaint": Kind.COMPLAINT,
}


def reports(posted: Posted) -> Iterator[Report]:
    """Yield the events, or the only one; Brevo gives them no name of their own, so all that they say is it."""
    for told in events(posted.body):
        yield Report(
            said=EVENTS.get(told.text("event").replace("_", "").lower(), Kind.IGNORED),
            recipient=told.text("email"),
            event=told.fingerprint(),
            words=told.text("reason"),
            message_id=told.text("message-id"),
            traces=(told.text("X-Mailin-custom"),),
            at=told.moment("ts_epoch") or told.moment("ts_event"),
        )


BREVO = Provider(name="brevo", proves=shared, read=reader("brevo", reports))
