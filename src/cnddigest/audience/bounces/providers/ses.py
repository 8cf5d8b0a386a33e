"""Amazon SES through SNS: a notification in an envelope that Amazon's certificate signed, for every customer alike.

{"Type": "Notification", "TopicArn": "arn:aws:sns:…", "Message": "…", "Signature": "…"}
with a Message that is JSON again: {"notificationType": "Bounce", "bounce": {…}, "mail": {…}}

The signature says that SNS sent it, and anybody can have a topic there: so the topic must be the one that was named.
https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

import datetime as dt
import hmac
import re
from collections.abc import Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.bounces.providers.fields import Table, event
from cnddigest.audience.bounces.providers.model import Key, Posted, Provider, Report
from cnddigest.audience.bounces.providers.proofs import PATIENT, decoded
from cnddigest.audience.bounces.providers.signatures import rsa
from cnddigest.audience.bounces.providers.telling import reader

NOTIFICATION, CONFIRMATION = "Notification", "SubscriptionConfirmation"
# What is signed: these, as names and values on lines of their own, those that are there.
SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
OURS = frozenset({"MessageTooLarge", "ContentRejected", "AttachmentRejected"})
AMAZON = re.compile(r"https://sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?/[!-~]{0,1000}")


def proves(posted: Posted, key: Key, now: dt.datetime) -> bool:
    """Look at the topic, then at the signature; SHA-1 is version 1, Amazon's default."""
    envelope = event(posted.body)
    names = SIGNED.get(envelope.text("Type"), ())
    version, at = envelope.text("SignatureVersion"), envelope.moment("Timestamp")
    topic = hmac.compare_digest(envelope.text("TopicArn").encode("utf-8", "replace"), key.topic.encode())
    if not (names and topic and version in {"1", "2"} and at and abs(now - at) <= PATIENT):
        return False
    lines = [f"{name}\n{envelope.text(name)}\n" for name in names if name in envelope.data]
    said, signature = "".join(lines).encode("utf-8", "replace"), decoded(envelope.text("Signature"))
    return any(rsa(each, signature, said, now=now, old=version == "1") for each in key.secrets)


def reports(posted: Posted) -> Iterator[Report]:
    """Yield one for each recipient."""
    told = event(event(posted.body).text("Message"))
    kind = told.text("notificationType") or told.text("eventType")
    bounce, complaint = told.inner("bounce"), told.inner("complaint")
    for who in bounce.tables("bouncedRecipients") if kind == "Bounce" else ():
        yield _report(
            told,
            bounce,
            who,
            said=Kind.HARD if bounce.text("bounceType") == "Permanent" else Kind.SOFT,
            ours=bounce.text("bounceSubType") in OURS,
        )
    spam = Kind.IGNORED if complaint.text("complaintFeedbackType") == "not-spam" else Kind.COMPLAINT
    for who in complaint.tables("complainedRecipients") if kind == "Complaint" else ():
        yield _report(told, complaint, who, said=spam, ours=False)


def confirms(posted: Posted) -> str:
    """Return where the subscription is confirmed, if it is at Amazon's."""
    envelope = event(posted.body)
    found = envelope.text("SubscribeURL") if envelope.text("Type") == CONFIRMATION else ""
    return found if AMAZON.fullmatch(found) else ""


def _report(told: Table, what: Table, who: Table, *, said: Kind, ours: bool) -> Report:
    headers = told.tables("mail", "headers")  # our own, where the topic was set to include them
    written = {each.text("name").lower(): each.text("value") for each in headers}
    return Report(
        said=said,
        recipient=who.text("emailAddress"),
        event=what.text("feedbackId") or what.fingerprint(),
        status=who.text("status"),
        words=who.text("diagnosticCode"),
        ours=ours,
        message_id=written.get("message-id", ""),
        traces=(told.text("mail", "source"), written.get("return-path", ""), written.get("list-unsubscribe", "")),
        at=what.moment("timestamp"),
    )


SES = Provider(name="ses", proves=proves, read=reader("ses", reports), confirms=confirms)
