"""What somebody asks of our hub: a form, read with suspicion (section 5.1 of the specification)."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlsplit

from cnddigest.errors import WrongUse
from cnddigest.hub.model import Intent, Mode
from cnddigest.hub.topics import topics
from cnddigest.serial.model import Publication

DEFAULT, SHORTEST, LONGEST = dt.timedelta(days=10), dt.timedelta(hours=1), dt.timedelta(days=30)
ADDRESS = 2000  # characters of a callback: no library sends more
SECRET = 199  # bytes: "MUST be less than 200"
MODES: dict[str, Mode] = {"subscribe": "subscribe", "unsubscribe": "unsubscribe"}
WEB = (80, 443)
FREE = 1024  # ports below belong to services that are not spoken to by HTTP


def read(form: Mapping[str, str], publication: Publication, *, is_private: bool = False) -> Intent:
    """Return what a form asks for; raises WrongUse with the sentence for whoever sent it.

    `is_private` allows every port. What a name resolves to is looked at when it is called.
    """
    mode = MODES.get(form.get("hub.mode", ""))
    if mode is None:
        raise WrongUse("hub.mode is neither subscribe nor unsubscribe")
    topic = form.get("hub.topic", "")
    path = topic.removeprefix(publication.base_url)
    if path == topic or path not in topics(publication):
        raise WrongUse("hub.topic is no feed of this hub")
    secret = form.get("hub.secret", "")
    if len(secret.encode("utf-8", "surrogatepass")) > SECRET or not secret.isprintable():
        raise WrongUse("hub.secret is longer than 199 bytes, or no text")
    url = form.get("hub.callback", "")
    host = _host(url, is_private=is_private)
    lease = _lease(form.get("hub.lease_seconds", ""))
    return Intent(mode=mode, path=path, url=url, host=host, lease=lease, secret=secret)


def _host(url: str, *, is_private: bool) -> str:
    """Return the host of a callback; raises WrongUse for what is no address, or one that we never call."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise WrongUse("hub.callback is no web address") from None
    written = len(url) <= ADDRESS and url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not written or parts.scheme not in ("http", "https") or not host:
        raise WrongUse("hub.callback is no web address")
    if "@" in parts.netloc or "#" in url:
        raise WrongUse("hub.callback has a password or a fragment")
    if not (is_private or port is None or port in WEB or port >= FREE):
        raise WrongUse("hub.callback has a port of another service")
    return host


def _lease(seconds: str) -> dt.timedelta:
    """Return for how long: what is asked for within bounds, ten days for whoever does not say."""
    if not seconds:
        return DEFAULT
    if not (seconds.isascii() and seconds.isdigit()):
        raise WrongUse("hub.lease_seconds is no whole number")
    return min(max(dt.timedelta(seconds=int(seconds[:9])), SHORTEST), LONGEST)
