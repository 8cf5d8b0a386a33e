"""Addresses as feeds want them: absolute, plain ASCII, or relative where a browser shows the file."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

from cnddigest.feed.text import tidy

PATH_SAFE = "/:@!$&'()*+,;=-._~%"  # RFC 3986 3.3, and % for what is encoded already
QUERY_SAFE = PATH_SAFE + "?"
STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def uri(address: str) -> str:
    """Return an address as a URI (RFC 3987 3.1): `https://例え.jp/まとめ` gains punycode and percent signs."""
    text = STRAY_PERCENT.sub("%25", tidy(address).strip())
    try:
        parts = urlsplit(text)
    except ValueError:  # a bracket that closes no IPv6 address
        return quote(text, safe=QUERY_SAFE)
    return urlunsplit(
        (
            parts.scheme,
            _ascii_host(parts.netloc),
            quote(parts.path, safe=PATH_SAFE),
            quote(parts.query, safe=QUERY_SAFE),
            quote(parts.fragment, safe=QUERY_SAFE),
        )
    )


def under(base_url: str, path: str) -> str:
    """Return the URI of a path below an address that ends with a slash."""
    return uri(base_url) + quote(STRAY_PERCENT.sub("%25", tidy(path)), safe=QUERY_SAFE + "#")


def relative(target: str, start: str) -> str:
    """Return how the document at `start` names `target`: relative on the same host, else as it is."""
    there, here = urlsplit(uri(target)), urlsplit(uri(start))
    if (there.scheme, there.netloc) != (here.scheme, here.netloc):
        return uri(target)
    steps, folders = there.path.split("/"), here.path.split("/")[:-1]
    same = 0
    while same < min(len(steps) - 1, len(folders)) and steps[same] == folders[same]:
        same += 1
    return "../" * (len(folders) - same) + "/".join(steps[same:])


def _ascii_host(netloc: str) -> str:
    try:
        return netloc.encode("idna").decode() if not netloc.isascii() else quote(netloc, safe="[]:@%-._~")
    except UnicodeError:  # labels that are no host name
        return quote(netloc, safe="[]:@%-._~")
