"""What `doctor` looks at for those who may post what came back."""

import datetime as dt
from collections.abc import Iterator

from cnddigest.audience.bounces.providers.names import PUBLIC, SENDGRID, SES
from cnddigest.cli.check import Check, Seen, exposed, told
from cnddigest.config import Settings
from cnddigest.config.model import Webhook
from cnddigest.config.secret import proof


def webhooks(settings: Settings, now: dt.datetime) -> Iterator[Check]:
    """Look at each of them."""
    for webhook in settings.web.webhooks:
        yield from told(f"webhook {webhook.provider}", _webhook, settings, webhook, now)


def _webhook(settings: Settings, webhook: Webhook, now: dt.datetime) -> Seen:
    """Look whether what shows who posts is there, the owner's only and of the right kind; nothing of it is shown."""
    from cnddigest.audience.bounces.providers.signatures import elliptic, expiries

    found = proof(webhook)
    file = webhook.secret_file
    if file and not webhook.secret and webhook.provider not in PUBLIC and exposed(file):
        return "mend", f"others can read {file}", f"chmod 600 {file}"
    others = [each for each in settings.web.webhooks if each is not webhook]
    if not set(found).isdisjoint(secret for each in others for secret in proof(each)):
        hint = "give each provider one of its own"
        return "mend", "another webhook has the same secret, and would read what this one is told", hint
    if webhook.provider == SENDGRID and not all(map(elliptic, found)):
        return "mend", f"no public key for ECDSA: {file}", "copy the verification key of SendGrid's settings"
    if webhook.provider != SES:
        return "ok", "posts to /bounces", None
    until = max((moment for pem in found for moment in expiries(pem)), default=None)
    if until is None or until < now:
        seen = f"certificate ended {until:%Y-%m-%d}" if until else f"no certificate: {file}"
        return "mend", seen, "fetch the one at the SigningCertURL of a notification"
    return "ok", f"posts to /bounces, signed until {until:%Y-%m-%d}", None
