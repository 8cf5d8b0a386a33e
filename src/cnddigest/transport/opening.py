"""From a host's name to an open Session: connect, hello, encrypt, log in, each refusal in one sentence."""

import ipaddress
import os
import re
import socket
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from time import monotonic

from cnddigest.delivery.replies import reply_of
from cnddigest.errors import TransportRefused, reason
from cnddigest.transport.auth import log_in
from cnddigest.transport.loop import WRITE, aside, wait
from cnddigest.transport.session import Offer, Session
from cnddigest.transport.wire import Answer, Broken, Limits, Wire

TLS_AT_ONCE = 465  # RFC 8314: the port where nobody says a word before the handshake
EXPIRED, WRONG_HOST = 10, frozenset({62, 64})  # OpenSSL's X509_V_ERR_*: expired; name or IP address does not match

HOST_NAME = re.compile(r"[A-Za-z0-9.-]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Where mail is handed over, and how. `name` is how we introduce ourselves; without it, by our IP address."""

    host: str
    port: int
    security: str  # "starttls" | "tls" | "none"; the last only to this machine
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    name: str = ""
    limits: Limits = field(default_factory=Limits)

    @property
    def place(self) -> str:
        """The relay as a message shows it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def open_session(relay: Relay, trust: ssl.SSLContext | None, stop: threading.Event) -> Session:
    """Return a Session that may send; raises TransportRefused.

    `trust` says whose certificates are believed; None is for a relay without encryption.
    """
    sock = _connected(relay, stop)
    wire: Wire | None = None
    try:
        wire = Wire(sock, stop=stop, limits=relay.limits)
        return Session(wire, _introduced(relay, wire, trust))
    except BaseException as error:
        (wire or sock).close()
        if isinstance(error, ssl.SSLError):
            raise _untrusted(relay, error) from error
        if isinstance(error, Broken | OSError):
            problem = error.reason if isinstance(error, Broken) else reason(error)
            hint = 'this port wants security = "tls"' if relay.port == TLS_AT_ONCE and relay.security != "tls" else None
            raise TransportRefused(f"relay can't be used, {problem}: {relay.place}", hint=hint) from error
        raise


# Connecting


def _connected(relay: Relay, stop: threading.Event) -> socket.socket:
    try:
        found = aside(lambda: socket.getaddrinfo(relay.host, relay.port, type=socket.SOCK_STREAM), stop)
    except TimeoutError as error:
        raise TransportRefused(f"relay can't be reached, {reason(error)}: {relay.place}") from error
    except (OSError, UnicodeError) as error:
        raise TransportRefused(f"relay has no address: {relay.host}", hint="check host under [mail.smtp]") from error
    problem = "no address"
    for family, kind, protocol, _, address in found:
        sock = socket.socket(family, kind, protocol)
        try:
            _connect(sock, address, relay.limits, stop)
        except OSError as error:
            sock.close()
            problem = reason(error)
        else:
            return sock
    raise TransportRefused(f"relay can't be reached, {problem}: {relay.place}")


def _connect(sock: socket.socket, address: tuple[object, ...], limits: Limits, stop: threading.Event) -> None:
    """Connect within the limit, sooner when the work shall end; raises OSError."""
    sock.setblocking(False)
    deadline = monotonic() + limits.connect
    try:
        sock.connect(address)
    except BlockingIOError:
        while not wait(sock, WRITE, limits.tick):
            if stop.is_set() or monotonic() >= deadline:
                raise TimeoutError("no answer in time") from None
        if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(code, os.strerror(code)) from None


# Introducing


def _introduced(relay: Relay, wire: Wire, trust: ssl.SSLContext | None) -> Offer:
    ours, theirs = wire.addresses
    is_near = ipaddress.ip_address(theirs.partition("%")[0]).is_loopback
    if relay.security == "none" and not is_near:
        hint = 'choose "starttls" or "tls" for every other machine than this one'
        raise TransportRefused(f"mail would travel in the open: {relay.place}", hint=hint)
    if relay.security == "tls":
        wire.encrypt(_needed(trust), relay.host)
    _agreed(relay, wire.answer(relay.limits.command), "is not ready")
    offer = _hello(relay, wire, _name(relay, ours))
    if relay.security == "starttls":
        offer = _starttls(relay, wire, offer, trust)
    if relay.username is not None:
        _log_in(relay, wire, offer)
    return offer


def _needed(trust: ssl.SSLContext | None) -> ssl.SSLContext:
    if trust is None:
        raise ValueError("encryption needs to know whom to trust")
    return trust


def _name(relay: Relay, address: str) -> str:
    """Return how we introduce ourselves: by name, else by our address (RFC 5321 4.1.3)."""
    if HOST_NAME.fullmatch(relay.name):
        return relay.name
    return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"


def _agreed(relay: Relay, answer: Answer, problem: str, hint: str | None = None) -> Answer:
    """Return the answer if it is a yes, else raise with its words."""
    if answer.code // 100 != 2:
        reply = reply_of(*answer)
        said = " ".join(filter(None, (str(reply.code), reply.enhanced, reply.text)))
        raise TransportRefused(f"relay {problem}, {relay.place}: {said}", hint=hint)
    return answer


def _hello(relay: Relay, wire: Wire, name: str) -> Offer:
    answer = wire.ask(b"EHLO " + name.encode("ascii") + b"\r\n")
    if answer.code // 100 == 5:  # a server from before 1995
        _agreed(relay, wire.ask(b"HELO " + name.encode("ascii") + b"\r\n"), "refuses us")
        return Offer()
    return offer_of(_agreed(relay, answer, "refuses us").lines[1:])


def offer_of(lines: Iterable[bytes]) -> Offer:
    """Read what an EHLO's answer offers, without its first line; a word we do not know is none of our business."""
    offer = Offer()
    for line in lines:
        word, *rest = line.decode("ascii", "replace").upper().replace("AUTH=", "AUTH ").split() or [""]
        match word:
            case "PIPELINING":
                offer = replace(offer, pipelining=True)
            case "STARTTLS":
                offer = replace(offer, starttls=True)
            case "AUTH":
                offer = replace(offer, auth=offer.auth | frozenset(rest))
            case "SIZE":
                limit = rest[0] if rest and rest[0].isascii() and rest[0].isdigit() else "0"
                offer = replace(offer, sizes=True, size=int(limit[:18]))
    return offer


# Encrypting


def _starttls(relay: Relay, wire: Wire, offer: Offer, trust: ssl.SSLContext | None) -> Offer:
    hint = 'choose security = "tls" if the relay wants it at once, usually on port 465'
    if not offer.starttls:
        raise TransportRefused(f"relay offers no STARTTLS: {relay.place}", hint=hint)
    _agreed(relay, wire.ask(b"STARTTLS\r\n"), "can't encrypt now")
    wire.encrypt(_needed(trust), relay.host)
    return _hello(relay, wire, _name(relay, wire.addresses[0]))


def _untrusted(relay: Relay, error: ssl.SSLError) -> TransportRefused:
    """Say in one sentence what is wrong with a relay's certificate, or its TLS."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        hint = 'choose security = "starttls"' if error.reason == "WRONG_VERSION_NUMBER" else None
        return TransportRefused(f"relay does not speak TLS here: {relay.place}", hint=hint)
    if error.verify_code == EXPIRED:
        return TransportRefused(f"relay's certificate has expired: {relay.place}")
    if error.verify_code in WRONG_HOST:
        hint = "use the name that the certificate has as host"
        return TransportRefused(f"relay's certificate is for another host: {relay.place}", hint=hint)
    hint = "name the file of its authority in SSL_CERT_FILE"
    return TransportRefused(f"relay's certificate is not trusted, {error.verify_message}: {relay.place}", hint=hint)


# Logging in


def _log_in(relay: Relay, wire: Wire, offer: Offer) -> None:
    if not relay.password:
        hint = "set CNDDIGEST_SMTP_PASSWORD, or password_file under [mail.smtp]"
        raise TransportRefused(f"relay's password is missing: {relay.username}", hint=hint)
    answer = log_in(wire, offer.auth, relay.username or "", relay.password)
    if answer is None:
        ways = ", ".join(sorted(offer.auth)) or "none"
        raise TransportRefused(f"relay offers no way to log in that we know, {relay.place}: {ways}")
    if answer.code // 100 == 5:
        _agreed(relay, answer, "refuses our name and password", hint="check username and password of [mail.smtp]")
    _agreed(relay, answer, "can't log us in now")
