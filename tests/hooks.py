"""Requests as Providers send them: made up here, signed by keys that are made here."""

import base64
import datetime as dt
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from builders import NOON
from cnddigest.audience.bounces.providers.model import Key, Posted

SECRET = b"a password of our own"
TOPIC = "arn:aws:sns:eu-north-1:210987654321:returned"
BASIC = {"authorization": "Basic " + base64.b64encode(b"harbour:" + SECRET).decode()}
JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a Provider is to tell."""

    kind: str = "hard"  # "hard" | "soft" | "complaint" | "delivered"
    address: str = "haru@example.net"
    code: str = "5.1.1"
    words: str = "550 5.1.1 nobody of this name"
    message_id: str = ""
    trace: str = ""
    event: str = "e-1"
    at: dt.datetime = NOON


def posted(body: bytes | str | object, **fields: str) -> Posted:
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Posted(body=data, fields=tuple((name.replace("_", "-").lower(), value) for name, value in fields.items()))


def altered(request: Posted) -> Posted:
    """Another person in the same request."""
    assert b"haru@" in request.body
    return replace(request, body=request.body.replace(b"haru@", b"natsu@"))


def mailgun(told: Told, *, secret: bytes = SECRET) -> Posted:
    moment, nonce = str(int(told.at.timestamp())), f"{told.event} {told.address[::-1]}"  # another one for each event
    kinds = {
        "hard": {"event": "failed", "severity": "permanent", "reason": "bounce"},
        "soft": {"event": "failed", "severity": "permanent", "reason": "generic"},
        "complaint": {"event": "complained"},
        "delivered": {"event": "delivered"},
    }
    return posted(
        {
            "signature": {
                "timestamp": moment,
                "token": nonce,
                "signature": hmac.digest(secret, (moment + nonce).encode(), "sha256").hex(),
            },
            "event-data": {
                **kinds[told.kind],
                "id": told.event,
                "timestamp": told.at.timestamp(),
                "recipient": told.address,
                "delivery-status": {"code": 550, "enhanced-code": told.code, "message": told.words},
                "message": {"headers": {"message-id": told.message_id.strip("<>")}},
                "user-variables": {"trace": told.trace},
            },
        },
        **JSON,
    )


@cache
def sendgrid_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def sendgrid_public() -> bytes:
    der = sendgrid_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der)


def sendgrid(*told: Told) -> Posted:
    kinds = {
        "hard": {"event": "bounce", "type": "bounce"},
        "soft": {"event": "bounce", "type": "blocked"},
        "complaint": {"event": "spamreport"},
        "delivered": {"event": "delivered"},
    }
    body = json.dumps(
        [
            {
                **kinds[each.kind],
                "email": each.address,
                "timestamp": int(each.at.timestamp()),
                "status": each.code,
                "reason": each.words,
                "smtp-id": each.message_id,
                "sg_event_id": each.event,
            }
            for each in told
        ]
    ).encode()
    moment = str(int(told[0].at.timestamp()))
    signature = sendgrid_key().sign(moment.encode() + body, ec.ECDSA(SHA256()))
    return posted(
        body,
        **JSON,
        X_Twilio_Email_Event_Webhook_Signature=base64.b64encode(signature).decode(),
        X_Twilio_Email_Event_Webhook_Timestamp=moment,
    )


@cache
def amazon_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def amazon_certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(amazon_key().public_key())
        .serial_number(1)
        .not_valid_before(NOON - dt.timedelta(days=400))
        .not_valid_after(NOON + dt.timedelta(days=400))
        .sign(amazon_key(), SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def envelope(version: str = "2", **fields: str) -> Posted:
    """SNS's envelope, signed over what is in it."""
    lines = "".join(f"{name}\n{fields[name]}\n" for name in sorted(fields))
    signature = amazon_key().sign(lines.encode(), PKCS1v15(), SHA1() if version == "1" else SHA256())  # noqa: S303
    extra = {"SignatureVersion": version, "Signature": base64.b64encode(signature).decode()}
    return posted(json.dumps({**fields, **extra}), content_type="text/plain; charset=UTF-8")


def ses(told: Told, *, topic: str = TOPIC, version: str = "2") -> Posted:
    who = {"emailAddress": told.address, "status": told.code, "diagnosticCode": told.words, "action": "failed"}
    what = {"feedbackId": told.event, "timestamp": told.at.isoformat()}
    kinds = {
        "hard": {
            "notificationType": "Bounce",
            "bounce": {**what, "bounceType": "Permanent", "bouncedRecipients": [who]},
        },
        "soft": {
            "notificationType": "Bounce",
            "bounce": {**what, "bounceType": "Transient", "bouncedRecipients": [who]},
        },
        "complaint": {"eventType": "Complaint", "complaint": {**what, "complainedRecipients": [who]}},
        "delivered": {"notificationType": "Delivery", "delivery": {}},
    }
    headers = [{"name": "Message-ID", "value": told.message_id}, {"name": "List-Unsubscribe", "value": told.trace}]
    return envelope(
        version,
        Message=json.dumps({**kinds[told.kind], "mail": {"source": "bounces@example.org", "headers": headers}}),
        MessageId=told.event,
        Timestamp=told.at.isoformat().replace("+00:00", "Z"),
        TopicArn=topic,
        Type="Notification",
    )


