"""Corrections of sessions: what a session is called, where it belongs, and which ones are none."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from cnddigest.recap import clues
from cnddigest.recap.blocks import Block
from cnddigest.recap.corrections.model import Corrections, SessionCorrection, enumerated, stale
from cnddigest.recap.draft import Draft, DraftDay, DraftSession, numbers
from cnddigest.recap.identity import folded
from cnddigest.recap.mending.beginnings import Beginnings
from cnddigest.recap.model import Dropped, Finding, Link, Session
from cnddigest.recap.sections import lines
from cnddigest.recap.text import CORRECTION, paragraph

SUBHEADING = 6  # the level of a heading that was a talk's


def mended(draft: Draft, corrections: Sequence[Corrections]) -> tuple[Draft, list[Finding]]:
    """Return a draft as its author says it is, and a finding per correction that can't be made.

    `draft` has a `head` and an `id` for each session: corrections change neither, so that a session keeps its
    name in feeds whatever it is called. First all fields, then in the order of entries what moves or leaves:
    every other entry finds its session under the old title and the new one. Nothing of the text is lost.
    """
    if not any(file.sessions for file in corrections):
        return draft, []
    work = _Work(draft)
    entries = [(file, said, work.find(said.match)) for file in corrections for said in file.sessions]
    for file, said, found in entries:
        if len(found) == 1:
            work.say(found[0], said)
        else:
            work.complain(file, said, _unclear(found, "correction matches"))
    for file, said, found in entries:
        if len(found) == 1 and (problem := work.move(found[0], said)):
            work.complain(file, said, problem)
    return work.finished(), work.findings


def told(session: Session, said: SessionCorrection) -> Session:
    """Return a session with what its author says in place of what was read."""
    url = _either(said.url, session.url)
    linked = session.links if said.links is None else said.links
    return replace(
        session,
        title=said.title or session.title,
        kind=said.kind or session.kind,
        url=url,
        track=_either(said.track, session.track),
        room=_either(said.room, session.room),
        starts_at=_either(said.starts_at, session.starts_at),
        ends_at=_either(said.ends_at, session.ends_at),
        speakers=session.speakers if said.speakers is None else said.speakers,
        links=tuple(link for link in linked if link.url != url),
    )


def _either(said: str | None, read: str | None) -> str | None:
    """Return what an author says, `""` for none, else what was read."""
    return read if said is None else said or None


def _unclear(found: Sequence[DraftSession], begins: str) -> str:
    if not found:
        return f"{begins} no session any more"
    ids = " or ".join(session.id for session in found[:2])
    places = enumerated(one.line for one in found)
    return f"{begins} sessions on lines {places}, so give more of the title or an id ({ids})"


class _Work:
    """A draft while it is mended: the sessions of each day, and where those went that left."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.findings: list[Finding] = []
        self.dropped: list[Dropped] = []
        self.now = {session.id: session for day in draft.days for session in day.sessions}
        self.days = [[session.id for session in day.sessions] for day in draft.days]
        self.home = {name: place for place, names in enumerate(self.days) for name in names}
        self.gone: dict[str, str] = {}  # merged into which session; `""` for dropped
        self.renamed: dict[str, list[str]] = {}
        self.names = Beginnings(
            (text, session.id) for session in self.now.values() for text in (_title(session), session.heading)
        )

    def find(self, match: str) -> list[DraftSession]:
        """Return the session of this id, title or heading; several where it can't be told."""
        if match in self.now:
            return [self.now[match]]
        names = self.names.equal(match) or self.renamed.get(folded(match)) or self.names.beginning(match)
        return [self.now[name] for name in names]

    def complain(self, file: Corrections, said: SessionCorrection, problem: str) -> None:
        """Keep a finding about an entry."""
        found = self.find(said.match)
        line = found[0].line if found else 1
        self.findings.append(stale(file, said.at, problem, said.match, line=line))

    def say(self, found: DraftSession, said: SessionCorrection) -> None:
        """Take over the fields of an entry; a later entry about the same session wins."""
        before = self.now[found.id]
        self.now[found.id] = replace(before, said=_both(before.said, said) if before.said else said)
        if said.title:
            self.renamed.setdefault(folded(said.title), []).append(found.id)
            self.now[found.id] = _without_sentence(self.now[found.id])
        if before.card and said.url is not None and said.url != before.url:
            self._drop_blocks([before.card])
            self.now[found.id] = replace(self.now[found.id], card=None)

    def move(self, found: DraftSession, said: SessionCorrection) -> str:
        """Drop, merge or move a session; returns why that can't be done, else nothing."""
        if found.id in self.gone:
            return "session was merged or dropped before"
        if said.drop:
            self._drop(found.id)
        elif said.merge_into:
            return self._merge(found.id, said.merge_into)
        elif said.after:
            return self._put_after(found.id, said.after)
        elif said.day is not None:
            return self._put_on(found.id, said.day)
        return ""

    def finished(self) -> Draft:
        """Return the draft with its days as they are now; an unnamed day that holds nothing any more is none."""
        days = tuple(
            replace(day, sessions=tuple(self.now[name] for name in names))
            for day, names in zip(self.draft.days, self.days, strict=True)
        )
        self._drop_empty_groups()
        dropped = sorted((*self.draft.dropped, *self.dropped), key=lambda one: one.line)
        return replace(self.draft, days=tuple(filter(_is_something, days)), dropped=tuple(dropped))

    def _target(self, name: str, match: str, word: str) -> tuple[str, str]:
        """Return the id of the session that `match` names, or why there is none."""
        found = self.find(match)
        if len(found) != 1:
            return "", _unclear(found, f"`{word}` names")
        target = found[0].id
        while target in self.gone:  # it never leads to a session that is gone: no circles
            target = self.gone[target]
        if not target:
            return "", f"`{word}` names a session that is dropped"
        return target, f"`{word}` names the session itself" if target == name else ""

    def _drop(self, name: str) -> None:
        self._drop_blocks(_blocks(self.now[name]))
        self._leave(name, "")

    def _merge(self, name: str, match: str) -> str:
        target, problem = self._target(name, match, "merge_into")
        if not problem:
            mine, into = self.now[name], self.now[target]
            body = (*into.body, *_blocks(mine))
            known = (*into.links, *_page(mine), *mine.links)
            distinct = {link.url: link for link in reversed(known) if link.url != into.url}
            self.now[target] = replace(into, body=body, links=tuple(reversed(distinct.values())))
            self._leave(name, target)
        return problem

    def _put_after(self, name: str, match: str) -> str:
        target, problem = self._target(name, match, "after")
        if not problem:
            day = self.home[target]
            self._take_off(name)
            self.days[day].insert(self.days[day].index(target) + 1, name)
            self.home[name] = day
        return problem

    def _put_on(self, name: str, number: int) -> str:
        """Put a session at the end of a day; where it is on that day, its place is its author's."""
        known = numbers(self.draft.days)
        if number not in known:
            return f"there is no day {number}"
        day = known.index(number)
        if self.home[name] != day:
            self._take_off(name)
            self.days[day].append(name)
            self.home[name] = day
        return ""

    def _leave(self, name: str, target: str) -> None:
        self._take_off(name)
        self.gone[name] = target

    def _take_off(self, name: str) -> None:
        self.days[self.home[name]].remove(name)

    def _drop_blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self.dropped += [
                Dropped(line=line, text=text, reason=CORRECTION) for line, text in lines(block) if text.strip()
            ]

    def _drop_empty_groups(self) -> None:
        """Account for the headings of groups of which no session is left."""
        for day in self.draft.days:
            left = {session.group for session in day.sessions if session.id not in self.gone}
            for session in day.sessions:
                if session.group and session.group not in left:
                    left.add(session.group)
                    self.dropped.append(Dropped(line=session.line, text=session.group, reason=CORRECTION))


