"""Mailjet: one event in a request or a list of them, with the user and password of the webhook's address.

[{"event": "bounce", "email": "…", "hard_bounce": true, "error": "user unknown", "time": 1780000000, "MessageID": 1}]

https://dev.mailjet.com/email/guides/webhooks/
"""

from collections.abc import Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.bounces.providers.fields import Table, events
from cnddigest.audience.bounces.providers.model import Posted, Provider, Report
from cnddigest.audience.bounces.providers.proofs import shared
from cnddigest.audience.bounces.providers.telling import reader

OURS = frozenset({"content", "spam", "policy", "mailjet", "system"})  # what `error_related_to` lays to our side


def reports(posted: Posted) -> Iterator[Report]:
    """Yield all events."""
    for told in events(posted.body):
        names = [told.text(name) for name in ("Message_GUID", "MessageID", "event", "time")]
        yield Report(
            said=_said(told),
            recipient=told.text("email"),
            event=" ".join(names) if names[0] or names[1] else told.fingerprint(),
            words=told.text("comment") or told.text("error"),
            ours=told.text("error_related_to") in OURS,
            traces=(told.text("CustomID"), told.text("Payload")),
            at=told.moment("time"),
        )


def _said(told: Table) -> Kind:
    kind = told.text("event")
    if kind == "spam":
        return Kind.COMPLAINT
    if kind not in {"bounce", "blocked"}:
        return Kind.IGNORED
    return Kind.HARD if told.flag("hard_bounce") else Kind.SOFT


MAILJET = Provider(name="mailjet", proves=shared, read=reader("mailjet", reports))
