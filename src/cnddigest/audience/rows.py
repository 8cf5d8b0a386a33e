"""Subscriptions as rows of files, and the files that we write: CSV and JSON, which `audience.reading` reads again."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cnddigest.audience.address import Address
from cnddigest.audience.columns import OWN
from cnddigest.audience.consent import Consent
from cnddigest.audience.model import Ended, SubscriptionStatus
from cnddigest.audience.replay import Replay

# What a spreadsheet takes for a formula, and Japanese ones also in full width. Such a cell gets an apostrophe; so does
# one that has one already, so that taking one off gives back what there was.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A Subscription as it stands in a file.

    `serial` and `language` are `""` where the file names none. `suppressed` is why the address gets no mail from any
    Serial, `""` where it may. `status` is active only with consent. Texts are of one line. `line` is where it stands,
    from 1; in JSON, its place in the list.
    """

    line: int = field(default=0, compare=False)
    address: Address
    name: str = ""
    serial: str = ""
    language: str = ""
    status: SubscriptionStatus = SubscriptionStatus.PENDING
    reason: Ended | None = None
    suppressed: str = ""
    consent: Consent | None = None
    position: int = 0
    replay: Replay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that can't be taken, and why; `address` is as written, on one line."""

    line: int
    address: str
    reason: str


def to_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a table, line by line with its CRLF (RFC 4180); no cell is a formula to a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for cells in _table(rows):
        writer.writerow([guarded(cell) for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def to_json(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a JSON document, a line for each row."""
    yield '{"schema": "cnddigest/subscribers/1", "subscribers": ['
    for number, row in enumerate(rows):
        yield ("\n" if number == 0 else ",\n") + json.dumps(_fields(row), ensure_ascii=False)
    yield "\n]}\n"


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet computes."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return what `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _table(rows: Iterable[Row]) -> Iterator[Iterable[str]]:
    yield OWN
    for row in rows:
        cells = _cells(row)
        yield [cells[name] for name in OWN]


def _cells(row: Row) -> Mapping[str, str]:
    consent, replay = row.consent, row.replay
    return {
        "address": row.address.display,
        "name": row.name,
        "serial": row.serial,
        "language": row.language,
        "status": row.status.value,
        "reason": row.reason.value if row.reason else "",
        "suppressed": row.suppressed,
        "consent_at": _written(consent) if consent else "",
        "consent_source": consent.source if consent else "",
        "consent_text": consent.text if consent else "",
        "position": str(row.position),
        "start": replay.start if replay else "",
        "every": replay.every if replay else "",
        "at": replay.at if replay else "",
        "per": str(replay.per) if replay else "",
        "timezone": replay.timezone if replay else "",
        "paused": "true" if replay and replay.paused else "",
    }


def _fields(row: Row) -> Mapping[str, object]:
    consent, replay = row.consent, row.replay
    return {
        "address": row.address.display,
        "name": row.name,
        "serial": row.serial,
        "language": row.language,
        "status": row.status.value,
        "reason": row.reason.value if row.reason else None,
        "suppressed": row.suppressed or None,
        "position": row.position,
        "consent": {"at": _written(consent), "source": consent.source, "text": consent.text} if consent else None,
        "replay": {name: getattr(replay, name) for name in Replay.__slots__} if replay else None,
    }


def _written(consent: Consent) -> str:
    return consent.at.strftime("%Y-%m-%dT%H:%M:%SZ")
