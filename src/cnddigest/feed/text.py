"""The words and dates of a feed, so that no reader and no validator stumbles over them."""

import datetime as dt
import html
import re

from cnddigest.rendering.entry import Entry
from cnddigest.rendering.slots import clean

# Legal in XML, and still what validators call a bad character: one that somebody already lost.
SUSPECT = re.compile("\ufffd")
LINE_ENDS = re.compile("\r\n?|\x85")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")  # RFC 5646, without grandfathered and private tags
TITLE_LIMIT = 80  # characters of a summary that stand in for a missing title

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def tidy(text: str) -> str:
    """Return the text without anything XML forbids or validators suspect; line ends become newlines."""
    return SUSPECT.sub("", clean(LINE_ENDS.sub("\n", text)))


def line(text: str) -> str:
    """Return the tidy text on one line, as titles and names are."""
    return " ".join(tidy(text).split())


def title(entry: Entry) -> str:
    """Return the Entry's title, never empty: Atom demands one, and readers have nothing else to click on."""
    return line(entry.title) or line(entry.summary)[:TITLE_LIMIT] or entry.entry_id


def body(entry: Entry) -> str:
    """Return the Entry's HTML, never empty: without text it says what there is to say."""
    found = tidy(entry.html)
    return found if found.strip() else html.escape(line(entry.summary) or title(entry), quote=False)


def summary(entry: Entry) -> str:
    """Return the Entry's summary as HTML, as RSS descriptions are read; never empty."""
    return html.escape(tidy(entry.summary).strip() or title(entry), quote=False)


def tags(entry: Entry) -> tuple[str, ...]:
    """Return the Entry's tags, each once and none empty."""
    return tuple(dict.fromkeys(filter(None, map(line, entry.tags))))


def language(tag: str) -> str | None:
    """Return the language tag if it is one, else None: a wrong one is an error, a missing one is not."""
    return tag if LANGUAGE_TAG.fullmatch(tag) else None


def rfc822(moment: dt.datetime) -> str:
    """Return `Wed, 25 Nov 2026 03:00:00 +0000`, in English whatever the locale says (RFC 822, RFC 1123)."""
    utc = moment.astimezone(dt.UTC)
    day = f"{DAYS[utc.weekday()]}, {utc.day:02} {MONTHS[utc.month - 1]} {utc.year:04}"
    return f"{day} {utc.hour:02}:{utc.minute:02}:{utc.second:02} +0000"


def rfc3339(moment: dt.datetime) -> str:
    """Return `2026-11-25T03:00:00+00:00`, without fractions of a second."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def moment(text: str) -> dt.datetime | None:
    """Return what `rfc822` or `rfc3339` wrote as an instant, None if it was neither."""
    try:
        if text[:1].isdigit():
            return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
        _, day, month, year, clock, _ = text.split()
        hours = dt.time.fromisoformat(clock)
        return dt.datetime.combine(dt.date(int(year), MONTHS.index(month) + 1, int(day)), hours, dt.UTC)
    except (ValueError, OverflowError):
        return None
