"""Where messages leave: a folder or a relay, how fast, and under whose seal."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cnddigest.config import Settings
from cnddigest.config.model import Dkim, Mail
from cnddigest.config.secret import octets, password
from cnddigest.errors import BadConfiguration
from cnddigest.ports.mail import Transport
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
