"""The host that a request is for: one reading of what stands in Host, for the door and for the lock."""

import ipaddress
import re

# RFC 3986, 3.2.2 and 3.2.3. Nobody who signs in stands before a host (RFC 9110, 4.2.4). Without what is written by
# percent signs: no name of the DNS has any, and two readers of `127.0.0.1%61.example` would see two hosts.
AUTHORITY = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[\w.~!$&'()*+,;=-]*))(?::(?P<port>[0-9]{0,5}))?",
    re.ASCII | re.IGNORECASE,
)
LAST_PORT = 65535


def host(authority: str) -> str | None:
    """Return the host of `host[:port]`, in lower case and without brackets; None for what is none.

    `""` is allowed: it is what Host says where an address has no authority (RFC 9112, 3.2).
    """
    found = AUTHORITY.fullmatch(authority)
    if found is None or int(found["port"] or 0) > LAST_PORT:
        return None
    if found["v6"] is None:
        return found["name"].lower()
    try:
        return str(ipaddress.IPv6Address(found["v6"]))
    except ValueError:
        return None
