"""What every answer has in common: ASGI messages, validators, and a sentence where there is nothing to show."""

from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from starlette.types import Scope, Send

Headers = list[tuple[bytes, bytes]]
TEXT = b"text/plain; charset=utf-8"
READING = ("GET", "HEAD")
SHUT: Headers = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


def header(scope: Scope, name: bytes) -> str:
    """Return a header of a request, all of that name in one; `""` without it."""
    found = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return ", ".join(found)


def headers(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers of a request; one that came several times is a list, as all of ours may be."""
    return gathered(scope["headers"])


def gathered(fields: Headers) -> dict[bytes, bytes]:
    """Return header fields by their names."""
    found = dict(fields)
    if len(found) == len(fields):
        return found
    found = {}
    for name, value in fields:
        found[name] = found[name] + b", " + value if name in found else value
    return found


def lists(tags: str, etag: str) -> bool:
    """Say whether If-None-Match names this tag; comparison is weak (RFC 9110, 13.1.2)."""
    names = [name.strip().removeprefix("W/") for name in tags.split(",")]
    return etag in names or names == ["*"]


def is_since(scope: Scope, modified: str) -> bool:
    """Say whether the reader has it by its date; whoever names a tag is judged by that alone (RFC 9110, 13.2.2)."""
    if header(scope, b"if-none-match"):
        return False
    return not_after(modified, header(scope, b"if-modified-since"))


def not_after(modified: str, since: str) -> bool:
    """Compare two HTTP dates; one that is none is ignored."""
    if since == modified or not since:
        return bool(since)
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError, OverflowError):  # the last one for a year of twenty digits
        return False


def start(status: int, headers: Iterable[tuple[bytes, bytes]]) -> dict[str, Any]:
    """Return the message that begins an answer."""
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


async def send_all(send: Send, message: dict[str, Any], body: bytes) -> None:
    """Answer with a body that is there."""
    await send(message)
    await send({"type": "http.response.body", "body": body})


async def say(scope: Scope, send: Send, status: int, sentence: str, *more: tuple[bytes, bytes]) -> None:
    """Answer with one sentence of plain text."""
    body = f"{sentence}\n".encode()
    headers = [*told(body), *more]
    await send_all(send, start(status, headers), b"" if scope["method"] == "HEAD" else body)


def told(body: bytes, kind: bytes = TEXT) -> Headers:
    """Return the header fields of an answer that is nothing to be kept, and nothing that a browser could run."""
    return [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *SHUT]


def refusal(status: HTTPStatus) -> bytes:
    """Return an answer as it stands on the wire, of a connection that ends with it."""
    body = f"{status.phrase.lower()}\n".encode()
    again = [(b"retry-after", b"5")] * (status is HTTPStatus.SERVICE_UNAVAILABLE)
    lines = b"".join([b"%b: %b\r\n" % field for field in (*told(body), *again, (b"connection", b"close"))])
    return b"HTTP/1.1 %d %b\r\n%b\r\n%b" % (status, status.phrase.encode(), lines, body)


async def not_so(scope: Scope, send: Send, methods: Iterable[str]) -> None:
    """Answer to a method that is not among those that are known here (RFC 9110, 15.5.6)."""
    allowed = ", ".join(sorted(methods))
    await say(scope, send, 405, f"this address knows other methods: {allowed}", (b"allow", allowed.encode()))


async def no_such_page(scope: Scope, send: Send) -> None:
    """Answer where there is nothing."""
    await say(scope, send, 404, "no such page")
