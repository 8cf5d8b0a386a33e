"""What a feed is related to, said in a header (RFC 8288): readers and hubs need not read it to know its address."""

from collections.abc import Sequence
from urllib.parse import quote

from cnddigest.web.media import feed_kind
from cnddigest.web.replies import Headers

SAFE = "/~!$&'()*+,;=:@"  # what may stand in a path as it is (RFC 3986, 3.3)


class Links:
    """The `Link` headers of the files of a publication; `hubs` are where changes are announced (WebSub)."""

    def __init__(self, base_url: str, hubs: Sequence[str] = ()) -> None:
        """Begin every address with `base_url`, as the feeds themselves do."""
        self._base_url = base_url
        self._hubs = hubs

    def of(self, name: str) -> Headers:
        """Return them for a file, by its name below the folder; none for what is no feed."""
        folder, _, file = name.rpartition("/")
        kind = feed_kind(file)
        if not (kind and folder):
            return []
        home = folder.removesuffix("/sessions")
        links = [
            f'<{self._address(name)}>; rel="self"; type="{kind}"',
            f'<{self._address(f"{home}/")}>; rel="alternate"; type="text/html"',
            *(f'<{hub}>; rel="hub"' for hub in self._hubs),
        ]
        return [(b"link", ", ".join(links).encode())]

    def _address(self, name: str) -> str:
        return self._base_url + quote(name, safe=SAFE)
