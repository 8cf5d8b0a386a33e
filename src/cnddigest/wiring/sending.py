"""Sending: Issues are made, messages leave, and what comes back is read."""

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from cnddigest.clock import exact, now
from cnddigest.delivery.retry import Patience
from cnddigest.recap.model import Finding
from cnddigest.serial.model import MAIN
from cnddigest.store.lease import lease
from cnddigest.usecases.bounce import BounceLine, Desk, refused, take_back
from cnddigest.usecases.deliver import deliver
from cnddigest.usecases.letters import Letters, proof
from cnddigest.usecases.post import DeliveryReport, Post
from cnddigest.usecases.report import Remark
from cnddigest.usecases.shop import Progress
from cnddigest.wiring import exchange
from cnddigest.wiring.cabinet import Cabinet
from cnddigest.wiring.composer import Composer

if TYPE_CHECKING:
    from cnddigest.delivery.dkim import Sealer
    from cnddigest.rendering.templates import Templates


class Sending:
    """What leaves a publication by mail."""

    def __init__(self, cabinet: Cabinet, templates: "Callable[[str], Templates]") -> None:
        """Take what is open, and templates in a reader's language."""
        self._cabinet = cabinet
        self._templates = templates

    def deliver(
        self,
        *,
        clock: Callable[[], dt.datetime],
        progress: Progress,
        serial: str | None = None,
        limit: int | None = None,
        stop: threading.Event | None = None,
    ) -> DeliveryReport:
        """Send what is due; nothing is where there is no record."""
        if not self._cabinet.is_there:
            return DeliveryReport()
        mail = self._cabinet.settings.mail
        stop = stop or threading.Event()
        post = Post(
            ledger=self._cabinet.ledger,
            transport=exchange.transport(self._cabinet.settings, stop),
            compose=self._composer(clock).compose,
            patience=Patience(retry_for=mail.retry_for, hold=mail.in_doubt == "hold"),
            lease=lease(),
            lease_for=mail.lease,
            rates=exchange.rates(self._cabinet.settings.mail),
            clock=clock,
            exact=_moving(clock),
            chance=random.random,
            stop=stop,
            refused=lambda attempts: refused(self.desk(clock()), attempts),
            arrived=exchange.arrived(self._cabinet.settings.mail, self._cabinet.tags()),
            progress=progress,
        )
        return deliver(post, serial=serial, limit=limit)

    def take_back(self, source: str, data: bytes, *, now: dt.datetime) -> Iterator[BounceLine]:
        """Yield what a returned message says, and what followed."""
        return take_back(self.desk(now), source, data)

    def desk(self, now: dt.datetime) -> Desk:
        """Return what reading returned mail works with."""
        return Desk(audience=self._cabinet.audience, ledger=self._cabinet.ledger, tokens=self._cabinet.tokens, now=now)

    def proof(self) -> None:
        """Look whether the templates of what is mailed can be used; raises BadTemplate."""
        proof(self._cabinet.settings.publication, self._templates(""), sender=self._cabinet.settings.mail.sender)

    def prepare(self, released: Iterable[tuple[str, int]]) -> Iterator[Remark]:
        """Render the Issues of Parts that were just released, and yield what their author should know."""
        letters = self.letters()
        for serial, part in released:
            issue = self._cabinet.ledger.find_issue(serial, MAIN, part)
            if issue is not None and letters.of(issue, self._cabinet.ledger.issue(issue)).shortened:
                said = f"part {part} is longer than mail programs show, its Issue leads on to the web"
                yield Remark(
                    about=serial, finding=Finding(rule="shortened-issue", severity="warning", line=0, message=said)
                )

    def letters(self) -> Letters:
        """Return what is the same for everyone, as it is now."""
        mail = self._cabinet.settings.mail
        return Letters(
            self._cabinet.ledger,
            self._cabinet.open_store,
            self._cabinet.settings.publication,
            self._templates,
            sender=mail.sender,
            reply_to=mail.reply_to,
        )

    def _composer(self, clock: Callable[[], dt.datetime]) -> Composer:
        bounces = self._cabinet.settings.mail.bounces
        return Composer(
            self.letters(),
            self._cabinet.tokens,
            self.sealer,
            bounces=bounces,
            base_url=self._cabinet.base_url,
            clock=clock,
        )

    @cached_property
    def sealer(self) -> "Sealer | None":
        """Return what signs messages, None without keys; raises BadConfiguration for a key that can't be used."""
        return exchange.sealer(self._cabinet.settings.mail.dkim)


def _moving(clock: Callable[[], dt.datetime]) -> Callable[[], dt.datetime]:
    """Return a clock to the microsecond that moves on from where the other one stands."""
    ahead = clock() - now()
    return lambda: exact() + ahead
