"""A reader's life beside a publication's: an author edits, the clock stops, the reader wishes, all of it at will."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from builders import a_cadence, catalogs, some_templates
from cnddigest.audience.address import parse
from cnddigest.audience.consent import Consent
from cnddigest.audience.enrolment import Enrolment
from cnddigest.audience.replay import Replay
from cnddigest.rendering.words import Words
from cnddigest.serial.model import MAIN
from cnddigest.store.audience import SqliteAudience
from cnddigest.store.ledger import SqliteLedger
from cnddigest.store.sqlite import open_store
from cnddigest.usecases import replays
from cnddigest.usecases.replay_feeds import ReplayFeed, Wanted, of_subscription
from cnddigest.usecases.shelf import shelf
from desk import RECAP, START, Desk, a_text
from wishes import Wishing

HARU = "haru@example.net"
URL = "https://recaps.example.org/replay/token/feed.json"
Told = tuple[tuple[str, dt.datetime], ...]  # the Parts of a feed, oldest first: entry id and date


class Life(Wishing, Desk):  # type: ignore[misc]  # a record on disk, and not in memory
    """One reader in a run of their own, and the Serial it replays; nothing is out until a tick."""

    def __init__(self, path: str, **wanted: object) -> None:
        super().__init__(a_text(days=4, sessions=2))
        self.store = open_store(path)
        self.ledger, self.audience = SqliteLedger(path), SqliteAudience(path)
        self.now, self.talks = START, 8
        self.tick()
        consent = Consent(at=self.now, source="form")
        reader = Enrolment(address=parse(HARU), serial="minato", consent=consent, replay=Replay(**wanted))  # type: ignore[arg-type]
        self.number = self.audience.enrol([reader], now=self.now)[-1].subscription.number

    # What happens

    def wait(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    def tick(self) -> None:
        """Do what the scheduler does at a knock."""
        self.publish(self.now)
        replays.advance(self.audience, self.public, now=self.now)

    def retitle(self, talk: int) -> None:
        self._edit(f"(## 発表{talk:03d}の題)", r"\1、改")

    def reword(self, talk: int) -> None:
        self._edit(f"(本文{talk:03d}です。)", r"\1書き足しました。")

    def retime(self, talk: int, hour: int) -> None:
        """Tell, or correct, when a talk began."""
        self._edit(f"(## 発表{talk:03d}の題[^\n]*\n\n)(?:時間：[^\n]*\n\n)?", rf"\g<1>時間：{hour:02}:00〜\n\n")

    def withdraw(self, talk: int) -> None:
        self._edit(f"## 発表{talk:03d}の題.*?(?=\n# |\n## )", "")

    def append(self) -> None:
        """Add a talk to the last day."""
        self.talks += 1
        talk = f"## 発表{self.talks:03d}の題\n\nhttps://event.example/talks/{self.talks}\n\n本文{self.talks:03d}です。"
        self._edit("(?=# おわりに)", talk + "\n\n")

    def _edit(self, old: str, new: str) -> None:
        self.inputs.recaps[RECAP] = re.sub(old, new, self.inputs.recaps[RECAP], count=1, flags=re.DOTALL)

    def cadence(self, **fields: object) -> None:
        """Edit the configuration of the public run, as whoever publishes it does."""
        (serial,) = self.publication.serials
        self.publication = replace(self.publication, serials=(replace(serial, cadence=a_cadence(**fields)),))
        self.inputs.settings = repr(fields)

    # What is seen

    @property
    def released(self) -> Mapping[int, dt.datetime]:
        """Return the public Parts that are out, with their moments."""
        return {found.number: found.release_at for found in self.store.headlines("minato", released=True)}

    @property
    def coming(self) -> list[dt.datetime]:
        """Return the moments of the reader's Parts that are to come."""
        return [date.release_at for date in self.calendar if date.released_at is None]

    @property
    def there(self) -> dict[int, dt.datetime]:
        """Return the reader's Parts by their calendar."""
        return {date.part: date.release_at for date in self.calendar if date.released_at}

    @property
    def told(self) -> Told:
        """Return what the reader's feed tells."""
        found = shelf(self.store, self.publication, "minato", style="", templates=_templates, words=_words)
        run = of_subscription(self.subscription, language="")
        assert found
        assert run
        wanted = Wanted(name="feed.json", archive=None, url=URL, knows=lambda _: False)
        document = ReplayFeed(found, run, now=self.now).document(wanted)
        assert document
        items = json.loads(document.body or b"")["items"][::-1]
        dated = [(item["id"], dt.datetime.fromisoformat(item["date_published"])) for item in items]
        return tuple((name, at) for name, at in dated if "/part-" in name)

    @property
    def queued(self) -> Mapping[str, list[int]]:
        """Return the same without the public run."""
        return {run: parts for run, parts in super().queued.items() if run != MAIN}


_templates = cache(some_templates)


def _words(language: str, zone: dt.tzinfo) -> Words:
    return Words(language or "ja", zone, catalogs())  # type: ignore[arg-type]
