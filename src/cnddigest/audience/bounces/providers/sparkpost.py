"""SparkPost: a list of events, each in two wrappers, with the user and password of the webhook's settings.

[{"msys": {"message_event": {"type": "bounce", "bounce_class": "10", "rcpt_to": "…", "raw_reason": "550 …"}}}]

https://developers.sparkpost.com/api/webhooks/
"""

from collections.abc import Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.bounces.providers.fields import Table, events
from cnddigest.audience.bounces.providers.model import Posted, Provider, Report
from cnddigest.audience.bounces.providers.proofs import shared
from cnddigest.audience.bounces.providers.telling import reader

HARD = frozenset({"10", "30"})  # no such recipient
SOFT = frozenset({"1", "20", "21", "22", "24", "40", "70"})  # not told, host, DNS, full, time, other, for now
OURS = frozenset({"23", "25", "50", "51", "52", "53", "54"})  # size, policy, spam, content, relaying


def reports(posted: Posted) -> Iterator[Report]:
    """Yield all events; a wrapper without one is a test that the address answers."""
    for wrapper in events(posted.body):
        for told in (wrapper.inner("msys", name) for name in wrapper.inner("msys").data):
            yield Report(
                said=_said(told),
                recipient=told.text("raw_rcpt_to") or told.text("rcpt_to"),
                event=told.text("event_id") or told.fingerprint(),
                words=told.text("raw_reason") or told.text("reason"),
                ours=told.text("bounce_class") in OURS,
                traces=(told.text("msg_from"), *told.texts("rcpt_meta")),
                at=told.moment("timestamp"),
            )


def _said(told: Table) -> Kind:
    kind, reason = told.text("type"), told.text("bounce_class")
    if kind == "spam_complaint":
        return Kind.IGNORED if told.text("fbtype") == "not-spam" else Kind.COMPLAINT
    if kind not in {"bounce", "out_of_band"}:
        return Kind.IGNORED
    return Kind.HARD if reason in HARD else Kind.SOFT if reason in SOFT | OURS else Kind.IGNORED


SPARKPOST = Provider(name="sparkpost", proves=shared, read=reader("sparkpost", reports))
