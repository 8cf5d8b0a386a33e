"""Tell hubs that a feed changed, and be one: ask callbacks what they want, and push to those that said so.

file's mark ──is not what was told──> claim ──> call ──> told, again later, or given up
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from cnddigest.hub import calls, patience
from cnddigest.hub.model import GONE, Answer, Callback, Intent
from cnddigest.hub.topics import topics
from cnddigest.ports.hub import Caller, Hubs
from cnddigest.serial.model import Publication

AT_ONCE = 8  # calls at the same time: a round of slow servers takes some seconds
MOST_LOOKS = 2  # at a callback that does not answer: whoever asked can ask again


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many feeds hubs were told of, and could not be told of, each with the last problem."""

    feeds: int = 0
    failed: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """How many callbacks got what is new, are called again, or have ended; how many wishes were confirmed or not."""

    pushed: int = 0
    failed: int = 0
    gone: int = 0
    confirmed: int = 0
    denied: int = 0

    def __add__(self, other: "Pushed") -> "Pushed":
        return Pushed(
            pushed=self.pushed + other.pushed,
            failed=self.failed + other.failed,
            gone=self.gone + other.gone,
            confirmed=self.confirmed + other.confirmed,
            denied=self.denied + other.denied,
        )


class Teller:
    """Tells far servers what the record says they don't know yet."""

    def __init__(
        self,
        hubs: Hubs,
        caller: Caller,
        publication: Publication,
        *,
        clock: Callable[[], dt.datetime],
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Call until `stop` says so; the round under way is finished."""
        self._hubs, self._caller, self._clock, self._stop = hubs, caller, clock, stop
        self._base_url = publication.base_url
        self._topics = topics(publication)

    def announce(self, hubs: Collection[str]) -> Told:
        """Tell every hub of every feed that is another one than it was told of; a dead one is asked once."""
        told, waiting = Told(), list(hubs)
        self._hubs.forget_others(hubs)
        while waiting and not self._stop():
            found = self._hubs.claim_announcements(waiting, self._topics, limit=AT_ONCE, now=self._clock())
            if not found:
                break
            answers = self._caller.call([calls.announce(each, self._base_url) for each in found])
            for each, answer in zip(found, answers, strict=True):
                if answer.is_good:
                    self._hubs.announced(each)
                    told = replace(told, feeds=told.feeds + 1)
                else:
                    again_at = None if answer.is_final else patience.again_at(each.attempts, self._clock())
                    self._hubs.not_announced(each, answer.words, again_at=again_at)
                    told = replace(told, failed=told.failed + 1, problem=f"{answer.words}: {each.hub}")
                    waiting = [hub for hub in waiting if hub != each.hub]
        return told

    def look(self, chance: Callable[[], str], *, is_private: bool) -> Pushed:
        """Ask callbacks whether they wish what was wished in their name; `chance` makes each challenge."""
        done = Pushed()
        while not self._stop():
            found = self._hubs.claim_intents(limit=AT_ONCE, now=self._clock())
            challenges = [chance() for _ in found]
            asked = zip(found, challenges, strict=True)
            answers = self._caller.call(
                [calls.verify(each, challenge, self._base_url, is_private=is_private) for each, challenge in asked]
            )
            for each, challenge, answer in zip(found, challenges, answers, strict=True):
                is_meant = calls.confirms(answer, challenge)
                self._settle(each, answer, is_meant=is_meant)
                done = replace(done, confirmed=done.confirmed + is_meant, denied=done.denied + (not is_meant))
            if not found:
                break
        return done

    def _settle(self, intent: Intent, answer: Answer, *, is_meant: bool) -> None:
        now = self._clock()
        if is_meant:
            self._hubs.confirmed(intent, now=now)
            return
        answered = answer.is_good or answer.is_final or intent.attempts >= MOST_LOOKS
        self._hubs.not_confirmed(intent, again_at=None if answered else now + patience.PAUSES[0])

    def push(self, read: Callable[[str], bytes | None], *, hub: str, is_private: bool) -> Pushed:
        """Bring feeds to the callbacks that have another one; `read` returns a file of the output folder."""
        done = Pushed()
        while not self._stop():
            found = self._hubs.claim_callbacks(self._topics, limit=AT_ONCE, now=self._clock())
            bodies = {path: body for path in _paths(found) if (body := read(path))}
            there = [each for each in found if each.path in bodies]
            answers = self._caller.call(
                [
                    calls.push(each, bodies[each.path], base_url=self._base_url, hub=hub, is_private=is_private)
                    for each in there
                ]
            )
            for each, answer in zip(there, answers, strict=True):
                done = self._had(each, answer, done)
            if not there:
                break
        return done

    def _had(self, callback: Callback, answer: Answer, done: Pushed) -> Pushed:
        """Keep what came of a push: only 410, a refused address and a day of silence end a Callback."""
        if answer.is_good:
            self._hubs.pushed(callback)
            return replace(done, pushed=done.pushed + 1)
        is_over = answer.status == GONE or answer.is_refused
        again_at = None if is_over else patience.again_at(callback.attempts, self._clock())
        self._hubs.not_pushed(callback, again_at=again_at)
        if again_at is None:
            return replace(done, gone=done.gone + 1)
        return replace(done, failed=done.failed + 1)


def _paths(found: Iterable[Callback]) -> set[str]:
    return {each.path for each in found}
