"""The site for search engines: sitemaps (sitemaps.org 0.9) of the pages that are out, and robots.txt."""

import datetime as dt
import html
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from cnddigest.feed.uri import uri

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What a server answers to one person, or anew to each question; `/search?q=` too, since it begins with `search`.
PERSONAL = ("replay/", "unsubscribe/", "confirm/", "preferences/", "pace/", "admin/", "search")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page by its absolute address, and the moment of its last real change, None where that is unknown."""

    url: str
    changed_at: dt.datetime | None = None


def sitemap(places: Iterable[Place]) -> bytes:
    """Return a list of pages, in the order given; 50,000 are the most a file may have."""
    rows = "".join(f"<url><loc>{_written(place.url)}</loc>{_changed(place)}</url>\n" for place in places)
    return _document("urlset", rows)


def index(urls: Iterable[str]) -> bytes:
    """Return a list of sitemaps, for a site that needs several."""
    return _document("sitemapindex", "".join(f"<sitemap><loc>{_written(url)}</loc></sitemap>\n" for url in urls))


def robots(base_url: str, sitemap_url: str) -> bytes:
    """Return robots.txt (RFC 9309): all may be read but what is made for one person.

    It is heeded at the root of a host only; below a path it says the same to whoever puts it there.
    """
    path = urlsplit(uri(base_url)).path or "/"
    closed = "".join(f"Disallow: {path}{name}\n" for name in PERSONAL)
    return f"User-agent: *\n{closed}\nSitemap: {uri(sitemap_url)}\n".encode()


def _document(root: str, rows: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n{rows}</{root}>\n'.encode()


def _changed(place: Place) -> str:
    if place.changed_at is None:
        return ""
    return f"<lastmod>{place.changed_at.astimezone(dt.UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}</lastmod>"


def _written(url: str) -> str:
    return html.escape(uri(url))
