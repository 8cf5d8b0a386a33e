"""What a form said: a small body, read as far as it is allowed to go."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

MOST = 16 * 1024  # octets: the longest form of ours has some 600
FIELDS = 40
PATIENCE = 20.0  # seconds for a body that would fit into a dozen packets
FORM = "application/x-www-form-urlencoded"


class Refused(Exception):
    """A request that is no form of ours; `status` says how (RFC 9110, 15.5)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read(request: Request) -> Mapping[str, str]:
    """Return the fields of a form, the last one where a name stands twice; raises Refused.

    Another kind of body has no fields: a mail provider may send the one click of RFC 8058 as multipart.
    """
    body = await _body(request)
    if request.headers.get("content-type", FORM).partition(";")[0].strip().lower() != FORM:
        return {}
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"))
    except ValueError:  # a UnicodeDecodeError is one
        raise Refused(400) from None


async def _body(request: Request) -> bytes:
    said = request.headers.get("content-length", "0")
    if not (said.isascii() and said.isdigit()) or int(said[:12]) > MOST:
        raise Refused(413)
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MOST:
                raise Refused(413)
    except ClientDisconnect:
        raise Refused(400) from None
    return body
