"""What the links below a Replay's message do: the next Part now, a pause, another pace.

A mail program, a scanner or a person may follow a link any number of times, today or in a year. So a page shows
what a link would do, and does it only when it is told to.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cnddigest.audience import ladder, replay
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription, SubscriptionStatus
from cnddigest.audience.replay import Replay
from cnddigest.audience.tokens import Control, Tokens
from cnddigest.errors import WrongUse
from cnddigest.ports.audience import Audience
from cnddigest.serial.model import Every
from cnddigest.usecases import replays
from cnddigest.usecases.replays import Public, Wish

RUNGS: Mapping[str, Callable[[Every], str]] = {
    "slower": ladder.slower,
    "faster": ladder.faster,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a link would do now.

    `every` is the rhythm that it would set. `is_over` says that it does nothing any more: the Part it would bring has
    come, the run was begun again, there is no further rung, it has ended.
    """

    control: Control
    listener: Listener
    every: str = ""
    is_over: bool = False


def offer(audience: Audience, public: Public, tokens: Tokens, token: str, *, now: dt.datetime) -> Offer:
    """Return what a link would do, and change nothing; raises WrongUse for one that was altered, or a stranger's."""
    control = _read(tokens, token)
    listener = audience.listener(control.subscription)
    if listener is None or listener.subscription.replay is None:
        raise _gone()
    found = listener.subscription
    has_ended = found.status is SubscriptionStatus.ENDED
    if control.wish in RUNGS:
        every = _rung(public, found, control)
        return Offer(control=control, listener=listener, every=every, is_over=has_ended or not every)
    is_over = control.wish == "next" and _has_come(public, found, control, now)
    return Offer(control=control, listener=listener, is_over=has_ended or is_over)


def follow(  # noqa: PLR0913  who, what is public, what is trusted, which link, what its page showed, and when
    audience: Audience, public: Public, tokens: Tokens, token: str, *, every: str = "", now: dt.datetime
) -> Listener:
    """Do what a link says; what it said before, or what is over, changes nothing.

    `every` is the rhythm that its page showed: doing that twice sets it once. Raises WrongUse for a link that was
    altered, a stranger's, and where it can't be.
    """
    control = _read(tokens, token)
    try:
        shown = replay.read_every(every)
    except ValueError as error:
        raise WrongUse(str(error)) from error
    found = audience.change(
        control.subscription, lambda before: _followed(public, before, control, shown, now), now=now
    )
    if found is None:
        raise _gone()
    return found


def _followed(public: Public, before: Subscription, control: Control, every: str, now: dt.datetime) -> Subscription:
    if before.replay is None:
        raise _gone()
    if control.wish == "contents" or (control.wish == "next" and _has_come(public, before, control, now)):
        return before
    return replays.changed(before, public, _wish(public, before, control, every), now)


def _wish(public: Public, before: Subscription, control: Control, every: str) -> Wish:
    if control.wish not in RUNGS:
        return Wish(bring=control.wish == "next", pause=control.wish == "pause")
    wanted = every or _rung(public, before, control)
    if not wanted:
        raise WrongUse(f"there is no {control.wish} pace")
    return Wish(settings=lambda known: replace(known, every=wanted))


def _has_come(public: Public, found: Subscription, control: Control, now: dt.datetime) -> bool:
    """Say whether the Part after the one that a link stands under is there, or never comes in that lap."""
    dates = replays.calendar(public, found, now=now)
    had = max((date.part for date in dates if date.released_at), default=0)
    return replay.lap(found.run) != control.lap or max(had, found.position) != control.part


def _rung(public: Public, found: Subscription, control: Control) -> str:
    if not public.has(found.serial):
        return ""
    cadence = public.rhythm(found.serial, found.replay or Replay()).cadence
    return RUNGS[control.wish](cadence.every)


def _read(tokens: Tokens, token: str) -> Control:
    control = tokens.read_control(token)
    if control is None:
        raise WrongUse("this link is not valid", hint="use the link of a message as it is")
    return control


def _gone() -> WrongUse:
    return WrongUse("there is no run of their own any more", hint="subscribe again to get one")
