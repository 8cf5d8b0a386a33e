"""The addresses in a page: where they lead once the page stands somewhere else, and which players they are of."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urljoin

from cnddigest.recap.markdown import raw

LONGEST = 4_096  # characters; a longer address holds a whole file
SAVED = re.compile(
    r"(?:\./)?[^/?#:]{1,250}(?:_files|\.files| のファイル|_fichiers|-Dateien|_filer)/"
)  # beside a saved page
BARE = re.compile(r"<?(https?://[^\s<>]+)>?\Z")

_BLANKS = re.compile(r"[\t\n\r]")  # the URL standard removes them wherever they stand
_YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([A-Za-z0-9_-]{6,20})")
_VIMEO = re.compile(r"https?://player\.vimeo\.com/video/(\d{3,20})")
_ADDRESS_IN_DATA = ("data-content", "data-src", "data-lazy-src", "data-url", "data-href")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page was published, as far as it says: `base` is what its relative addresses are relative to."""

    base: str = ""
    page: str = ""

    def link(self, href: str | None) -> str:
        """Return where a link leads; `""` for one that leads nowhere else: into the page, or to a script."""
        url = self._absolute(href)
        if not url or url.startswith("#") or (self.page and "#" in url and urldefrag(url)[0] == self.page):
            return ""
        scheme = url.partition(":")[0].lower() if re.match(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:", url) else ""
        return url if scheme in {"", "http", "https", "mailto"} else ""

    def image(self, src: str | None) -> str:
        """Return where a picture is: relative if it was saved beside its page, only its type if it is inside it."""
        if SAVED.match(src or ""):
            return src or ""
        if (src or "").strip()[:5].lower() == "data:":
            return (src or "").strip().partition(",")[0][:100] + ","
        url = self._absolute(src)
        return url if not re.match(r"(?!https?:)[A-Za-z][A-Za-z0-9+.-]{0,30}:", url, re.IGNORECASE) else ""

    def player(self, src: str | None) -> str:
        """Return the page of what a frame plays, an absolute address; `""` where there is none."""
        url = raw.address(self._absolute(src))
        for pattern, page in ((_YOUTUBE, "https://www.youtube.com/watch?v={}"), (_VIMEO, "https://vimeo.com/{}")):
            if found := pattern.match(url):
                return page.format(found[1])
        return url

    def _absolute(self, written: str | None) -> str:
        url = _BLANKS.sub("", written or "").strip()
        if not url or len(url) > LONGEST or url.startswith("#"):
            return url[:1] if url.startswith("#") else ""
        if url.startswith("//"):
            return f"https:{url}"
        try:
            return urljoin(self.base, url) if self.base else url
        except ValueError:
            return ""


NOWHERE = Place()  # the page does not say


def data_address(attributes: dict[str, str]) -> str:
    """Return the address that a lazy frame has beside `src`, as Zenn's and note's do."""
    values = (unquote(attributes.get(name, "")) for name in _ADDRESS_IN_DATA)
    return next((value for value in values if value.startswith(("https://", "http://", "//"))), "")