def postmark(told: Told) -> Posted:
    kinds = {"hard": "HardBounce", "soft": "SoftBounce", "complaint": "SpamComplaint", "delivered": "Delivery"}
    record = {"complaint": "SpamComplaint", "delivered": "Delivery"}.get(told.kind, "Bounce")
    return posted(
        {
            "RecordType": record,
            "ID": told.event,
            "Type": kinds[told.kind],
            "Email": told.address,
            "Details": told.words,
            "BouncedAt": told.at.isoformat(),
            "Content": told.trace,
        },
        **JSON,
        **BASIC,
    )


def brevo(told: Told) -> Posted:
    kinds = {"hard": "hard_bounce", "soft": "soft_bounce", "complaint": "spam", "delivered": "delivered"}
    return posted(
        {
            "event": kinds[told.kind],
            "email": told.address,
            "message-id": told.message_id,
            "reason": told.words,
            "ts_epoch": int(told.at.timestamp() * 1000),
            "id": told.event,
            "X-Mailin-custom": told.trace,
        },
        **JSON,
        authorization=f"Bearer {SECRET.decode()}",
    )


def mailjet(told: Told) -> Posted:
    kinds = {"hard": "bounce", "soft": "bounce", "complaint": "spam", "delivered": "sent"}
    return posted(
        [
            {
                "event": kinds[told.kind],
                "email": told.address,
                "hard_bounce": told.kind == "hard",
                "comment": told.words,
                "error": "user unknown",
                "error_related_to": "recipient",
                "time": int(told.at.timestamp()),
                "MessageID": 1729,
                "Message_GUID": told.event,
                "CustomID": told.trace,
            }
        ],
        **JSON,
        **BASIC,
    )


SVIX = base64.b64encode(b"a secret that svix made").decode()


def resend(told: Told, *, sent_at: dt.datetime | None = None) -> Posted:
    kinds = {"hard": "email.bounced", "soft": "email.bounced", "complaint": "email.complained"}
    body = json.dumps(
        {
            "type": kinds.get(told.kind, "email.delivered"),
            "created_at": told.at.isoformat(),
            "data": {
                "to": [f"Haru <{told.address}>"],
                "bounce": {"type": "Permanent" if told.kind == "hard" else "Transient", "message": told.words},
                "headers": [
                    {"name": "Message-ID", "value": told.message_id},
                    {"name": "List-Unsubscribe", "value": told.trace},
                ],
            },
        }
    ).encode()
    moment = str(int((sent_at or told.at).timestamp()))
    said = f"{told.event}.{moment}.".encode() + body
    signature = base64.b64encode(hmac.digest(base64.b64decode(SVIX), said, "sha256")).decode()
    return posted(
        body, **JSON, svix_id=told.event, svix_timestamp=moment, svix_signature=f"v1,AAAA v1,{signature} v2,x"
    )


def sparkpost(told: Told) -> Posted:
    kinds = {"hard": "bounce", "soft": "bounce", "complaint": "spam_complaint", "delivered": "delivery"}
    found = {
        "type": kinds[told.kind],
        "bounce_class": "10" if told.kind == "hard" else "22",
        "raw_rcpt_to": told.address,
        "raw_reason": told.words,
        "msg_from": told.trace,
        "event_id": told.event,
        "timestamp": str(int(told.at.timestamp())),
    }
    return posted([{"msys": {}}, {"msys": {"message_event": found}}], **JSON, **BASIC)


REQUESTS: Mapping[str, Callable[[Told], Posted]] = {
    "brevo": brevo,
    "mailgun": mailgun,
    "mailjet": mailjet,
    "postmark": postmark,
    "resend": resend,
    "sendgrid": sendgrid,
    "ses": ses,
    "sparkpost": sparkpost,
}
SIGNED = ("resend", "sendgrid", "ses")  # over the whole request


def key(name: str) -> Key:
    """What each of them is believed by."""
    secrets = {"sendgrid": sendgrid_public(), "ses": amazon_certificate(), "resend": f"whsec_{SVIX}".encode()}
    return Key(secrets=(secrets.get(name, SECRET),), topic=TOPIC if name == "ses" else "")
