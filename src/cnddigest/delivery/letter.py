"""A Letter: an Issue encoded once, with everything in its message that is the same for everyone."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import starmap
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from cnddigest.delivery.headers import fold, mailbox
from cnddigest.delivery.splicing import Gap, Piece, cut_html, cut_text
from cnddigest.errors import BadTemplate
from cnddigest.rendering.heads import one_line
from cnddigest.rendering.imprint import PACE
from cnddigest.rendering.issue import Issue
from cnddigest.rendering.masthead import Masthead

LARGEST = (
    1_000_000  # octets: an Issue has 100 KB of HTML at most, encoded; what is so much more was never meant to be mailed
)
FEEDBACK_SENDER = (5, 15)  # characters: so many has the sender in Gmail's Feedback-ID, the same in all its mail

UNSUBSCRIBE, PREFERENCES, CONFIRM = "unsubscribe", "preferences", "confirm"  # the personal slots there are, and PACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is the same in everyone's message: finished header fields, and the body with gaps for personal links.

    `fields` are whole, folded, each with its CRLF; `links` are the names of the gaps. `listed` says that a Serial's
    Issue is meant, which one can leave with one click; a confirmation has no list to leave. `timezone` is that of the
    Date field.
    """

    fields: tuple[bytes, ...]
    pieces: tuple[Piece, ...]
    links: tuple[str, ...]
    listed: bool
    timezone: ZoneInfo

    @property
    def octets(self) -> int:
        """Return the size of the body that is the same for everyone."""
        return sum(len(piece) for piece in self.pieces if isinstance(piece, bytes))


def prepare(  # noqa: PLR0913  all of it stands in every message
    issue: Issue, masthead: Masthead, *, sender: str, reply_to: str | None = None, part: int | None, frame: str = ""
) -> Letter:
    """Encode an Issue for everyone; `part` None is a message that asks one person to confirm.

    `issue` holds its personal links as slots: `rendering.issue.mailed`, `rendering.confirmation.confirmation`.
    `sender` and `reply_to` are `Name <address>`; `frame` is the language of the texts around what the recap says.
    Raises BadTemplate for slots that are missing, unknown or in a place where no link can be, and for what is too large
    to mail; ValueError for an address that can't be written.
    """
    listed = part is not None
    stem = "issue" if listed else "confirmation"
    text = cut_text(issue.text, template=f"{stem}.txt.j2")
    html = cut_html(issue.html, template=f"{stem}.html.j2")
    _check_gaps(text, f"{stem}.txt.j2", listed=listed)
    _check_gaps(html, f"{stem}.html.j2", listed=listed)
    boundary, languages = _boundary((*text, *html)), _languages(masthead, frame, listed=listed)
    pieces = tuple(_joined(_parts(text, html, languages, boundary)))
    named = {"From": sender, "Subject": issue.subject}
    named |= {"Reply-To": reply_to} if reply_to else {}
    named |= _list_fields(masthead) if listed else {}
    named |= _kind_fields(masthead, part)
    named |= _mime_fields(languages, boundary)
    letter = Letter(
        fields=tuple(starmap(fold, named.items())),
        pieces=pieces,
        links=tuple(sorted(_names(pieces))),
        listed=listed,
        timezone=masthead.publication.timezone,
    )
    if letter.octets > LARGEST:
        raise BadTemplate(
            f"an Issue is larger than mail can carry: {letter.octets} bytes encoded, at most {LARGEST}",
            hint='make the Parts smaller (`parts = "session"`), or your own issue templates',
        )
    return letter


def _check_gaps(pieces: tuple[Piece, ...], template: str, *, listed: bool) -> None:
    found = _names(pieces)
    known = {UNSUBSCRIBE, PREFERENCES, *PACE} if listed else {CONFIRM}
    needed = {UNSUBSCRIBE} if listed else {CONFIRM}
    if unknown := sorted(found - known):
        raise BadTemplate(
            f"template error: {template}: nothing personal is known by this name: {unknown[0]}",
            hint=f"known: {', '.join(sorted(known))}",
        )
    if missing := sorted(needed - found):
        raise BadTemplate(
            f"template error: {template}: a message needs the personal link {missing[0]}",
            hint=f'write {{{{ slot("{missing[0]}") }}}} as an address in HTML, alone on its line in text',
        )


def _languages(masthead: Masthead, frame: str, *, listed: bool) -> str:
    """Return whom a message is for, as Content-Language says it (RFC 3282): who reads the recap, and the frame."""
    recap = masthead.language
    if frame in ("", recap.partition("-")[0]):
        return recap
    return f"{recap}, {frame}" if listed else frame


def _names(pieces: Iterable[Piece]) -> set[str]:
    return {name for piece in pieces if isinstance(piece, Gap) for name in piece.names}


def _boundary(pieces: Iterable[Piece]) -> str:
    """Return a boundary that is a function of the content; `=_` can't occur in base64 (RFC 2045 section 6.7)."""
    digest = hashlib.sha256(b"".join(piece for piece in pieces if isinstance(piece, bytes)))
    return f"=_{digest.hexdigest()[:32]}"


def _parts(text: tuple[Piece, ...], html: tuple[Piece, ...], language: str, boundary: str) -> Iterator[Piece]:
    for kind, pieces in (("plain", text), ("html", html)):
        fields = {
            "Content-Type": f"text/{kind}; charset=utf-8",
            "Content-Language": language,
            "Content-Transfer-Encoding": "base64",
        }
        yield f"--{boundary}\r\n".encode() + b"".join(starmap(fold, fields.items())) + b"\r\n"
        yield from pieces
    yield f"--{boundary}--\r\n".encode()


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the same with neighbouring fixed pieces as one: fewer segments to write."""
    fixed = b""
    for piece in pieces:
        if isinstance(piece, bytes):
            fixed += piece
        else:
            yield fixed
            yield piece
            fixed = b""
    yield fixed


def _list_fields(masthead: Masthead) -> dict[str, str]:
    """Return what tells a mail program that this is a list, which one, and whom to ask: RFC 2369 and 2919."""
    house = masthead.publication
    home = urljoin(house.base_url, f"{masthead.slug}/")
    fields = {
        "List-Id": mailbox(one_line(masthead.title), f"{masthead.slug}.{_host(masthead)}".replace(":", "-")),
        "List-Archive": f"<{home}>",
        "List-Help": f"<{home}>",
        "Precedence": "bulk",
    }
    owner = quote(house.publisher_email, safe="@+")
    return fields | ({"List-Owner": f"<mailto:{owner}>"} if owner else {})


def _kind_fields(masthead: Masthead, part: int | None) -> dict[str, str]:
    """Return what keeps vacation replies away (RFC 3834, Exchange), and what Gmail counts complaints by.

    A Replay's run is one person's own and stays out of it: nothing personal may stand in Feedback-ID.
    """
    shortest, longest = FEEDBACK_SENDER
    house = re.sub("[^a-z0-9]", "", _host(masthead))[:longest].ljust(shortest, "0")
    issue, stream = ("subscribe", "confirm") if part is None else (f"part-{part}", "issue")
    return {
        "Feedback-ID": f"{issue}:{masthead.slug}:{stream}:{house}",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }


def _mime_fields(language: str, boundary: str) -> dict[str, str]:
    return {
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
        "Content-Language": language,
    }


def _host(masthead: Masthead) -> str:
    return urlsplit(masthead.publication.base_url).hostname or "localhost"
