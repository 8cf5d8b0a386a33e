"""Where everything of a publication lies: paths relative to its output folder."""

FRONT = "index.html"
OPML = "opml.xml"
HUB = "hub"  # no file: `serve` answers there, where it is a hub
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
ROWS_PER_PAGE = 100  # Parts listed on one page of the archive
SESSIONS_PER_SHELF = 100  # sessions in one file of a search index that outgrew a single one
PAGES_IN_ONE = 1000  # pages up to which sitemap.xml lists everything itself
PAGES_PER_MAP = 1000  # pages in one file of a sitemap that outgrew a single one
SEARCH_LIMIT = 1_000_000  # bytes up to which search.json holds everything itself


def archive(serial: str) -> str:
    """Return the path of a Serial's front page."""
    return f"{serial}/index.html"


def contents(serial: str, number: int) -> str:
    """Return the path of a page of earlier Parts, from 1; beside the front page, so that links need no prefix."""
    return f"{serial}/contents-{number}.html"


def part(serial: str, number: int) -> str:
    """Return the path of a Part's page."""
    return f"{serial}/parts/{number}.html"


def session(serial: str, session_id: str) -> str:
    """Return the path of a session's page."""
    return f"{serial}/sessions/{session_id}.html"


def issue(serial: str, number: int, ending: str) -> str:
    """Return the path of an Issue; `ending` is `html` or `txt`."""
    return f"{serial}/issues/{number}.{ending}"


def picture(serial: str, name: str) -> str:
    """Return the path of an image that a Serial's texts show."""
    return f"{serial}/images/{name}"


def poster(serial: str, number: int | None = None) -> str:
    """Return the path of a Part's poster; without a number, of the Serial's."""
    return f"{serial}/poster.png" if number is None else f"{serial}/posters/{number}.png"


def calendar(serial: str) -> str:
    """Return the path of a Serial's calendar."""
    return f"{serial}/calendar.ics"


def search(serial: str) -> str:
    """Return the path of a Serial's search index."""
    return f"{serial}/search.json"


def shelf(serial: str, number: int) -> str:
    """Return the path of one file of a large search index, from 1."""
    return f"{serial}/search/{number}.json"


def sitemap(name: str, number: int) -> str:
    """Return the path of one file of a large sitemap, from 1; at the top, since none may list what lies above it."""
    return f"sitemap-{name}-{number}.xml"


def replay(token: str, name: str) -> str:
    """Return the path of a Replay's feed: no file, `serve` answers there. `name` is as in `feed`."""
    return f"replay/{token}/{name}"


def feed(serial: str, name: str, *, sessions: bool = False) -> str:
    """Return the path of a feed's current document; `name` is `rss.xml`, `atom.xml` or `feed.json`."""
    return f"{serial}/sessions/{name}" if sessions else f"{serial}/{name}"
