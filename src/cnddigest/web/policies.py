"""What a browser may do with what it gets, by the kind of file: nobody's script, nobody's frame.

| file | may |
|---|---|
| page | the site's own styles and scripts, pictures from anywhere, what its scripts ask of the site |
| Issue | the styles written into it, pictures from anywhere; it is shut off from the site (sandbox) |
| feed in a browser | the site's own styles |
| picture drawn in XML | the styles written into it |
| anything else | nothing |
"""

import re

from cnddigest.web.replies import Headers

NO_SNIFFING = (b"x-content-type-options", b"nosniff")
NO_FRAME = (b"x-frame-options", b"DENY")
REFERRER = (b"referrer-policy", b"strict-origin-when-cross-origin")
ISSUE = re.compile(r"(?:.*/)?issues/[^/]+\.html")
CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src * data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MAILED = (
    f"{CLOSED}; style-src 'unsafe-inline'; img-src * data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
FEED = f"{CLOSED}; style-src 'self'"
DRAWN = f"{CLOSED}; style-src 'unsafe-inline'; sandbox"


def policy(name: str, kind: str) -> Headers:
    """Return the headers for a file, by its name below the folder and its media type."""
    if kind.startswith("text/html"):
        return [NO_SNIFFING, NO_FRAME, REFERRER, _content(MAILED if ISSUE.fullmatch(name) else PAGE)]
    if kind.startswith("image/svg"):
        return [NO_SNIFFING, _content(DRAWN)]
    if kind.startswith("application/xml"):
        return [NO_SNIFFING, NO_FRAME, _content(FEED)]
    return [NO_SNIFFING]


def _content(rules: str) -> tuple[bytes, bytes]:
    return b"content-security-policy", rules.encode()
