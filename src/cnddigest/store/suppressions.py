"""Whom never to mail and what came back, in the record's SQLite file."""

import datetime as dt
from collections.abc import Iterable, Iterator

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.model import Suppression
from cnddigest.audience.suppression import Fact
from cnddigest.store import people
from cnddigest.store.codec import instant
from cnddigest.store.codec import microseconds as _at
from cnddigest.store.queries import load
from cnddigest.store.statements import Connected


class Suppressions(Connected):
    """What an Audience does with them."""

    def suppression(self, key: str) -> Suppression | None:
        """Look it up."""
        return next((people.suppression(row) for row in self._rows("suppression", key=key)), None)

    def suppress(self, keys: Iterable[str], *, reason: str, now: dt.datetime) -> int:
        """Keep those that are new."""
        with self._writing():
            return sum(self._run("suppress", key=key, reason=reason, now=_at(now)) for key in keys)

    def note_bounce(self, key: str, *, kind: str, code: str, at: dt.datetime, digest: str) -> bool:
        """Insert it, unless that very message was read before."""
        with self._writing():
            return bool(self._run("note_bounce", key=key, kind=kind, code=code, at=_at(at), digest=digest))

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
