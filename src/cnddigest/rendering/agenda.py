"""A person's calendar on their own page: what came last, what comes next, and the rest where it is unfolded."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cnddigest.rendering.words import Words

NEXT = 5  # Parts to come that are shown at once, below the last one that came


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A Part and its moment; `out` says that it has come."""

    part: int
    at: dt.datetime
    out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The Parts of a run in order: all of them, and those around now."""

    days: Sequence[Day]

    @property
    def latest(self) -> Day | None:
        """Return what came last."""
        return next((day for day in reversed(self.days) if day.out), None)

    @property
    def coming(self) -> Day | None:
        """Return what comes next, as far as its moment is known."""
        return next((day for day in self.days if not day.out), None)

    @property
    def near(self) -> Sequence[Day]:
        """Return the last one that came and the next few; all of them where there are hardly more."""
        if len(self.days) <= NEXT + 2:
            return self.days
        had = sum(day.out for day in self.days)
        return self.days[max(min(had, len(self.days) - NEXT) - 1, 0) :][: NEXT + 1]

    def of(self, part: int) -> Day | None:
        """Return a Part's place in it, None where it never comes, or has no moment."""
        return next((day for day in self.days if day.part == part), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a Subscription stands now: all that a notice may say of it. `tongue` is the language of its mail.

    `held` says that the publisher holds back what is still to come.
    """

    active: bool
    own: bool
    paused: bool
    pace: str
    agenda: Agenda
    tongue: str
    held: bool = False


def notice(words: Words, standing: Standing, done: str, part: int) -> str:
    """Return what is said after a button was pressed, `""` where there is nothing to say.

    `done` and `part` stand in an address, which anybody may write: so each sentence is what holds now, whoever made it
    so.
    """
    if done == "language":
        return words.text("We write to you in {language}.", language=words.tongue(standing.tongue))
    if done == "undo" and standing.active:
        return words.text("You are subscribed.")
    if not (standing.active and standing.own):
        return ""
    return {
        "pause": words.text("Paused. Nothing comes until you resume.") if standing.paused else "",
        "resume": "" if standing.paused else _coming(words, standing, standing.agenda.coming),
        "pace": words.text("Your pace: {pace}.", pace=standing.pace),
        "part": _of_part(words, standing, part),
    }.get(done, "")


def _of_part(words: Words, standing: Standing, part: int) -> str:
    day = standing.agenda.of(part)
    if day and day.out:
        return words.text("Part {part} went out to you on {when}.", part=part, when=words.when(day.at))
    return words.text("Paused. Nothing comes until you resume.") if standing.paused else _coming(words, standing, day)


def _coming(words: Words, standing: Standing, day: Day | None) -> str:
    if day is None:
        return words.text("The release date is not set: releases are on hold.") if standing.held else ""
    return words.text("Part {part} comes to you on {when}.", part=day.part, when=words.when(day.at))
