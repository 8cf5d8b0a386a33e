"""Preview: everything that a publication will be, as if all of it were out, and nothing of it kept.

inputs ──take──> a copy of the record ──release all──> files in memory, and the lines of each recap
"""

import email
import email.policy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from email.header import decode_header, make_header

from cnddigest.delivery.letter import prepare
from cnddigest.delivery.message import Person, message, message_id
from cnddigest.ports.record import Headline
from cnddigest.recap.model import Finding, Recap
from cnddigest.rendering.fitting import CLIPPED
from cnddigest.rendering.preview.model import FeedFile, Line, Manuscript, Mark, PartLine, Piece, Sample, Shown
from cnddigest.serial.model import Serial
from cnddigest.site import paths
from cnddigest.usecases import about
from cnddigest.usecases.build import build
from cnddigest.usecases.ingest import read, take
from cnddigest.usecases.report import Remark
from cnddigest.usecases.shop import Shop
from cnddigest.usecases.texts import Texts

READER, NAME = "reader@example.org", "Sample Reader"
TOKEN = "sample-of-a-personal-link"  # noqa: S105 - it opens nothing
FEEDS = (("rss", "rss.xml"), ("atom", "atom.xml"), ("json", "feed.json"))
LINE = 57  # octets of a body that a line of base64 holds, and 78 it takes (RFC 2045, 6.8)


def show(shop: Shop) -> tuple[Shown, ...]:
    """Build all of it into the shop's sink, on the shop's record, which should be a copy.

    What is not out goes out at its planned moment. Raises what reading and publishing raise.
    """
    shown = [_shown(shop, serial, read(shop.inputs, serial)) for serial in shop.publication.serials]
    for serial in shown:
        waiting = list(shop.store.headlines(serial.slug, released=False))
        shop.store.release(serial.slug, waiting, now=shop.now)
    last = max((part.release_at for serial in shown for part in serial.parts), default=shop.now)
    build(replace(shop, now=max(last, shop.now)), Texts(shop.store), {}, whole=True)
    return tuple(shown)


def _shown(shop: Shop, serial: Serial, recap: Recap) -> Shown:
    remarks = take(shop, serial, recap)
    state = shop.store.serial(serial.slug)
    manuscripts, rest = _manuscripts(shop, serial, recap, remarks)
    return Shown(
        slug=serial.slug,
        title=about.masthead(shop.publication, state).title if state else recap.title,
        language=recap.language,
        parts=tuple(map(_part, shop.store.headlines(serial.slug))),
        archive=paths.archive(serial.slug),
        front=paths.FRONT,
        feeds=tuple(
            FeedFile(format=form, sessions=sessions, path=paths.feed(serial.slug, name, sessions=sessions))
            for form, name in FEEDS
            for sessions in (False, True)
        ),
        manuscripts=manuscripts,
        findings=rest,
    )


def _part(headline: Headline) -> PartLine:
    return PartLine(
        number=headline.number,
        title=headline.title,
        day=headline.day,
        sessions=tuple(session.title for session in headline.sessions),
        release_at=headline.release_at,
        is_out=headline.released_at is not None,
        page=paths.part(headline.serial, headline.number),
    )


# The recap, line by line


def _manuscripts(
    shop: Shop, serial: Serial, recap: Recap, remarks: Sequence[Remark]
) -> tuple[tuple[Manuscript, ...], tuple[Finding, ...]]:
    """Put each finding beside the line it means; a file of corrections is shown only where it has some.

    The lines of several files are not told apart in their recap: there, a finding stands beside a line where that
    file alone has it too.
    """
    findings = [remark.finding for remark in remarks if remark.finding.beside is None]
    said = tuple(_corrections(shop, serial, remarks))
    if len(serial.recaps) == 1:
        ((path, data),) = shop.inputs.recap(serial.recaps)
        whole = _manuscript(path, data, recap, findings)
        return (whole, *said), _apart(findings, [whole])
    alone = [(path, data, _alone(shop, path, data)) for path, data in shop.inputs.recap(serial.recaps)]
    made = tuple(
        _manuscript(path, data, own, [finding for finding in findings if finding in own.findings])
        for path, data, own in alone
    )
    return (*made, *said), _apart(findings, made)


def _corrections(shop: Shop, serial: Serial, remarks: Sequence[Remark]) -> Iterator[Manuscript]:
    beside: dict[str, list[Finding]] = {}
    for finding in (remark.finding for remark in remarks):
        if finding.beside:
            path, line = finding.beside
            beside.setdefault(path, []).append(replace(finding, line=line))
    for path, data in shop.inputs.corrections(serial.recaps):
        if path in beside:
            yield _lined(path, data, {}, beside[path])


