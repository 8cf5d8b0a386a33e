"""Whether a request was made on this machine, by one of its own names: one rule for all that is shown here only.

| sign | why it is none of ours |
|---|---|
| an address that is not loopback's | another machine |
| a field that proxies add | the address is the proxy's, not the asker's |
| HTTP/1.0 | nginx before 1.29.7 speaks it to those behind it, and adds nothing if it was not told to |
| a Host that is no name of loopback's | a page of somebody else's let its own name lead here (DNS rebinding) |

A proxy on this machine that gives none of these signs is taken for somebody who sits here: it has to be told to.
"""

from starlette.types import Scope

from cnddigest.web import visitor
from cnddigest.web.host import host

# How the names begin that one kind of proxy gives to several fields.
FORWARDED = (
    b"x-forwarded",
    b"x-original-",
    b"x-envoy-",
    b"x-azure-",
    b"x-arr-",
    b"cf-",
    b"fastly-",
    b"fly-",
    b"ngrok-",
)
PASSED_ON = frozenset(
    {b"forwarded", b"via", b"max-forwards", b"cdn-loop"}  # RFC 7239, RFC 9110, 7.6, and RFC 8586
    | {b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"x-proxyuser-ip"}
    | {b"client-ip", b"true-client-ip", b"proxy-client-ip", b"wl-proxy-client-ip"}
)


def is_here(scope: Scope) -> bool:
    """Say whether it was."""
    return (
        _is_loopback((scope.get("client") or ("", 0))[0])
        and scope.get("http_version") != "1.0"
        and not any(field in PASSED_ON or field.startswith(FORWARDED) for field, _ in scope["headers"])
        and _is_loopback(name(scope))
    )


def name(scope: Scope) -> str:
    """Return the name that the asker used for us, without a port; `""` for none, two, or one that makes no sense."""
    said = [value for key, value in scope["headers"] if key == b"host"]
    return (host(said[0].decode("latin-1")) or "") if len(said) == 1 else ""


def _is_loopback(named: str) -> bool:
    address = visitor.parsed(named)
    return named == "localhost" or bool(address and address.is_loopback)
