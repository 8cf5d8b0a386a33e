"""What `doctor` looks at for mail: who sends, keys, the relay, and the records to set in DNS."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from cnddigest.cli.check import Check, Seen, exposed, told
from cnddigest.config import Settings
from cnddigest.config.model import Dkim
from cnddigest.errors import CndDigestError

if TYPE_CHECKING:
    from cnddigest.delivery.dkim import Sealer, Signer

EXAMPLES = ("example.org", "example.com", "example.net")


def mail(settings: Settings) -> Iterator[Check]:
    """Look at everything a delivery needs; nothing is asked of DNS, and nothing is sent."""
    yield from told("mail", _sender, settings)
    yield from told("letters", _letters, settings)
    for key in settings.mail.dkim:
        yield from told(f"dkim {key.selector}", _key, key)
    if settings.mail.transport == "folder":
        yield Check(name="outbox", state="ok", detail=f"messages are written to {settings.mail.outbox}")
    else:
        yield from told("relay", _relay, settings)
    if settings.mail.is_set:
        with suppress(CndDigestError):  # a key that can't be read was told above
            yield from _dns(settings)


def _sender(settings: Settings) -> Seen:
    mail, house = settings.mail, settings.publication
    detail = mail.sender if house.publisher_address else f"{mail.sender}, without a postal address"
    if mail.transport != "folder" and _domain(mail.sender).endswith(EXAMPLES):
        return "mend", f"{mail.sender} is an example", 'write your own address: from = "Recaps <recaps@…>" under [mail]'
    if mail.is_set and not house.publisher_address:
        return "look", detail, 'many laws ask for one in a newsletter: publisher = { address = "…" }'
    return "ok", detail, None


def _letters(settings: Settings) -> Seen:
    from cnddigest import wiring

    with wiring.open_publication(settings) as opened:
        opened.office.sending.proof()
    return "ok", "Issue and confirmation can be made", None


def _key(key: Dkim) -> Seen:
    from cnddigest.delivery.dkim import ANOTHER_KEY, GOOD_RSA, Algorithm
    from cnddigest.wiring.exchange import signer

    found = signer(key)
    if exposed(key.key_file):
        return "mend", f"others can read {key.key_file}", f"chmod 600 {key.key_file}"
    seen = f"{found.name}, {found.key.algorithm} of {found.key.bits} bits"
    if found.key.algorithm is Algorithm.RSA and found.key.bits < GOOD_RSA:
        return "look", f"{seen}, and receivers want {GOOD_RSA}", ANOTHER_KEY
    return "ok", seen, None


def _relay(settings: Settings) -> Seen:
    from cnddigest.transport.smtp import SmtpTransport
    from cnddigest.wiring.exchange import relay

    smtp = settings.mail.smtp
    if smtp is None:
        return "mend", "no relay", "add [mail.smtp] with its host"
    found = relay(settings)
    SmtpTransport(found, connections=1).open().close()
    return "ok", f"{found.place} takes us, security = {smtp.security}", None


def _dns(settings: Settings) -> Iterator[Check]:
    from cnddigest.delivery import dns

    smtp, signers = settings.mail.smtp, _signers(settings)
    sender, bounces = _domain(settings.mail.sender), _domain(settings.mail.bounces)
    for sentence in dns.advice(sender=sender, bounces=bounces, signers=signers):
        yield Check(name="dns", state="look", detail=sentence)
    relay = smtp.host if smtp else dns.LOOPBACK
    for record in dns.records(sender=sender, bounces=bounces, relay=relay, signers=signers):
        name = f"dns {record.type} {record.name}"
        yield Check(name=name, state="ok", detail=f"to set: {record.value}", hint=record.reason)


def _signers(settings: Settings) -> "tuple[Signer, ...]":
    from cnddigest.wiring.exchange import sealer

    found: Sealer | None = sealer(settings.mail.dkim)
    return found.signers if found else ()


def _domain(mailbox: str) -> str:
    return mailbox.rpartition("@")[2].removesuffix(">")
