"""The page with the addresses of a timeline that nobody keeps: all of it stands in them."""

from starlette.responses import Response

from cnddigest.audience.replay import Replay
from cnddigest.audience.schedule import Schedule
from cnddigest.rendering import visits
from cnddigest.rendering.page import FEEDS
from cnddigest.rendering.visits import Pace
from cnddigest.rendering.words import Words
from cnddigest.site import paths
from cnddigest.web.desk import Visit


def addresses(  # noqa: PLR0913  what it is, how it is said, and what became of the mail
    visit: Visit, schedule: Schedule, words: Words, *, language: str = "", left: str = "", undoable: bool = False
) -> Response:
    """Give somebody a timeline in three formats; `left` is the mail address that gets nothing more.

    Raises ValueError for a timeline that is too long to stand in an address.
    """
    counter = visit.counter
    token = counter.tokens.make_schedule(schedule)
    base = counter.settings.publication.base_url
    return visit.show(
        "feed",
        title=words.text("Your feed"),
        language=language,
        left=left,
        undoable=undoable,
        way=visit.token,
        masthead=counter.masthead(schedule.serial),
        pace=paced(words, schedule.settings),
        part=schedule.had + 1,
        feeds=[
            {"name": feed.name, "url": base + paths.replay(token, feed.path), "path": paths.replay(token, feed.path)}
            for feed in FEEDS
            if not feed.sessions
        ],
    )


def paced(words: Words, wanted: Replay) -> str:
    """Return settings with nothing left open in words."""
    return visits.pace(words, Pace(every=wanted.every, at=wanted.at, timezone=wanted.timezone, per=wanted.per))
