"""One person's message: an Issue's Letter with that person's links, name and seals."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from cnddigest.audience.address import parse
from cnddigest.audience.consent import expires_at
from cnddigest.audience.replay import lap
from cnddigest.audience.tokens import CONTROLS, Control, Tokens
from cnddigest.delivery.message import Person, message, message_id, return_path
from cnddigest.delivery.model import KNOWN, Claimed, Envelope, IssueName, Key
from cnddigest.serial.model import MAIN
from cnddigest.usecases.letters import Letters

if TYPE_CHECKING:
    from cnddigest.delivery.dkim import Sealer


class Composer:
    """Makes each person's message of an Issue's Letter."""

    def __init__(  # noqa: PLR0913  a message is made of all of it
        self,
        letters: Letters,
        tokens: Tokens,
        sealer: "Sealer | None",
        *,
        bounces: str,
        base_url: str,
        clock: Callable[[], dt.datetime],
    ) -> None:
        """Compose as of the clock; `bounces` is made personal, `base_url` is what links begin with."""
        self._letters = letters
        self._tokens = tokens
        self._sealer = sealer
        self._bounces = bounces
        self._base_url = base_url
        self._clock = clock

    def compose(self, claimed: Claimed) -> Envelope:
        """Return one person's message; raises ValueError where it can't be written."""
        key = claimed.key
        addressed = self._letters.of(key.issue, claimed.issue, claimed.language)
        name = identity(addressed.tag, claimed.issue.run, claimed.issue.part, key)
        recipient = claimed.address if _is_plain(claimed.address) else parse(claimed.address, smtputf8=True).envelope
        person = Person(
            address=recipient,
            name=claimed.name,
            message_id=name,
            sent_at=self._clock(),
            **self._links(claimed.issue, key),
        )
        composed = message(addressed.letter, person)
        seals = self._sealer.seals(composed, at=person.sent_at) if self._sealer else ()
        return Envelope(
            key=key,
            sender=return_path(self._bounces, self._tokens.make_verp(key.issue, key.subscription)),
            recipient=recipient,
            message_id=name,
            segments=composed.segments(*seals),
        )

    def _links(self, issue: IssueName, key: Key) -> dict[str, str]:
        tokens, base = self._tokens, self._base_url
        preferences = f"{base}preferences/{tokens.make('preferences', key.subscription)}"
        if issue.run == KNOWN:
            return {"confirm_url": preferences}
        if issue.part is None:
            token = tokens.make_confirm(key.subscription, expires_at(issue.queued_at))
            return {"confirm_url": f"{base}confirm/{token}"}
        return {
            "unsubscribe_url": f"{base}unsubscribe/{tokens.make('unsubscribe', key.subscription)}",
            "preferences_url": preferences,
            **(self._pace(issue, issue.part, key) if issue.run != MAIN else {}),
        }

    def _pace(self, issue: IssueName, part: int, key: Key) -> dict[str, str]:
        controls = [
            Control(wish=wish, subscription=key.subscription, lap=lap(issue.run), part=part) for wish in CONTROLS
        ]
        return {f"{each.wish}_url": f"{self._base_url}pace/{self._tokens.make_control(each)}" for each in controls}


def identity(tag: str, run: str, part: int | None, key: Key) -> str:
    """Return a Delivery's Message-ID; `tag` begins the Serial's entry ids and names the host it began at."""
    host = tag.removeprefix("tag:").partition(",")[0] or "localhost"
    return message_id(tag, run if part else f"{run} {key.issue}", part, key.subscription, host)


def _is_plain(address: str) -> bool:
    return address.isascii() and ".." not in f"{address.partition('@')[0]}." and not address.startswith(".")
