"""What each section of a recap is: day, group, talk, part of a talk, front matter, closing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cnddigest.recap import cells, heading, levels, words
from cnddigest.recap.blocks import LineRole
from cnddigest.recap.sections import Section, letters

FEWEST_CHILDREN = 2  # formed headings below one without text before it is a group of talks

Role = Literal[
    "title",  # the recap's own
    "day",  # a day's label
    "talk",  # a talk's heading
    "group",  # a track, a reviewer, a run of lightning talks: the talks follow
    "list",  # a group whose talks are list items or table cells
    "inside",  # a heading inside a talk
    "front",  # before the talks: "What is …?"
    "closing",  # after them; also its appendix
    "empty",  # announces something that never comes
]


# What an author says of a heading; `text` and `drop` make it none before it comes here.
SAID: Mapping[LineRole, Role] = {
    "title": "title",
    "introduction": "front",
    "day": "day",
    "session": "talk",
    "closing": "closing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The role of each section, in order, and which headings begin with their talk's day."""

    roles: tuple[Role, ...]
    prefixed: frozenset[int]
    title: str


def assign(sections: Sequence[Section], *, title: str | None, preamble: str) -> Roles:
    """Give every section its role; `title` is the one from the front matter, if any."""
    said = _said(sections)
    titled = _title_place(sections, said, title, preamble)
    name = _name(sections, titled, title)
    but = {titled} if titled is not None else set()
    days = (levels.labels(_unmarked(sections, said), name) - but) | _places(said, "day")
    no_talks = said.keys() - _places(said, "talk")
    prefixed = frozenset() if days else levels.prefixes(sections, but=but | no_talks)
    talks = levels.talks(sections, prefixed - said.keys(), but=but | days | said.keys())
    closing = _closing_place(sections, said, talks, but, days)
    view = _View(
        sections=sections,
        talks=talks,
        days=days,
        closing=closing,
        titled=titled,
        said=said,
        context=letters(f"{name} {preamble}"),
        ends=_ends(sections),
    )
    return Roles(roles=tuple(map(view.role, range(len(sections)))), prefixed=prefixed, title=name)


def _said(sections: Sequence[Section]) -> dict[int, Role]:
    """Return what the author says of headings, by place; a recap has one title."""
    said = {
        place: SAID[role] for place, section in enumerate(sections) if (role := section.heading.role) and role in SAID
    }
    for place in sorted(_places(said, "title"))[1:]:
        said[place] = "front"
    return said


def _closing_place(
    sections: Sequence[Section], said: Mapping[int, Role], talks: int, but: set[int], days: frozenset[int]
) -> int:
    """Return where the closing begins: where its author says, else after all of which the author says otherwise."""
    mine = _places(said, "closing")
    if mine:
        return min(mine)
    found = min(_closing(sections, talks, but | days, said), _unnamed_closing(sections, talks, days))
    return found if found > max(said, default=-1) else len(sections)


def _title_place(sections: Sequence[Section], said: Mapping[int, Role], title: str | None, preamble: str) -> int | None:
    """Return the place of the recap's title: the first one that its author says, else perhaps the first heading."""
    mine = _places(said, "title")
    if mine:
        return min(mine)
    return 0 if 0 not in said and _title(sections, title, preamble) else None


def _name(sections: Sequence[Section], titled: int | None, title: str | None) -> str:
    if titled is None:
        return title or ""
    mine = sections[titled].heading.role == "title"
    return sections[titled].text if mine or not title else title


def _places(said: Mapping[int, Role], role: Role) -> frozenset[int]:
    return frozenset(place for place, one in said.items() if one == role)


def _unmarked(sections: Sequence[Section], said: Mapping[int, Role]) -> Sequence[Section]:
    """Return the sections without the day marks of those of which their author says what they are."""
    if not said:
        return sections
    return [replace(section, mark=None) if place in said else section for place, section in enumerate(sections)]


def _title(sections: Sequence[Section], front: str | None, preamble: str) -> bool:
    """Say whether the first heading is the recap's title."""
    if not sections:
        return False
    first, others = sections[0], [section for section in sections[1:] if not section.heading.role]
    if front is not None:
        return letters(front) == letters(first.text)
    above = all(first.level < other.level for other in others)
    if (first.mark and first.mark.place == "whole") or heading.form(first.text) in ("clock", "code"):
        return False
    titled = words.is_titled(first.text) or (first.level == 1 and words.names_year(first.text))
    if preamble:
        return above and first.level == 1 and bool(others) and titled
    return above or (titled and not words.is_front(first.text) and not words.is_closing(first.text))


def _closing(sections: Sequence[Section], talks: int, but: Collection[int], said: Collection[int]) -> int:
    """Return where the closing begins: a closing word among the last headings, with nothing but its own after it."""
    begins = len(sections)
    lowest = 7
    for place in range(len(sections) - 1, 0, -1):
        section = sections[place]
        if place in but or place in said:
            break
        closes = words.is_closing(section.text) and (section.level <= talks or not talks)
        if closes and lowest > section.level:
            begins = place
        elif not closes and not words.is_resources(section.text):
            lowest = min(lowest, section.level)
        if lowest <= 1:
            break
    return begins if _comes_late(sections, begins, talks, but) else len(sections)


