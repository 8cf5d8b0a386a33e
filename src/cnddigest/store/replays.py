"""People's own runs, in the record's SQLite file."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription
from cnddigest.audience.replay import Advanced, Turn
from cnddigest.store import people
from cnddigest.store.codec import instant
from cnddigest.store.codec import microseconds as _at
from cnddigest.store.subscriptions import Subscriptions


class Replays(Subscriptions):
    """What an Audience does with them."""

    def change(
        self, number: int, changed: Callable[[Subscription], Subscription], *, now: dt.datetime
    ) -> Listener | None:
        """Read, change and write it in one transaction."""
        with self._writing():
            for row in self._rows("listener", id=number):
                listener = people.listener(row)
                before = listener.subscription
                after = self._named(before, changed(before))
                if after != before:
                    self._change(after)
                    if before.course and after.course and before.run == after.run:
                        to = {"subscription": number, "address": listener.subscriber.address}
                        self._queue(after.course.gained(before.course), after.serial, after.run, _at(now), **to)
                return replace(listener, subscription=after)
        return None

    def turns(self, *, now: dt.datetime, count: int) -> list[Turn]:
        """Walk the beginning of the index."""
        return [people.turn(row) for row in self._rows("due_replays", now=_at(now), count=count)]

    def advance(self, advanced: Iterable[Advanced], *, now: dt.datetime) -> int:
        """Change them one by one, in one transaction; one that somebody else changed meanwhile is left alone."""
        with self._writing():
            return sum(self._advance(each, _at(now)) for each in advanced)

    def _advance(self, advanced: Advanced, now: int) -> bool:
        turn, course, next_at = advanced.turn, advanced.course, advanced.next_at
        changed = self._run(
            "advance_replay",
            id=turn.subscription,
            before=_at(turn.next_at),
            had=people.course_text(turn.course),
            wanted=people.settings_text(turn.settings),
            run=turn.run,
            course=people.course_text(course),
            position=course.position,
            next_at=None if next_at is None else _at(next_at),
        )
        parts = course.gained(turn.course) if changed else ()
        self._queue(parts, turn.serial, turn.run, now, subscription=turn.subscription, address=turn.address)
        return bool(parts)

    def _queue(self, parts: Iterable[int], serial: str, run: str, now: int, **to: object) -> None:
        """Queue Parts of a run to its person, those that are not queued."""
        for part in parts:
            for (issue,) in self._rows("open_replay_issue", serial=serial, run=run, part=part, now=now):
                self._run("queue_replay", issue=issue, now=now, **to)

    def next_turn(self) -> dt.datetime | None:
        """Look at the head of the index."""
        ((next_at,),) = self._rows("next_replay")
        return None if next_at is None else instant(next_at)
