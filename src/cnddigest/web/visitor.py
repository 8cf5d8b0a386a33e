"""Who asks: the network they come from, the languages they read, and whether a page of ours sent them."""

import ipaddress
import re

from starlette.requests import Request

from cnddigest.audience.model import spoken

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNKNOWN = "unknown"
V4, V6 = 24, 48  # bits of what one household or company is given
NODE = re.compile(r"\[([^\]]*)\](?::\w*)?|([\d.]+)(?::\w*)?|(.*)")  # RFC 7239, 6: brackets, IPv4, IPv6 as it is
FOR = re.compile(r'(?:^|;)\s*for=("[^"]*"|[^;"\s]*)', re.IGNORECASE)
TAG = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")
MOST_TAGS = 20


def network(request: Request) -> str:
    """Return the network that a request comes from: `192.0.2.0/24`, `2001:db8::/48`.

    Whoever connects from this machine is a proxy, and the last entry of its X-Forwarded-For is whom it saw: all that
    stand before were written by the visitor. Forwarded (RFC 7239) is read the same way by who has no X-Forwarded-For:
    a proxy writes one of them and passes the other on, and most write that one.
    """
    address = _address(request)
    return UNKNOWN if address is None else _block(address, V4, V6)


def crowd(request: Request) -> str:
    """Return the network whose places in a line are counted, `""` for this machine: a proxy that says nothing of it."""
    address = _address(request)
    return "" if address is None or address.is_loopback else _block(address, V4, V6)


def _address(request: Request) -> Address | None:
    address = parsed(request.client.host if request.client else "")
    return (_seen(request) or address) if address is None or address.is_loopback else address


def house(host: str) -> str | None:
    """Return the least that one who connects has for themselves: `192.0.2.7/32`, `2001:db8::/64`.

    None for this machine: a proxy, behind which is everybody.
    """
    address = parsed(host)
    return None if address is None or address.is_loopback else _block(address, 32, 64)


def _block(address: Address, v4: int, v6: int) -> str:
    return str(ipaddress.ip_network((address, v4 if address.version == 4 else v6), strict=False))


def _seen(request: Request) -> Address | None:
    """Return whom a proxy saw."""
    if entries := request.headers.getlist("x-forwarded-for"):
        return _node(entries[-1].rpartition(",")[2])
    if entries := request.headers.getlist("forwarded"):
        found = FOR.search(entries[-1].rpartition(",")[2])
        return _node(found[1]) if found else None
    return None


def _node(text: str) -> Address | None:
    """Return the address of `192.0.2.7:4711`, `"[2001:db8::7]:4711"`, and of either without a port."""
    found = NODE.fullmatch(text.strip().strip('"'))
    return parsed(found[1] or found[2] or found[3]) if found else None


def parsed(text: str) -> Address | None:
    """Return an address; one of IPv4 that was written as one of IPv6 as what it is, None for what is none."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:  # a Unix socket has no address
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def language(request: Request) -> str:
    """Return the language that a visitor asked for by `?lang=`, else the best of their browser's; `""` for none."""
    return spoken(request.query_params.get("lang", "")[:20]) or preferred(request.headers.get("accept-language", ""))


def preferred(accepted: str) -> str:
    """Return the first language of an Accept-Language that there are texts in (RFC 9110, 12.5.4)."""
    found = [TAG.fullmatch(each) for each in accepted[:500].split(",")[:MOST_TAGS]]
    ranked = sorted(((float(each[2] or 1), each[1]) for each in found if each), key=lambda one: -one[0])
    return next((spoken(tag) for quality, tag in ranked if quality and spoken(tag)), "")


def is_ours(request: Request) -> bool:
    """Say whether one of our own pages sends this form, or something that is no browser.

    Sec-Fetch-Site is what browsers say and pages can't; older ones say Origin (RFC 6454).
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host", "")
