"""A recap, read: the files of an article in, its days and sessions out."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from cnddigest.errors import BadRecap
from cnddigest.recap import calendar, dates, findings, formats, heading, series, tree, words
from cnddigest.recap.draft import Draft, DraftDay, DraftSession
from cnddigest.recap.heading import Style
from cnddigest.recap.identity import session_ids
from cnddigest.recap.language import language
from cnddigest.recap.model import Closing, Day, Recap, Session, Source
from cnddigest.recap.names import people
from cnddigest.recap.prose import prose
from cnddigest.recap.source import SourceText

DETAILS = 3  # lines below a heading that may say who speaks, when and where


def read(sources: Sequence[SourceText]) -> Recap:
    """Read one file, or several that form one recap, one per day.

    Raises BadRecap where there is no session at all, or for a format that can't be read yet.
    """
    recap = understood(sources)
    if not recap.sessions:
        path = recap.source.path
        raise BadRecap(
            f"recap has no sessions: {path}",
            hint=f"mark each talk with a heading, or see `cnddigest outline {path}`",
        )
    return recap


def understood(sources: Sequence[SourceText]) -> Recap:
    """Do what `read` does, and return a recap without sessions as it is."""
    drafts = [tree.in_title(tree.plant(formats.blocks(source), title=source.title)) for source in sources]
    draft = series.joined(drafts)
    written_on = next((source.written_on for source in sources if source.written_on), None)
    recap = Recap(
        title=draft.title.strip(),
        language=_language(sources),
        format=sources[0].format,
        source=_source(sources),
        introduction=prose(draft.introduction),
        days=_days(draft, sources),
        closing=Closing(heading=draft.closing_heading, prose=prose(draft.closing), line=draft.closing_line),
        dropped=draft.dropped,
        written_on=written_on,
    )
    known = (finding for source in sources for finding in source.findings)
    return replace(recap, findings=(*known, *findings.of(recap, draft)))


def _language(sources: Sequence[SourceText]) -> str:
    said = next((source.language for source in sources if source.language), None)
    return said or language(sources[0].text)


def _source(sources: Sequence[SourceText]) -> Source:
    """Name the files; the digest of several is that of their digests."""
    if len(sources) == 1:
        return Source(path=sources[0].path, sha256=sources[0].sha256)
    digests = "\n".join(source.sha256 for source in sources)
    return Source(
        path=", ".join(source.path for source in sources), sha256=hashlib.sha256(digests.encode()).hexdigest()
    )


def _days(draft: Draft, sources: Sequence[SourceText]) -> tuple[Day, ...]:
    introduction = " ".join(block.text for block in draft.introduction)
    head = sources[0].text[: dates.HEAD]
    written_on = next((source.written_on for source in sources if source.written_on), None)
    event = dates.event(draft.title, introduction, head, written_on=written_on)
    year = dates.year_in(draft.title, introduction) or (written_on.year if written_on else None)
    found = calendar.dates(draft.days, event, year=year)
    numbers = _numbers(draft.days)
    sessions = _sessions(draft)
    return tuple(
        Day(
            number=number,
            label=day.label,
            date=date,
            introduction=prose(day.introduction),
            sessions=tuple(next(sessions) for _ in day.sessions),
            line=day.line,
        )
        for number, day, date in zip(numbers, draft.days, found, strict=True)
    )


def _numbers(days: Sequence[DraftDay]) -> list[int]:
    """Return the numbers that the days' labels say where these count upwards, else their places."""
    said = [
        day.mark.number if day.mark and day.mark.number is not None else place
        for place, day in enumerate(days, start=1)
    ]
    return said if said == sorted(set(said)) else list(range(1, len(days) + 1))


def _sessions(draft: Draft) -> Iterator[Session]:
    """Yield the sessions of all days; ids depend on titles alone.

    They are numbered through, and sections after all others: joining files moves no talk's number.
    """
    drafts = [session for day in draft.days for session in day.sessions]
    style = heading.style([session.heading for session in drafts if session.kind != "section"])
    headings = [_heading(session, style) for session in drafts]
    ids = session_ids(head.title for head in headings)
    talks, sections = count(1), count(1 + sum(session.kind != "section" for session in drafts))
    for session, head, name in zip(drafts, headings, ids, strict=True):
        yield Session(
            number=next(sections if session.kind == "section" else talks),
            id=name,
            title=head.title,
            heading=session.heading,
            kind=session.kind if session.kind != "talk" and head.kind != "event" else head.kind,
            track=session.track or head.track,
            group=session.group,
            starts_at=session.starts_at or head.starts_at,
            speakers=head.speakers or _said(session),
            url=session.url,
            links=session.links,
            prose=prose(session.body),
            line=session.line,
        )


def _said(session: DraftSession) -> tuple[str, ...]:
    """Return the speakers that a line near the top of the text names: `Speaker: First Last`."""
    strings = [string for block in session.body[:DETAILS] for string in block.strings]
    told = (words.speaker_line(line) for string in strings for line in string.split("\n", DETAILS)[:DETAILS])
    return next((people(name) for name in told if name), ())


def _heading(session: DraftSession, style: Style) -> heading.Heading:
    if session.kind == "section":
        return heading.Heading(title=session.heading, kind="section")
    return heading.split(session.heading, style, day=session.prefixed)