def _unnamed_closing(sections: Sequence[Section], talks: int, days: Collection[int]) -> int:
    """Return where a closing without a closing word begins: the last headings beside the days, with text below them."""
    begins = len(sections)
    level = sections[max(days)].level if days else 0
    for place in range(len(sections) - 1, max(days, default=len(sections)), -1):
        section = sections[place]
        named = heading.form(section.text) or heading.begins_with_kind(section.text) or words.is_group(section.text)
        if section.level != level or level >= talks or not section.body or named or cells.holds_talks(section.body):
            break
        begins = place
    return begins if begins > max(days, default=0) + 1 else len(sections)


def _comes_late(sections: Sequence[Section], begins: int, talks: int, but: Collection[int]) -> bool:
    """Say whether most talks stand before a closing; else it is a heading over them."""
    after = sum(section.level == talks for section in sections[begins + 1 :])
    before = sum(section.level == talks for place, section in enumerate(sections[:begins]) if place not in but)
    listed = any(cells.holds_talks(section.body) for section in sections[:begins])
    return after < before or (listed and not after)


@dataclass(slots=True, kw_only=True)
class _View:
    """The sections with what is known of all of them, so that each can be judged."""

    sections: Sequence[Section]
    talks: int
    days: frozenset[int]
    closing: int
    titled: int | None
    said: Mapping[int, Role]
    context: str  # letters of title and preamble
    ends: list[int]  # the place after each section's children
    opened: bool = False  # a talk, a group or a list came: nothing after it is front matter
    group_level: int = 0  # of a group at the talks' own level: deeper headings are its talks

    def role(self, place: int) -> Role:
        """Judge the sections in order: what came before matters."""
        section = self.sections[place]
        if place in self.said:
            return self._said(self.said[place])
        if place in self.days or place >= self.closing or place == self.titled:
            self.group_level = 0
            return "day" if place in self.days else "title" if place == self.titled else "closing"
        if cells.holds_talks(section.body):
            self.opened = True
            return "list"
        role = self._role(place, section)
        self.opened = self.opened or role in ("talk", "group")
        if section.level <= self.talks:
            self.group_level = section.level if role == "group" and section.level == self.talks else 0
        return role

    def _said(self, role: Role) -> Role:
        """Take the author's word; of a group at the talks' own level only deeper headings were its talks."""
        self.opened = self.opened or role == "talk"
        self.group_level = 0
        return role

    def _role(self, place: int, section: Section) -> Role:
        if not self.opened and self._is_front(place, section):
            return "front"
        if section.level > self.talks:
            return self._below(section)
        if section.level < self.talks:
            return self._above(place, section)
        if not section.body and self._leads_talks(place):
            return "group"
        return "talk"

    def _is_front(self, place: int, section: Section) -> bool:
        if not section.body and not self._children(place):
            return words.is_front(section.text)
        subject = words.about(section.text)
        explains = subject is not None and letters(subject) in self.context and bool(subject)
        if words.is_front(section.text) or explains or words.is_closing(section.text):
            return True
        formed = heading.form(section.text) is not None
        if self.days and place < min(self.days):
            return not formed
        return section.level < self.talks and not self._children(place) and not formed

    def _below(self, section: Section) -> Role:
        part = words.is_resources(section.text) or not self.opened
        if self.group_level and section.level > self.group_level and not part:
            return "talk"
        return "inside" if self.opened else "front"

    def _above(self, place: int, section: Section) -> Role:
        formed = _is_formed(section)
        children = self._children(place)
        if section.body and (formed or not children or not self._is_one_of_many(section)):
            return "talk"
        if children:
            return "group"
        return "talk" if formed else "empty"

    def _is_one_of_many(self, section: Section) -> bool:
        """Say whether headings of this level group the talks: not so a lone one that stands a level too high."""
        peers = [
            place
            for place, other in enumerate(self.sections)
            if other.level == section.level and place not in self.days and 0 < place < self.closing
        ]
        return len(peers) > 1 or not self.opened or words.is_group(section.text)

    def _leads_talks(self, place: int) -> bool:
        """Say whether the headings below one at the talks' level are talks themselves."""
        below = [self.sections[child] for child in self._children(place)]
        formed = sum(map(_is_formed, below))
        return bool(below) and (words.is_group(self.sections[place].text) or formed >= FEWEST_CHILDREN)

    def _children(self, place: int) -> range:
        return range(place + 1, min(self.ends[place], self.closing))


def _is_formed(section: Section) -> bool:
    """Say whether a heading shows that it is a talk's: by its clock, code, speaker or kind."""
    return (heading.form(section.text) or "number") != "number" or heading.begins_with_kind(section.text)


def _ends(sections: Sequence[Section]) -> list[int]:
    """Return for each section the place of the next one that is not below it."""
    ends = [len(sections)] * len(sections)
    open_places: list[int] = []
    for place, section in enumerate(sections):
        while open_places and sections[open_places[-1]].level >= section.level:
            ends[open_places.pop()] = place
        open_places.append(place)
    return ends
