"""Whom not to mail any more, and the facts that led to it, in the record's SQLite file."""

import datetime as dt
from collections.abc import Iterable, Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.model import Ended, Suppression
from cnddigest.audience.suppression import Fact, Lifted, Ruling, rule
from cnddigest.store import people
from cnddigest.store.codec import instant
from cnddigest.store.codec import microseconds as _at
from cnddigest.store.queries import load
from cnddigest.store.subscriptions import Subscriptions


class Suppressions(Subscriptions):
    """The part of the Audience that is about never being mailed again."""

    def suppression(self, key: str) -> Suppression | None:
        """Look it up."""
        return next((people.suppression(row) for row in self._rows("suppression", key=key)), None)

    def suppress(self, keys: Iterable[str], *, reason: str, now: dt.datetime) -> int:
        """Keep those that are new."""
        with self._writing():
            return sum(self._run("suppress", key=key, reason=reason, now=_at(now)) for key in keys)

    def lift(self, keys: Iterable[str], *, why: str, now: dt.datetime) -> list[Suppression]:
        """Delete them, keep that they were there, and set the facts aside that led to them."""
        with self._writing():
            found = [order for key in keys if (order := self.suppression(key))]
            for order in found:
                self._run("lift", key=order.key)
                self._run("set_bounces_aside", key=order.key)
                told = {"key": order.key, "reason": order.reason, "suppressed_at": _at(order.at)}
                self._run("note_lift", **told, why=why, now=_at(now))
            return found

    def lifted(self, key: str) -> list[Lifted]:
        """Read them in the index's order."""
        return [
            Lifted(reason=reason, suppressed_at=instant(since), at=instant(at), why=why)
            for reason, since, at, why in self._rows("lifted", key=key)
        ]

    def note_bounce(self, key: str, fact: Fact, *, digest: str, ends: Iterable[int], now: dt.datetime) -> Ruling | None:
        """Insert it, unless that very message was read before, and weigh it with what is there."""
        with self._writing():
            earlier = self.bounces(key)
            values = {"kind": fact.kind.value, "code": fact.code, "at": _at(fact.at), "digest": digest}
            if not self._run("note_bounce", key=key, **values):
                return None
            ruling = rule(fact, earlier)
            if ruling.reason:
                self._run("suppress", key=key, reason=ruling.reason.value, now=_at(now))
                for number in ends:
                    self._end(number, Ended.COMPLAINT if fact.kind is Kind.COMPLAINT else Ended.BOUNCED)
            return ruling

    def bounces(self, key: str) -> list[Fact]:
        """Read them in the index's order."""
        rows = self._rows("bounces", key=key)
        return [Fact(kind=Kind(kind), code=code, at=instant(at)) for kind, code, at in rows]

    def suppressions(self) -> Iterator[Suppression]:
        """Stream them."""
        with self._telling:
            for row in self._db.execute(load("suppressions")):
                yield people.suppression(row)

    def erased_suppressions(self) -> list[Suppression]:
        """Walk that stretch of the key."""
        return [people.suppression(row) for row in self._rows("erased_suppressions")]
