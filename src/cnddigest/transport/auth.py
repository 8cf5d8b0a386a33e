"""Logging in at a relay: the strongest way that both sides know."""

import base64
import hashlib
import hmac
from collections.abc import Callable

from cnddigest.transport.wire import Answer, Broken, Wire

CHALLENGE = 334  # RFC 4954 section 4: the answer that asks for more
MASK = b"..."


def log_in(wire: Wire, ways: frozenset[str], username: str, password: str) -> Answer | None:
    """Return the relay's verdict, None when it offers no way we know; a far side that repeats secrets is masked."""
    secrets = (username, password)
    for name, way in WAYS.items():
        if name in ways:
            return _masked(way(wire, *(secret.encode() for secret in secrets)), password.encode(), username.encode())
    return None


def _cram_md5(wire: Wire, username: bytes, password: bytes) -> Answer:
    """RFC 2195: the password does not travel."""
    answer = wire.ask(b"AUTH CRAM-MD5\r\n")
    if answer.code != CHALLENGE:
        return answer
    try:
        challenge = base64.b64decode(answer.lines[-1], validate=True)
    except ValueError as error:
        raise Broken("its challenge is not base64") from error
    proof = hmac.new(password, challenge, hashlib.md5).hexdigest()
    return wire.ask(_base64(username + b" " + proof.encode()))


def _plain(wire: Wire, username: bytes, password: bytes) -> Answer:
    """RFC 4616."""
    return wire.ask(b"AUTH PLAIN " + _base64(b"\0" + username + b"\0" + password))


def _login(wire: Wire, username: bytes, password: bytes) -> Answer:
    """Answer two questions, whatever their words: the way of old servers, never a standard."""
    answer = wire.ask(b"AUTH LOGIN\r\n")
    for secret in (username, password):
        if answer.code != CHALLENGE:
            return answer
        answer = wire.ask(_base64(secret))
    return answer


WAYS: dict[str, Callable[[Wire, bytes, bytes], Answer]] = {"CRAM-MD5": _cram_md5, "PLAIN": _plain, "LOGIN": _login}


def _base64(octets: bytes) -> bytes:
    return base64.b64encode(octets) + b"\r\n"


def _masked(answer: Answer, password: bytes, username: bytes) -> Answer:
    """Take out what we sent: some servers repeat a command that they do not understand."""
    sent = (_base64(b"\0" + username + b"\0" + password), _base64(password), password)
    lines = answer.lines
    for secret in (each.strip() for each in sent if each.strip()):
        lines = tuple(line.replace(secret, MASK) for line in lines)
    return Answer(answer.code, lines)
