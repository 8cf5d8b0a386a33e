"""The requests that WebSub consists of: telling a hub, asking a callback what it wants, pushing a feed."""

import hashlib
import hmac
from urllib.parse import urlencode, urlsplit

from cnddigest.hub.model import Announcement, Answer, Call, Callback, Intent
from cnddigest.hub.topics import header, kind

FORM = ("content-type", "application/x-www-form-urlencoded")


def announce(found: Announcement, base_url: str) -> Call:
    """Tell a hub that a feed changed. The publisher chose the hub: it may stand in a network of their own.

    The specification leaves this open; hubs take the ping of PubSubHubbub 0.4, some of them `hub.topic`.
    """
    topic = f"{base_url}{found.path}"
    form = urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic})
    return Call(url=found.hub, headers=(FORM,), body=form.encode(), is_private=True)


def verify(intent: Intent, challenge: str, base_url: str, *, is_private: bool) -> Call:
    """Ask a callback whether it wishes what somebody wished in its name (section 5.3)."""
    asked = {"hub.mode": intent.mode, "hub.topic": f"{base_url}{intent.path}", "hub.challenge": challenge}
    if intent.mode == "subscribe":
        asked["hub.lease_seconds"] = str(int(intent.lease.total_seconds()))
    parts = urlsplit(intent.url)  # its own query stays as it is
    query = "&".join(filter(None, [parts.query, urlencode(asked)]))
    return Call(url=parts._replace(query=query).geturl(), method="GET", is_private=is_private)


def confirms(answer: Answer, challenge: str) -> bool:
    """Say whether a callback repeated the challenge, which is to be all it says."""
    return answer.is_good and hmac.compare_digest(answer.body, challenge.encode())


def push(callback: Callback, body: bytes, *, base_url: str, hub: str, is_private: bool) -> Call:
    """Bring a feed to a callback, signed where it gave a secret (sections 7 and 7.1)."""
    headers = [
        ("content-type", kind(callback.path)),
        ("link", header([hub], f"{base_url}{callback.path}")),
    ]
    if callback.secret:
        headers.append(("x-hub-signature", f"sha256={signature(callback.secret, body)}"))
    return Call(url=callback.url, headers=tuple(headers), body=body, is_private=is_private)


def signature(secret: str, body: bytes) -> str:
    """Return the HMAC of a body in hex (RFC 2104)."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
