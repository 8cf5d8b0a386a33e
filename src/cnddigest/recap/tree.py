"""Blocks into a draft: the walk over sections that puts every block under its day and its talk."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cnddigest.recap import bold, cells, days, farewell, heading, roles, words
from cnddigest.recap.blocks import Block
from cnddigest.recap.days import DayMark
from cnddigest.recap.draft import Draft, DraftDay, DraftSession
from cnddigest.recap.farewell import Farewell
from cnddigest.recap.model import Dropped
from cnddigest.recap.prose import address, links
from cnddigest.recap.roles import Role, Roles
from cnddigest.recap.sections import Section, Sections, cut, letters, lines


def plant(blocks: Iterable[Block], *, title: str | None = None) -> Draft:
    """Read blocks; `title` is what the front matter says. Every block is somewhere in the draft."""
    found = list(blocks)
    parts, known = _judged(found, title)
    if not _names_talk(parts, known) and (bolder := bold.promoted(found)) != found:
        parts, known = _judged(bolder, title)
    last_words = farewell.found(parts.sections, known.roles)
    if last_words and last_words.sure:
        parts = _without(parts, last_words)
    walk = _Walk(parts, known)
    walk.preamble(parts.preamble)
    for place, (section, role) in enumerate(zip(parts.sections, known.roles, strict=True)):
        walk.step(place, section, role)
    draft = walk.finish(title)
    return _with(draft, last_words) if last_words else draft


def _without(parts: Sections, last_words: Farewell) -> Sections:
    *before, last = parts.sections
    return replace(parts, sections=(*before, replace(last, body=last_words.before)))


def _with(draft: Draft, last_words: Farewell) -> Draft:
    first = last_words.words[0]
    if not last_words.sure:
        return replace(draft, farewell=first)
    return replace(draft, closing=last_words.words, closing_line=first.line)


def _judged(blocks: Sequence[Block], title: str | None) -> tuple[Sections, Roles]:
    parts = cut(blocks)
    preamble = " ".join(block.text for block in parts.preamble)
    return parts, roles.assign(parts.sections, title=title, preamble=preamble)


def _names_talk(parts: Sections, known: Roles) -> bool:
    """Say whether a heading is a talk's, or a list holds talks: a heading of a meal or a party is none.

    One that is a talk's because its author says so tells nothing of the others.
    """
    if cells.holds_talks(parts.preamble):
        return True
    judged = zip(parts.sections, known.roles, strict=True)
    return any(
        role == "list"
        or (role == "talk" and not section.heading.role and heading.event_or_talk(section.text) == "talk")
        for section, role in judged
    )


@dataclass(slots=True)
class _OpenDay:
    label: str = ""
    mark: DayMark | None = None
    line: int = 0
    introduction: list[Block] = field(default_factory=list)
    sessions: list[DraftSession] = field(default_factory=list)

    def close(self) -> DraftDay:
        return DraftDay(
            label=self.label,
            mark=self.mark,
            line=self.line,
            introduction=tuple(self.introduction),
            sessions=tuple(self.sessions),
        )


@dataclass(slots=True)
class _Group:
    heading: Block
    used: bool = False


class _Walk:
    """Where we are in the text: the open day, group and talk."""

    def __init__(self, parts: Sections, known: Roles) -> None:
        self.parts, self.known = parts, known
        self.introduction: list[Block] = []
        self.days: list[_OpenDay] = []
        self.today: _OpenDay | None = None
        self.labelled: dict[tuple[object, ...], _OpenDay] = {}
        self.group: _Group | None = None
        self.talk: tuple[Section, list[Block]] | None = None
        self.closing: list[Block] = []
        self.closing_heading: Block | None = None
        self.dropped = list(parts.dropped)
        self.has_talks = any(role in ("talk", "list") for role in known.roles)
        self.prefixed = {parts.sections[place].heading.line for place in known.prefixed}

    def preamble(self, blocks: Sequence[Block]) -> None:
        """Take in what stands before the first heading: the introduction, and talks if they are listed there."""
        self._take(blocks, into=self.introduction, mentioned=self.has_talks)

    def step(self, place: int, section: Section, role: Role) -> None:
        """Take in the next section."""
        if role != "inside":
            self._end_talk()
        take: Mapping[Role, Callable[[Section], None]] = {
            "title": self._title,
            "front": self._front,
            "day": self._day,
            "group": self._group,
            "list": self._group,
            "talk": self._talk,
            "inside": self._inside,
            "closing": self._close,
            "empty": lambda section: self._drop(section.heading, "empty section"),
        }
        if place in self.known.prefixed and role in ("talk", "group", "list"):
            self._prefix(section)
        take[role](section)

    def finish(self, title: str | None) -> Draft:
        """Close what is open and return the draft."""
        self._end_talk()
        self._end_group()
        first = next(
            (section for section, role in zip(self.parts.sections, self.known.roles, strict=True) if role == "title"),
            None,
        )
        if first and title is not None and not first.heading.role:
            self._drop(first.heading, "repeated title")
        found = tuple(day.close() for day in self.days)
        return Draft(
            title=self.known.title,
            introduction=tuple(self.introduction),
            days=found,
            closing_heading=words.unmarked(self.closing_heading.text) if self.closing_heading else None,
            closing_line=self.closing_heading.line if self.closing_heading else 0,
            closing=tuple(self.closing),
            dropped=tuple(sorted(self.dropped, key=lambda dropped: dropped.line)),
        )

    def _title(self, section: Section) -> None:
        self._take(section.body, into=self.introduction, mentioned=self.has_talks)

    def _front(self, section: Section) -> None:
        into = self._today().introduction if self.days else self.introduction
        into += [section.heading, *section.body]

    def _day(self, section: Section) -> None:
        self._end_group()
        said = section.heading.role == "day"
        key = section.mark.key if section.mark else ()
        today = None if said else self.labelled.get(key)
        if today:
            self._drop(section.heading, "repeated day label")
        else:
            today = _OpenDay(label=words.unmarked(section.text), mark=section.mark, line=section.heading.line)
            self.labelled[key] = today
            self.days.append(today)
        self.today = today
        self._take(section.body, into=today.introduction)

    def _prefix(self, section: Section) -> None:
        """Begin a new day where a talk's heading begins with one."""
        mark = section.mark
        if mark and (not self.today or not self.today.mark or self.today.mark.key != mark.key):
            self._end_group()
            self.today = _OpenDay(label=mark.text.strip(), mark=mark, line=section.heading.line)
            self.days.append(self.today)

    def _talk(self, section: Section) -> None:
        if self.group and section.level <= self.group.heading.level:
            self._end_group()
        self.talk = (section, list(section.body))

    def _group(self, section: Section) -> None:
        if self.group and self.group.used and letters(self.group.heading.text) == letters(section.text):
            self._drop(section.heading, "repeated heading")
        else:
            self._end_group()
            self.group = _Group(section.heading)
        if section.body:
            self._take(section.body, into=self._today().introduction)

    def _end_group(self) -> None:
        if self.group and not self.group.used:
            self._drop(self.group.heading, "empty section")
        self.group = None

    def _inside(self, section: Section) -> None:
        if self.talk:
            self.talk[1].extend([section.heading, *section.body])
        else:
            self._today().introduction.extend([section.heading, *section.body])

    def _close(self, section: Section) -> None:
        self._end_group()
        if not self.closing_heading:
            self.closing_heading = section.heading
        else:
            self.closing.append(section.heading)
        self.closing += section.body

    def _drop(self, block: Block, reason: str) -> None:
        self.dropped += [Dropped(line=line, text=text, reason=reason) for line, text in lines(block)]

    def _today(self) -> _OpenDay:
        if not self.today:
            self.today = _OpenDay()
            self.days.append(self.today)
        return self.today

    def _take(self, body: Sequence[Block], *, into: list[Block], mentioned: bool = False) -> None:
        """Take in text, and the talks that are listed in it unless they are only mentioned."""
        holds = not mentioned and cells.holds_talks(body)
        group = self.group.heading.text.strip() if self.group else None
        for block in body:
            if not holds or not cells.is_listing(block):
                into.append(block)
                continue
            found = list(cells.sessions(block, group=group))
            self._today().sessions += found
            if self.group and found:
                self.group.used = True
            self.dropped += [
                Dropped(line=line, text=text, reason="no talk in a table") for line, text in cells.unused(block, found)
            ]

    def _end_talk(self) -> None:
        if not self.talk:
            return
        (section, body), self.talk = self.talk, None
        url = next(filter(None, map(address, body[:1])), None)
        card = body[0] if url and url not in section.text else None
        kept = body[1:] if card else body
        linked = [link.url for link in section.heading.links if link.url.startswith(("http://", "https://"))]
        url = url or next(iter(linked), None) or self.parts.urls.get(letters(section.text))
        if self.group:
            self.group.used = True
        self._today().sessions.append(
            DraftSession(
                heading=section.text.strip(),
                line=section.heading.line,
                prefixed=section.heading.line in self.prefixed,
                asked=section.heading.role == "session",
                margin=section.heading.margin,
                kind="lightning" if self.group and words.is_lightning(self.group.heading.text) else "talk",
                group=self.group.heading.text.strip() if self.group else None,
                url=url,
                card=card,
                links=links([section.heading, *kept], without=url),
                body=tuple(kept),
            )
        )


def in_title(draft: Draft) -> Draft:
    """Take the day from the title where no heading names one: `Kelp Ruby Camp 2026: Day One`."""
    mark = days.mark(draft.title) or days.mark(draft.title, anywhere=True)
    says = mark and mark.place != "whole" and (mark.number, mark.word, mark.weekday) != (None, None, None)
    if not mark or not says or len(draft.days) != 1 or draft.days[0].label:
        return draft
    return replace(draft, days=(replace(draft.days[0], label=mark.text.strip(), mark=mark),))
