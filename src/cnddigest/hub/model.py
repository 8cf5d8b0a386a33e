"""What WebSub's far sides are to us: a hub that is told, a Callback that is pushed to, and what somebody wishes.

"The specification" is https://www.w3.org/TR/websub/. Its subscriber is our Callback: a Subscriber is a person.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Mode = Literal["subscribe", "unsubscribe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A hub that is to be told of a feed: `path` below the output folder, `mark` the file as it is now.

    `attempts` counts the tries for this mark, this one included.
    """

    hub: str
    path: str
    mark: int
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """An address to which a feed is pushed; `mark` is the file that is to be, `attempts` as in Announcement."""

    id: int
    path: str
    url: str
    secret: str = ""
    mark: int
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What somebody wishes for a callback: nothing is done before the callback itself confirms it."""

    mode: Mode
    path: str
    url: str
    host: str
    lease: dt.timedelta = dt.timedelta()
    secret: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to a far server. `is_private` says that it may be one of a private network."""

    url: str
    method: Literal["GET", "POST"] = "POST"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    is_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a far server said; `status` is 0 where it could not be asked, and `problem` says why.

    `body` is its beginning. `is_refused` says that we never call such an address.
    """

    status: int = 0
    body: bytes = b""
    problem: str = ""
    is_refused: bool = False

    @property
    def is_good(self) -> bool:
        """Say whether it was taken: any 2xx counts (section 7 of the specification)."""
        return 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Say whether asking again is of no use: 4xx but for "later" (RFC 9110, 15.5), or a redirect."""
        return self.is_refused or (300 <= self.status < 500 and self.status not in LATER)

    @property
    def words(self) -> str:
        """Return what went wrong."""
        return self.problem or f"it answers {self.status}"


LATER = (408, 425, 429)  # request timeout, too early, too many requests
GONE = 410
