"""Consent, and how often and how long a person is asked for it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

CONFIRM_WITHIN = dt.timedelta(days=30)  # after that nobody remembers having asked
ASK_AT_MOST = 3  # confirmation messages for one address, over all Serials
ASK_WITHIN = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A person's word: when it was given, where, and the text that was shown.

    `source` is for people: `confirmed by mail`, `Mailchimp export`, `paper form at the desk`. `text` is `""` where
    nobody kept it.
    """

    at: dt.datetime
    source: str
    text: str = ""


def may_ask(asked_at: Iterable[dt.datetime], now: dt.datetime) -> bool:
    """Say whether one more confirmation message may go to an address that was asked at these moments.

    Moments after `now` count too: a clock that was set back is no reason to write more often.
    """
    return sum(moment > now - ASK_WITHIN for moment in asked_at) < ASK_AT_MOST


def expires_at(asked_at: dt.datetime) -> dt.datetime:
    """Return the moment at which a Subscription that was not confirmed ends, and its links with it."""
    return asked_at + CONFIRM_WITHIN


def has_expired(asked_at: dt.datetime, now: dt.datetime) -> bool:
    """Say whether it is too late to confirm."""
    return now >= expires_at(asked_at)
