"""Postmark: one event in a request, with the user and password that stand in the webhook's address.

{"RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "Email": "…", "Details": "…", "BouncedAt": "…"}

https://postmarkapp.com/developer/webhooks/bounce-webhook
"""

from collections.abc import Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.bounces.providers.fields import event
from cnddigest.audience.bounces.providers.model import Posted, Provider, Report
from cnddigest.audience.bounces.providers.proofs import shared
from cnddigest.audience.bounces.providers.telling import reader

TYPES = {
    "HardBounce": Kind.HARD,
    "BadEmailAddress": Kind.HARD,
    "SoftBounce": Kind.SOFT,
    "DnsError": Kind.SOFT,
    "Unknown": Kind.SOFT,
    "SpamComplaint": Kind.COMPLAINT,
}  # what else there is says nothing against the person: delays, vacations, somebody's own wishes
OURS = frozenset({"SpamNotification", "VirusNotification", "Blocked", "DMARCPolicy", "SMTPApiError"})
RECORDS = frozenset({"Bounce", "SpamComplaint"})


def reports(posted: Posted) -> Iterator[Report]:
    """Yield the event; Content, where it was asked for, is the returned message with our link in it."""
    told = event(posted.body)
    kind = told.text("Type")
    said = TYPES.get(kind, Kind.IGNORED) if told.text("RecordType") in RECORDS else Kind.IGNORED
    yield Report(
        said=said,
        recipient=told.text("Email"),
        event=told.text("ID") or told.fingerprint(),
        words=told.text("Details") or told.text("Description"),
        ours=kind in OURS,
        traces=(*told.texts("Metadata"), told.text("Content")),
        at=told.moment("BouncedAt"),
    )


POSTMARK = Provider(name="postmark", proves=shared, read=reader("postmark", reports))
