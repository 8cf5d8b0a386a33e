"""Permanent names: the tag of a Serial and the ids of its Entries."""

import re

from cnddigest.errors import BadConfiguration

LONGEST_HOST = 253  # characters of a domain name, RFC 1035 2.3.4 without the root's dot
_HOST = re.compile("[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


def tag(host: str, year: int, slug: str) -> str:
    """Return what begins every entry id of a Serial: `tag:recaps.example.org,2026:cndt2022` (RFC 4151).

    `host` may be written as in an address: capitals, a port and letters beyond ASCII are normalised away.
    Raises BadConfiguration where it is no host name.
    """
    return f"tag:{ascii_host(host)},{year:04d}:{slug}"


def entry_id(tag: str, run: str, name: str) -> str:
    """Return the permanent name of an Entry: `tag:recaps.example.org,2026:cndt2022/main/part-1`."""
    return f"{tag}/{run}/{name}"


def ascii_host(host: str) -> str:
    """Return a host as it stands in a tag: IDNA (RFC 3490), lower case, no port, no final dot."""
    known = _six(host) if host.startswith("[") else _name(host)
    if len(known) > LONGEST_HOST or not _HOST.fullmatch(known):
        raise _no_host(host)
    return known


def _six(host: str) -> str:
    """Return a name for an IPv6 address: a tag has no colons, and begins and ends with a letter or digit."""
    return f"ip6-{host[1:].partition(']')[0].lower().replace(':', '-')}-ip6"


def _name(host: str) -> str:
    name = host.partition(":")[0].rstrip(".").replace("_", "-")
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _no_host(host) from error


def _no_host(host: str) -> BadConfiguration:
    return BadConfiguration(f"not a host name: {host}", hint="a base_url looks like https://recaps.example.org/")
