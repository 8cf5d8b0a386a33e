"""The pages for people without a server: a publication on disk, its application, and whoever visits it."""

import asyncio
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path

import httpx

from cnddigest.audience.address import parse
from cnddigest.audience.consent import Consent, expires_at
from cnddigest.audience.enrolment import Enrolment, Listener
from cnddigest.audience.replay import Replay
from cnddigest.audience.tokens import Tokens
from cnddigest.config import Settings, load
from cnddigest.delivery.model import Sought, Traced
from cnddigest.store.audience import SqliteAudience
from cnddigest.store.ledger import SqliteLedger
from cnddigest.web.app import Site, site
from cnddigest.wiring.publication import Opened
from commands import RECAP, SLUG, OnDisk

START = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
HARU = "haru@example.net"
BASE = "https://recaps.example.org"
WORD = Consent(at=START, source="form")


class Visitors:
    """A publication whose pages are asked in this process; `now` is its clock."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.now = START + HOUR
        self.nudges = 0
        self._stack = ExitStack()
        opened = site(settings, clock=lambda: self.now, nudge=self._nudge, tell=lambda _: None)
        self.site: Site = self._stack.enter_context(opened)
        self.opened = Opened(settings, resident=True)
        self.audience = SqliteAudience(settings.record)
        self.ledger = SqliteLedger(settings.record)

    def _nudge(self) -> None:
        self.nudges += 1

    def close(self) -> None:
        self._stack.close()
        self.audience.close()
        self.ledger.close()
        self.opened.close()

    # Asking

    def ask(
        self,
        method: str,
        path: str,
        *,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
        client: str = "192.0.2.1",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Return an answer; a fault of the application is raised, as a server would not."""
        transport = httpx.ASGITransport(app=self.site, client=(client, 1))

        async def answer() -> httpx.Response:
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as asking:
                return await asking.request(method, path, data=form, content=body, headers=headers)

        return asyncio.run(answer())

    def get(self, path: str, **how: object) -> httpx.Response:
        return self.ask("GET", path, **how)  # type: ignore[arg-type]

    def post(self, path: str, form: Mapping[str, str] | None = None, **how: object) -> httpx.Response:
        return self.ask("POST", path, form=form or {}, **how)  # type: ignore[arg-type]

    def join(self, address: str = HARU, *, form: Mapping[str, str] | None = None, **how: object) -> httpx.Response:
        """Send the form to subscribe."""
        return self.post("/subscribe", {"serial": SLUG, "address": address, **(form or {})}, **how)

    # What is known

    @property
    def tokens(self) -> Tokens:
        return self.opened.office.tokens

    def enrol(self, address: str = HARU, *, own: bool = True, active: bool = True, **fields: object) -> Listener:
        """Take a person in, without a form."""
        fields = {"replay": Replay(every="day", at="08:00", timezone="UTC") if own else None} | fields
        consent = WORD if active else None
        entry = Enrolment(address=parse(address), serial=SLUG, consent=consent, **fields)  # type: ignore[arg-type]
        self.audience.enrol([entry], now=self.now)
        return self.person(address)

    def person(self, address: str = HARU) -> Listener:
        (found,) = self.audience.person(parse(address).key)
        return found

    def path(self, page: str, address: str = HARU) -> str:
        """Return the path of a person's page: `confirm`, or what its link is for."""
        found = self.person(address).subscription
        if page == "confirm":
            return f"/confirm/{self.tokens.make_confirm(found.number, expires_at(found.asked_at))}"
        return f"/{page}/{self.tokens.make(page, found.number)}"  # type: ignore[arg-type]

    def advance(self) -> None:
        """Let the scheduler tick."""
        self.opened.advance(now=self.now)

    @property
    def account(self) -> list[Traced]:
        return list(self.ledger.deliveries(Sought(), now=self.now))

    @property
    def queued(self) -> list[tuple[str, str, int | None]]:
        """Return whom something was queued for, of which run and Part."""
        return [(each.address, each.run, each.part) for each in self.account]

    @property
    def state(self) -> object:
        """Return all that is known of people and of what goes to them."""
        return list(self.audience.listeners()), list(self.audience.suppressions()), self.account


@contextmanager
def visiting(disk: OnDisk) -> Iterator[Visitors]:
    """Open a publication that was published."""
    found = Visitors(load(str(disk.configuration), {}))
    try:
        yield found
    finally:
        found.close()


def a_publication(folder: Path, *, everything: bool = False, recap: str = RECAP, more: str = "") -> OnDisk:
    """Return a publication whose first Part is out, or all."""
    disk = OnDisk.new(folder, recap)
    disk.configuration.write_text(disk.configuration.read_text("utf-8") + more, "utf-8")
    settings = load(str(disk.configuration), {})
    SqliteAudience(settings.record).close()
    opened = Opened(settings, resident=True)
    try:
        opened.publish(now=START, progress=lambda *_: None, everything=everything)
        assert opened.office.tokens
    finally:
        opened.close()
    return disk


def text(answer: httpx.Response) -> str:
    """Return what a page says, without its markup."""
    inside = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", f"<main{inside}")).split())
