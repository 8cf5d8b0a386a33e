"""A head, judged before anybody works on it: what RFC 9110 and 9112 ask of a request, and what we don't do.

| request | else |
|---|---|
| its address, the number of its fields, an announced body | 414, 431, 413 |
| HTTP/1.0 or 1.1 | 505 |
| one Host that makes sense; HTTP/1.0 may go without | 400 |
| a path, or a whole http address | 400; 501 for tunnels and for the server as such (`*`) |
| a body as it is or in chunks, in no other coding | 501 |

How a request is framed is judged by the parser: what two servers could read in two ways never gets here.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus

from cnddigest.web.host import host
from cnddigest.web.replies import Headers

LONGEST_HEAD = 32 * 1024  # octets: browsers and proxies send a tenth of it
LONGEST_ADDRESS = 8 * 1024  # octets: RFC 9110, 4.1 asks for 8000
LONGEST_BODY = 2 * 1024 * 1024  # octets: a returned message with what it returns; a form has a smaller limit of its own
FIELDS = 100
WHOLE = re.compile(rb"https?://([^/?#]+)([^#]*).*", re.IGNORECASE | re.DOTALL)


def fault(
    method: bytes, version: str, target: bytes, fields: Headers, asked: Mapping[bytes, bytes]
) -> HTTPStatus | None:
    """Return what is wrong with a head, None for nothing; `asked` are its `fields` by their names."""
    if len(target) > LONGEST_ADDRESS:
        return HTTPStatus.REQUEST_URI_TOO_LONG
    if len(fields) > FIELDS:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    if version not in ("1.1", "1.0"):
        return HTTPStatus.HTTP_VERSION_NOT_SUPPORTED
    said = asked.get(b"host")  # several are a list, which is no host
    if (said is None and version == "1.1") or (said is not None and not _is_host(said)):
        return HTTPStatus.BAD_REQUEST
    return _of_target(method, target) or _of_body(asked)


def _of_target(method: bytes, target: bytes) -> HTTPStatus | None:
    if method == b"CONNECT" or (method == b"OPTIONS" and target == b"*"):
        return HTTPStatus.NOT_IMPLEMENTED
    if target.startswith(b"/"):
        return None
    whole = WHOLE.fullmatch(target)
    return None if whole and _is_host(whole[1]) else HTTPStatus.BAD_REQUEST


def _of_body(asked: Mapping[bytes, bytes]) -> HTTPStatus | None:
    if int(asked.get(b"content-length", 0)) > LONGEST_BODY:  # the parser lets only one through
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if asked.get(b"transfer-encoding", b"chunked").strip().lower() != b"chunked":
        return HTTPStatus.NOT_IMPLEMENTED
    return None


@lru_cache(64)  # at every request
def _is_host(said: bytes) -> bool:
    return host(said.decode("latin-1").strip()) is not None


def straight(target: bytes, fields: Headers) -> bytes:
    """Return a whole address as a path; the host that it names takes the place of Host (RFC 9112, 3.2.2)."""
    whole = WHOLE.fullmatch(target)
    if whole is None:
        return target
    fields[:] = [(name, whole[1] if name == b"host" else value) for name, value in fields]
    return whole[2] if whole[2].startswith(b"/") else b"/" + whole[2]