def _alone(shop: Shop, path: str, data: bytes) -> Recap:
    from cnddigest.recap import corrections, outline, source

    known = [corrections.decode(*found) for found in shop.inputs.corrections((path,))]
    return outline.understood([source.decode(path, data)], known)


def _apart(findings: Sequence[Finding], made: Sequence[Manuscript]) -> tuple[Finding, ...]:
    beside = {finding for manuscript in made for finding in manuscript.findings}
    return tuple(finding for finding in findings if finding not in beside)


def _manuscript(path: str, data: bytes, recap: Recap, findings: Sequence[Finding]) -> Manuscript:
    marks: dict[int, list[Mark]] = {}
    for number, mark in _marks(recap):
        marks.setdefault(number, []).append(mark)
    return _lined(path, data, marks, findings)


def _lined(path: str, data: bytes, marks: Mapping[int, Sequence[Mark]], findings: Sequence[Finding]) -> Manuscript:
    from cnddigest.recap.encoding import decoded
    from cnddigest.recap.source import SEPARATORS

    decoding = decoded(data)
    text = decoding.text if decoding else ""
    lines = SEPARATORS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).removesuffix("\n").split("\n")
    beside: dict[int, list[Finding]] = {}
    for finding in findings:
        beside.setdefault(finding.line, []).append(finding)
    return Manuscript(
        path=path,
        lines=tuple(
            Line(number=number, text=line, marks=tuple(marks.get(number, ())), findings=tuple(beside.get(number, ())))
            for number, line in enumerate(lines, 1)
        ),
    )


def _marks(recap: Recap) -> Iterator[tuple[int, Mark]]:
    for day in recap.days:
        if day.line:
            yield day.line, Mark(kind="day", text=day.label)
        for session in day.sessions:
            yield session.line, Mark(kind=session.kind, text=session.title)
    if recap.closing.heading is not None:
        yield recap.closing.line, Mark(kind="closing", text=recap.closing.heading)
    for dropped in recap.dropped:
        yield dropped.line, Mark(kind="dropped", text=dropped.reason)


# The mail


def sample(shop: Shop, slug: str, number: int, *, sender: str, reply_to: str | None) -> Sample:
    """Return the message of a Part for a reader who is made up; raises BadTemplate where none can be made."""
    from cnddigest.rendering.issue import mailed

    state = shop.store.serial(slug)
    (release,) = shop.store.releases(slug, [number])
    if state is None:
        raise KeyError(slug)
    masthead, base = about.masthead(shop.publication, state), shop.publication.base_url
    issue = mailed(shop.templates(), masthead, release)
    letter = prepare(issue, masthead, sender=sender, reply_to=reply_to, part=number)
    host = state.tag.removeprefix("tag:").partition(",")[0] or "localhost"
    person = Person(
        address=READER,
        name=NAME,
        message_id=message_id(state.tag, release.run, number, 0, host),
        sent_at=release.release_at,
        unsubscribe_url=f"{base}unsubscribe/{TOKEN}",
        preferences_url=f"{base}preferences/{TOKEN}",
    )
    composed = message(letter, person)
    return _opened(b"".join(composed.segments()), composed.fields, is_shortened=issue.shortened)


def _opened(data: bytes, fields: Sequence[bytes], *, is_shortened: bool) -> Sample:
    """Return a message as a mail program takes it apart."""
    read = email.message_from_bytes(data, policy=email.policy.default)
    html, text = (
        part.get_content() if (part := read.get_body((kind,))) is not None else "" for kind in ("html", "plain")
    )
    octets, plain = (len(body.replace("\n", "\r\n").encode()) for body in (html, text))
    return Sample(
        fields=tuple(map(_legible, fields)),
        source=b"".join(fields).decode("ascii", "replace").replace("\r\n", "\n"),
        html=html,
        text=text,
        pieces=(
            Piece(name="html", octets=octets, most=CLIPPED),
            Piece(name="base64", octets=-(-octets // LINE) * 78, most=CLIPPED),
            Piece(name="text", octets=plain),
            Piece(name="message", octets=len(data)),
        ),
        is_shortened=is_shortened,
    )


def _legible(field: bytes) -> tuple[str, str]:
    """Return a folded header field as name and text; blanks between encoded words are none (RFC 2047, 6.2)."""
    name, _, value = field.decode("ascii", "replace").replace("\r\n", "").partition(":")
    return name, str(make_header(decode_header(value.strip())))
