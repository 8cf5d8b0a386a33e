"""One record of a file as a Row: what its cells say, and what forbids taking it."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cnddigest.audience import columns as meanings
from cnddigest.audience import replay as replays
from cnddigest.audience.address import LONGEST, UNREAD, one_line, parse
from cnddigest.audience.columns import Columns, Meaning
from cnddigest.audience.consent import Consent
from cnddigest.audience.model import Ended, SubscriptionStatus
from cnddigest.audience.records import Record
from cnddigest.audience.replay import Replay
from cnddigest.audience.rows import Rejected, Row
from cnddigest.recap import language as languages

LONGEST_TEXT = 2000  # characters of a consent's text that are kept
LONGEST_WORD = 100  # characters of a status, a Serial's name and the like that are looked at
LATEST_POSITION = 1_000_000  # Parts; no recap has so many
EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)  # nobody gave consent to a newsletter before
AHEAD = dt.timedelta(hours=14)  # so far is a clock from UTC at most, in Kiribati: moments without a zone are theirs

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
_REASONS: Mapping[str, Ended] = {reason.value: reason for reason in Ended}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a reading depends on apart from the file: the moment, and whether rows must name their Serial."""

    now: dt.datetime
    serial_needed: bool = False


def row(record: Record, known: Columns, rules: Rules) -> Row | Rejected:
    """Return what a record says, or why that can't be taken."""
    try:
        _refuse_misfit(record, known)
        return _row(record, known, rules)
    except ValueError as error:
        return rejected(record.line, known.cell(record.cells, "address"), getattr(error, "problem", str(error)))


def rejected(line: int, address: str, reason: str) -> Rejected:
    """Return a row that is told rather than taken."""
    return Rejected(line=line, address=one_line(address, LONGEST), reason=reason)


def _refuse_misfit(record: Record, known: Columns) -> None:
    """Refuse a record whose cells may stand in the wrong columns, or lack the one that forbids mailing."""
    if record.problem:
        raise ValueError(record.problem)
    width = len(known.headings)
    if len(record.cells) > width and any(cell.strip() for cell in record.cells[width:]):
        raise ValueError("more cells than columns")
    if len(record.cells) <= known.last_needed:
        raise ValueError("fewer cells than columns")


def _row(record: Record, known: Columns, rules: Rules) -> Row:
    cells = record.cells
    address = parse(known.cell(cells, "address"))
    meant, consent = _meaning(record, known), _consent(record, known, rules)
    status = meant.status
    if status is SubscriptionStatus.ACTIVE and consent is None:
        status = SubscriptionStatus.PENDING
    return Row(
        line=record.line,
        address=address,
        name=_name(record, known),
        serial=one_line(known.cell(cells, "serial"), LONGEST_WORD),
        language=_language(known.cell(cells, "language")),
        status=status,
        reason=meant.reason,
        suppressed=meant.suppressed,
        consent=consent,
        position=_position(known.cell(cells, "position")),
        replay=_replay(record, known),
    )


# Cell by cell


def _name(record: Record, known: Columns) -> str:
    name = known.cell(record.cells, "name")
    if not name:
        given, family = known.cell(record.cells, "given_name"), known.cell(record.cells, "family_name")
        # Names in Japanese, Chinese and Korean begin with the family's.
        name = f"{given} {family}" if (given + family).isascii() else _together(given, family)
    if UNREAD in name:
        raise ValueError("name is in another encoding than the file")
    return one_line(name)


def _together(given: str, family: str) -> str:
    eastern = any(char > "\u2e80" for char in given + family)
    return f"{family} {given}" if eastern else f"{given} {family}"


def _meaning(record: Record, known: Columns) -> Meaning:
    """Return what status, dates of leaving and our own columns say together; the gravest word counts."""
    word = known.cell(record.cells, "status")
    meant = meanings.meaning(word)
    if meant is None:
        raise ValueError(f"unknown status: {one_line(word, LONGEST_WORD)}")
    for name, fact in meanings.FACTS.items():
        if meanings.happened(known.cell(record.cells, name)):
            meant = fact
    reason, suppressed = known.cell(record.cells, "reason").lower(), known.cell(record.cells, "suppressed")
    return Meaning(
        status=meant.status,
        reason=_REASONS.get(reason, meant.reason) if meant.reason else None,
        suppressed=one_line(suppressed, LONGEST_WORD) or meant.suppressed,
    )


def _consent(record: Record, known: Columns, rules: Rules) -> Consent | None:
    at, source = known.cell(record.cells, "consent_at"), known.cell(record.cells, "consent_source")
    if not meanings.happened(at):
        if source:
            raise ValueError("consent without its date")
        return None
    return Consent(
        at=_moment(at, rules.now),
        source=one_line(source) or f"imported: {one_line(known.heading('consent_at'), LONGEST_WORD)}",
        text=one_line(known.cell(record.cells, "consent_text"), LONGEST_TEXT),
    )


def _moment(text: str, now: dt.datetime) -> dt.datetime:
    """Return an instant in whole seconds; a date alone is its beginning, and UTC is meant where no zone stands."""
    iso = _DATE.sub(lambda found: f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}", text[:LONGEST_WORD], count=1)
    try:
        moment = dt.datetime.fromisoformat(iso)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise ValueError(f"not a date of consent: {one_line(text, LONGEST_WORD)}") from None
    if not EARLIEST <= moment <= now + AHEAD:
        raise ValueError(f"consent lies in the future or before 1990: {one_line(text, LONGEST_WORD)}")
    return min(moment, now)


def _language(text: str) -> str:
    """Return a language tag, `""` where none stands; names such as `Japanese` are understood."""
    named = languages.tag(text[:LONGEST_WORD]) if text else None
    if not text or named:
        return named or ""
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(f"not a language tag: {one_line(text, LONGEST_WORD)}")
    first, *rest = text.replace("_", "-").split("-")
    return "-".join((first.lower(), *rest))


def _position(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LATEST_POSITION):
        raise ValueError(f"not a number of parts: {one_line(text, LONGEST_WORD)}")
    return int(text)


def _replay(record: Record, known: Columns) -> Replay | None:
    """Return a Replay's settings where a start is given; other programs have a time zone without one."""
    start = known.cell(record.cells, "start")
    if not start:
        return None
    rest = {name: known.cell(record.cells, name) for name in ("every", "at", "per", "timezone", "paused")}
    return replays.read(start=start, **rest)
