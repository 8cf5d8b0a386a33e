"""The Transport of a relay: SMTP (RFC 5321), several connections, each kept for many messages."""

import ssl
import threading
from collections.abc import Callable
from functools import cached_property

from cnddigest.ports.mail import Feed
from cnddigest.transport.opening import Relay, open_session
from cnddigest.transport.pool import send_all
from cnddigest.transport.session import Session


class SmtpTransport:
    """Hands messages to a relay. Once `stop` is set, what is in flight is finished within seconds."""

    def __init__(self, relay: Relay, *, connections: int, stop: threading.Event | None = None) -> None:
        self._relay = relay
        self._connections = connections
        self._stop = stop or threading.Event()

    @cached_property
    def _trust(self) -> ssl.SSLContext | None:
        """The system's store of authorities, or SSL_CERT_FILE: it takes a while to read."""
        return None if self._relay.security == "none" else ssl.create_default_context()

    def open(self) -> Session:
        """Return an open Session: whoever wants to know whether the relay can be used; raises TransportRefused."""
        return open_session(self._relay, self._trust, self._stop)

    def run(self, feeds: Callable[[], Feed], commit: Callable[[], None]) -> None:
        """Send all there is over the connections; see the port."""
        send_all(self.open, feeds, commit, connections=self._connections, stop=self._stop)
