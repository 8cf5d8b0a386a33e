"""Who asks: the network they come from, the languages they read, and whether a page of ours sent them."""

import ipaddress
import re

from starlette.requests import Request

from cnddigest.audience.model import spoken

UNKNOWN = "unknown"
V4, V6 = 24, 48  # bits of what one household or company is given
TAG = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")
MOST_TAGS = 20


def network(request: Request) -> str:
    """Return the network that a request comes from: `192.0.2.0/24`, `2001:db8::/48`.

    Whoever connects from this machine is a proxy, and the last entry of its X-Forwarded-For is whom it saw: all that
    stand before were written by the visitor.
    """
    address = parsed(request.client.host if request.client else "")
    forwarded = request.headers.getlist("x-forwarded-for")
    if forwarded and (address is None or address.is_loopback):
        address = parsed(forwarded[-1].rpartition(",")[2].strip()) or address
    if address is None:
        return UNKNOWN
    bits = V4 if address.version == 4 else V6
    return str(ipaddress.ip_network((address, bits), strict=False))


def parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
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
