"""Files of Subscribers, read: tables, plain lists and JSON, our own or another program's."""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain

from cnddigest.audience.address import split
from cnddigest.audience.cells import Rules, rejected, row
from cnddigest.audience.columns import Columns, columns
from cnddigest.audience.encoding import decoded
from cnddigest.audience.objects import Object, objects
from cnddigest.audience.records import Line, Record, lines, records
from cnddigest.audience.rows import Rejected, Row, unguarded
from cnddigest.errors import WrongUse

DELIMITERS = ",;\t"
LONGEST_LISTED = 1000  # characters of a line in a list without columns that are looked at
LISTED = Columns(places={"address": 0, "name": 1}, headings=("address", "name"))
UNKNOWN = Columns(places={}, headings=())

_SEPARATOR = re.compile("sep=([,;\t|])")  # the line by which Excel names its delimiter
_NOTE = re.compile("#[^,;\t]")  # a line for people; a heading of `#` alone numbers the rows


def read(
    chunks: Iterable[bytes],
    *,
    now: dt.datetime,
    encoding: str = "",
    guessed: Callable[[str], None] = lambda _: None,
    serial_needed: bool = False,
) -> Iterator[Row | Rejected]:
    """Yield what the octets of a file list, in its order; memory is bounded whatever it holds.

    The first line of a table names its columns; a list without has an address, or `Name <address>`, on each line.
    JSON is a list, or a document with one as `subscribers`. Moments without a zone are UTC. For `encoding` and
    `guessed` see `encoding.decoded`. Raises WrongUse for what is empty or no text, where no column has addresses, and
    where none has Serials though that is needed.
    """
    texts = decoded(chunks, encoding=encoding, guessed=guessed)
    first = next((text for text in texts if text.strip()), None)
    if first is None:
        raise WrongUse("list is empty", hint="the first line names the columns, as in address,name,consent_at")
    rules = Rules(now=now, serial_needed=serial_needed)
    if first.lstrip()[:1] in ("{", "["):
        return _objects(objects(chain([first], texts)), rules)
    return _lines(lines(chain([first], texts)), rules)


def _lines(found: Iterator[Line], rules: Rules) -> Iterator[Row | Rejected]:
    filled = (line for line in found if line.text.strip() and not _NOTE.match(line.text))
    head = next(filled, None)
    separator = _SEPARATOR.fullmatch(head.text) if head else None
    if separator:
        head = next(filled, None)
    if head is None:
        return
    delimiter, known = _heading(head.text, separator[1] if separator else DELIMITERS)
    if known:
        _refuse_unnamed(known, rules)
        for record in records(found, delimiter):
            yield row(_plain(record), known, rules)
        return
    if "@" not in head.text:
        hint = "the first line names the columns, as in address,name,consent_at,consent_source"
        raise WrongUse("no column has mail addresses", hint=hint)
    _refuse_unnamed(LISTED, rules)
    for line in chain([head], filled):
        yield _listed(line, rules)


def _refuse_unnamed(known: Columns, rules: Rules) -> None:
    if rules.serial_needed and "serial" not in known.places:
        raise WrongUse("no serial is named", hint="add --serial NAME, or a column `serial`")


def _heading(text: str, delimiters: str) -> tuple[str, Columns | None]:
    """Return the delimiter under which most columns are known, and these columns."""
    found = [(delimiter, columns(_cut(text, delimiter))) for delimiter in delimiters]
    return max(found, key=lambda each: len(each[1].places) if each[1] else 0)


def _plain(record: Record) -> Record:
    """Return a record without the apostrophes that keep spreadsheets from computing."""
    if not any(cell.startswith("'") for cell in record.cells):
        return record
    return replace(record, cells=tuple(map(unguarded, record.cells)))


def _listed(line: Line, rules: Rules) -> Row | Rejected:
    """Return the row of a line in a list without columns: address, `Name <address>`, or address and name."""
    text = line.text[:LONGEST_LISTED]
    name, address = split(text)
    if address == text:
        delimiter = next((each for each in DELIMITERS if each in text), ",")
        address, name, *more = (*map(unguarded, _cut(text, delimiter)), "", "")
        if any(cell.strip() for cell in more):
            return rejected(line.number, address, "more cells than a list without column names has")
    return row(Record(line=line.number, cells=(address, name)), LISTED, rules)


def _cut(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:  # a cell over the module's limit
        return []


def _objects(found: Iterator[Object], rules: Rules) -> Iterator[Row | Rejected]:
    names: tuple[str, ...] = ()
    known = UNKNOWN
    for each in found:
        if tuple(each.fields) != names:
            names = tuple(each.fields)
            known = columns(names) or UNKNOWN
            if each.number == 1 and known.places:
                _refuse_unnamed(known, rules)
        problem = each.problem or ("" if known.places else "no field has a mail address")
        yield row(Record(line=each.number, cells=tuple(each.fields.values()), problem=problem), known, rules)
