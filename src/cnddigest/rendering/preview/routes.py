"""Where everything of the preview lies: views at `/<serial>/<part>/<view>`, what they frame below `/_/`."""

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

VIEWS = ("page", "issue", "text", "headers", "size", "feeds", "findings", "calendar")
OWN = "/_/"  # no Serial is called `_`
SITE, SOURCE = f"{OWN}site/", f"{OWN}source/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What somebody looks at.

    `pictures` is False where the Issue is shown without them; `sessions` chooses the sessions feed, `entry` counts in
    it from the newest, 0 (-1 for the Part's own), and `source` names a document to be shown as it is, `""` for none.
    `page` is the page of a session, or `""` for that of the Part.
    """

    serial: str
    part: int = 1
    view: str = "page"
    pictures: bool = True
    sessions: bool = False
    entry: int = -1
    source: str = ""
    page: str = ""

    @property
    def href(self) -> str:
        """Return the address of the place."""
        said = {
            "images": "" if self.pictures else "off",
            "of": "sessions" if self.sessions else "",
            "entry": str(self.entry) if self.entry >= 0 else "",
            "as": self.source,
            "page": self.page,
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"/{self.serial}/{self.part}/{self.view}" + (f"?{query}" if query else "")

    def at(self, part: int) -> "Place":
        """Return the same view of another Part."""
        return replace(self, part=part, entry=-1, page="")

    def seen(self, view: str) -> "Place":
        """Return another view of the same Part."""
        return Place(serial=self.serial, part=self.part, view=view)


def site(path: str) -> str:
    """Return where a file of the output folder is shown."""
    return SITE + quote(path)


def source(path: str) -> str:
    """Return where it is shown as plain text."""
    return SOURCE + quote(path)


def mail(serial: str, part: int, scheme: str, *, pictures: bool) -> str:
    """Return where the HTML of a message is shown."""
    return f"{OWN}mail/{serial}/{part}/{scheme}.html" + ("" if pictures else "?images=off")


def entry(serial: str, number: int, *, sessions: bool) -> str:
    """Return where the content of an Entry is shown."""
    return f"{OWN}entry/{serial}/{'sessions' if sessions else 'parts'}/{number}.html"


def at_home(html: str, base_url: str) -> str:
    """Return HTML whose images come from the preview, where they would come from the publication's address."""
    return html.replace(f'src="{base_url}', f'src="{SITE}')
