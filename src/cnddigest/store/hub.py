"""Who was told that a feed changed, in the record's SQLite file."""

import datetime as dt
import json
from collections.abc import Collection

from cnddigest.hub.model import Announcement, Callback, Intent
from cnddigest.hub.patience import CLAIMED, LONGEST
from cnddigest.ports.hub import Failing, Waiting
from cnddigest.store.codec import microseconds
from cnddigest.store.statements import Connected

MOST_CALLBACKS, MOST_OF_HOST = 5000, 200
MOST_ASKED, MOST_ASKED_OF_HOST = 1000, 20  # wishes that wait, or that were not confirmed within an hour
MOST_ASKED_AGAIN = 5  # calls to one callback that does not confirm, within that hour
KEPT = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


class SqliteHubs(Connected):
    """The Hubs of one publication; one connection, for the thread that opened it."""

    def __init__(self, path: str, *, wait: float = 5.0, create: bool = False) -> None:
        """Open the record, making it if that is wanted."""
        super().__init__(path, wait=wait, create=create)

    # Hubs that we tell

    def claim_announcements(
        self, hubs: Collection[str], paths: Collection[str], *, limit: int, now: dt.datetime
    ) -> list[Announcement]:
        """Compare each feed's file with what each hub was told."""
        found: list[Announcement] = []
        with self._transaction("begin immediate"):
            for hub in hubs:
                rows = self._rows(
                    "due_announcements", hub=hub, paths=json.dumps(list(paths)), limit=limit - len(found), **_due(now)
                )
                for path, mark, attempts in rows:
                    self._run("claim_announcement", hub=hub, path=path, mark=mark, attempts=attempts, until=_claim(now))
                    found.append(Announcement(hub=hub, path=path, mark=mark, attempts=attempts))
        return found

    def forget_others(self, hubs: Collection[str]) -> None:
        """Drop their rows."""
        with self._transaction("begin immediate"):
            self._run("forget_hubs", hubs=json.dumps(list(hubs)))

    def announced(self, found: Announcement) -> None:
        """Keep the mark."""
        with self._transaction("begin immediate"):
            self._run("keep_announced", hub=found.hub, path=found.path, mark=found.mark)

    def not_announced(self, found: Announcement, problem: str, *, again_at: dt.datetime | None) -> None:
        """Keep the problem, unless somebody tries a later file by now."""
        values = {"hub": found.hub, "path": found.path, "mark": found.mark, "problem": problem}
        with self._transaction("begin immediate"):
            self._run("keep_not_announced", **values, due_at=microseconds(again_at) if again_at else None)

    def failing(self, hubs: Collection[str]) -> list[Failing]:
        """Count them by hub."""
        rows = self._rows("failing_hubs", hubs=json.dumps(list(hubs)))
        return [
            Failing(hub=hub, feeds=feeds, problem=problem, is_over=bool(over)) for hub, feeds, problem, over in rows
        ]

    def waiting(self, hubs: Collection[str], paths: Collection[str]) -> list[Waiting]:
        """Count them by hub; one that has been told of everything is not among them."""
        rows = self._rows("waiting_hubs", hubs=json.dumps(list(hubs)), paths=json.dumps(list(paths)))
        return [Waiting(hub=hub, feeds=feeds) for hub, feeds in rows]

    # Callbacks that we push to

    def accept(self, intent: Intent, *, now: dt.datetime) -> bool:
        """Count, then keep: who has a Callback may always renew or end it."""
        with self._transaction("begin immediate"):
            is_known = bool(self._rows("callback", path=intent.path, url=intent.url))
            if intent.mode == "unsubscribe" and not is_known:
                return True
            if not is_known and self._is_full(intent):
                return False
            self._run(
                "keep_intent",
                path=intent.path,
                url=intent.url,
                host=intent.host,
                mode=intent.mode,
                lease=intent.lease // SECOND,
                secret=intent.secret,
                now=microseconds(now),
            )
        return True

    def _is_full(self, intent: Intent) -> bool:
        for (attempts,) in self._rows("intent", path=intent.path, url=intent.url):
            return bool(attempts >= MOST_ASKED_AGAIN)
        ((callbacks, asked),) = self._rows("count_of_host", host=intent.host)
        ((all_callbacks, all_asked),) = self._rows("count_of_hub")
        return bool(
            callbacks >= MOST_OF_HOST
            or asked >= MOST_ASKED_OF_HOST
            or all_callbacks >= MOST_CALLBACKS
            or all_asked >= MOST_ASKED
        )

    def claim_intents(self, *, limit: int, now: dt.datetime) -> list[Intent]:
        """Sweep, then claim."""
        with self._transaction("begin immediate"):
            self._run("sweep_intents", now=microseconds(now), before=microseconds(now - KEPT))
            rows = self._rows("due_intents", limit=limit, **_due(now))
            for _, path, url, *_, attempts in rows:
                self._run("claim_intent", path=path, url=url, attempts=attempts, until=_claim(now))
        return [
            Intent(mode=mode, path=path, url=url, host=host, lease=lease * SECOND, secret=secret, attempts=attempts)
            for mode, path, url, host, lease, secret, attempts in rows
        ]

    def confirmed(self, intent: Intent, *, now: dt.datetime) -> None:
        """Change the Callback, and drop the wish."""
        with self._transaction("begin immediate"):
            if intent.mode == "unsubscribe":
                self._run("end_callback", path=intent.path, url=intent.url)
            else:
                self._run(
                    "keep_callback",
                    path=intent.path,
                    url=intent.url,
                    host=intent.host,
                    secret=intent.secret,
                    until=microseconds(now + intent.lease),
                )
            self._run("drop_intent", **_same(intent))

    def not_confirmed(self, intent: Intent, *, again_at: dt.datetime | None) -> None:
        """Keep the row also where nothing follows: it counts."""
        with self._transaction("begin immediate"):
            self._run("postpone_intent", **_same(intent), due_at=microseconds(again_at) if again_at else None)

    def claim_callbacks(self, paths: Collection[str], *, limit: int, now: dt.datetime) -> list[Callback]:
        """Sweep, then compare each feed's file with what each Callback has."""
        with self._transaction("begin immediate"):
            self._run("sweep_callbacks", now=microseconds(now))
            rows = self._rows("due_callbacks", paths=json.dumps(list(paths)), limit=limit, **_due(now))
            for number, *_, attempts in rows:
                self._run("claim_callback", id=number, attempts=attempts, until=_claim(now))
        return [
            Callback(id=number, path=path, url=url, secret=secret, mark=mark, attempts=attempts)
            for number, path, url, secret, mark, attempts in rows
        ]

    def pushed(self, callback: Callback) -> None:
        """Keep the mark."""
        with self._transaction("begin immediate"):
            self._run("keep_pushed", id=callback.id, mark=callback.mark)

    def not_pushed(self, callback: Callback, *, again_at: dt.datetime | None) -> None:
        """Wait, or drop it."""
        with self._transaction("begin immediate"):
            if again_at:
                self._run("postpone_callback", id=callback.id, due_at=microseconds(again_at))
            else:
                self._run("drop_callback", id=callback.id)


def _due(now: dt.datetime) -> dict[str, int]:
    """Return what a due row is compared with."""
    return {"now": microseconds(now), "horizon": microseconds(now + LONGEST)}


def _claim(now: dt.datetime) -> int:
    return microseconds(now + CLAIMED)


def _same(intent: Intent) -> dict[str, object]:
    """Return what names the very wish."""
    return {
        "path": intent.path,
        "url": intent.url,
        "mode": intent.mode,
        "lease": intent.lease // SECOND,
        "secret": intent.secret,
    }
