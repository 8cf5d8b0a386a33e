"""Whether a request was made on this machine, by one of its own names: one rule for all that is shown here only.

| sign | why it is none of ours |
|---|---|
| an address that is not loopback's | another machine |
| a field that proxies add | the address is the proxy's, not the asker's |
| HTTP/1.0 | nginx speaks it to those behind it, and adds nothing if it was not told to |
| a Host that is no name of loopback's | a page of somebody else's let its own name lead here (DNS rebinding) |
"""

from starlette.types import Scope

from cnddigest.web import visitor
from cnddigest.web.host import host

FORWARDED = (b"x-forwarded", b"x-original-")  # how the names of most such fields begin
PASSED_ON = frozenset(
    {b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip"}
    | {b"cf-connecting-ip", b"true-client-ip", b"fastly-client-ip", b"fly-client-ip"}
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