def _without_sentence(session: DraftSession) -> DraftSession:
    """Return a talk that begins with a paragraph, and has a title now, with that paragraph as text and no heading."""
    if not session.asked or not clues.finished(unicodedata.normalize("NFKC", session.heading)):
        return session
    words = session.heading
    first = Block(kind="paragraph", line=session.line, strings=(words,), html=paragraph(words), role="text")
    card = (session.card,) if session.card else ()
    return replace(session, heading="", asked=False, card=None, body=(first, *card, *session.body))


def _both(one: SessionCorrection, other: SessionCorrection) -> SessionCorrection:
    """Return the fields that two corrections of a session give, of both the later one's."""
    names = (field.name for field in fields(other))
    given = {name: value for name in names if (value := getattr(other, name)) is not None}
    known: SessionCorrection = replace(one, **given)
    return known


def _title(session: DraftSession) -> str:
    return session.head.title if session.head else session.heading


def _blocks(session: DraftSession) -> tuple[Block, ...]:
    """Return all of a session as blocks, its heading first."""
    heading = Block(kind="heading", line=session.line, strings=(session.heading,), level=SUBHEADING)
    first = (heading,) if session.heading else ()
    return (*first, *((session.card,) if session.card else ()), *session.body)


def _page(session: DraftSession) -> tuple[Link, ...]:
    """Return the address of a session as a link of the one that takes it in."""
    return (Link(label=_title(session), url=session.url),) if session.url else ()


def _is_something(day: DraftDay) -> bool:
    return bool(day.label or day.sessions or day.introduction)
