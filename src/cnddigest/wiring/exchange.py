"""Where messages leave: a folder or a relay, how fast, and under whose seal."""

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cnddigest.config import Settings
from cnddigest.config.model import Dkim, Mail
from cnddigest.config.secret import octets, password
from cnddigest.delivery.model import IssueName, Key
from cnddigest.errors import BadConfiguration
from cnddigest.ports.mail import Arrived, Transport, nobody_knows
from cnddigest.usecases.post import Rates

if TYPE_CHECKING:
    from cnddigest.delivery.dkim import Sealer, Signer
    from cnddigest.transport.opening import Relay


def is_relayed(mail: Mail) -> bool:
    """Say whether messages are handed to a relay, and not written into a folder."""
    return mail.transport != "folder" and mail.smtp is not None


def transport(settings: Settings, stop: threading.Event) -> Transport:
    """Return what takes messages; nothing begins any more once `stop` is set."""
    mail = settings.mail
    if mail.transport == "folder" or mail.smtp is None:
        from cnddigest.transport.folder import FolderTransport

        return FolderTransport(mail.outbox, stop=stop)
    from cnddigest.transport.smtp import SmtpTransport

    return SmtpTransport(relay(settings), connections=mail.smtp.connections, stop=stop)


def arrived(mail: Mail, tags: Mapping[str, str]) -> Arrived:
    """Return whom to ask whether a message left before a crash: a folder can be looked at, a relay can't.

    `tags` are what the entry ids of each Serial begin with.
    """
    if is_relayed(mail):
        return nobody_knows
    from cnddigest.transport.folder import FolderTransport
    from cnddigest.wiring.composer import identity

    folder = FolderTransport(mail.outbox)

    def has(name: IssueName, key: Key) -> bool | None:
        tag = tags.get(name.serial)
        return folder.has(identity(tag, name.run, name.part, key)) if tag else None

    return has


def rates(mail: Mail) -> Rates:
    """Return how fast messages may leave; into a folder, as fast as they can."""
    smtp = mail.smtp
    if smtp is None or mail.transport == "folder":
        return Rates()
    return Rates(
        relay=smtp.rate.count / smtp.rate.seconds if smtp.rate else None,
        domains={domain: rate.count / rate.seconds for domain, rate in smtp.per_domain},
    )


def sealer(keys: Sequence[Dkim]) -> "Sealer | None":
    """Read the keys that sign messages; raises BadConfiguration for one that can't be used."""
    if not keys:
        return None
    from cnddigest.delivery.dkim import Sealer

    return Sealer(signers=tuple(map(signer, keys)))


def signer(key: Dkim) -> "Signer":
    """Read one key; raises BadConfiguration for one that can't be used."""
    from cnddigest.delivery.dkim import Signer, load_key

    pem = octets(key.key_file, "key_file of [[mail.dkim]]")
    return Signer(domain=key.domain, selector=key.selector, key=load_key(pem, str(key.key_file)))


def relay(settings: Settings) -> "Relay":
    """Return where mail is handed over; raises BadConfiguration where there is none, or its password can't be read."""
    from cnddigest.transport.opening import Relay

    smtp = settings.mail.smtp
    if smtp is None:
        raise BadConfiguration("no relay in the configuration", hint="add [mail.smtp] with its host")
    return Relay(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        username=smtp.username,
        password=password(smtp) if smtp.username else None,
        name=urlsplit(settings.publication.base_url).hostname or "",
    )
