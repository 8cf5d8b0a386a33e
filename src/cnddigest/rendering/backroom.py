"""What the publisher's pages say beyond their templates: names of statuses, and charts of days."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from cnddigest.rendering.charts import Bar, Chart, svg
from cnddigest.rendering.markup import Html
from cnddigest.rendering.words import Words
from cnddigest.serial.model import MAIN

KINDS = ("sent", "waiting", "returned", "doubtful", "suppressed")  # from the bottom of a bar to its top
KNOWN = "known"  # the run of the message to somebody who is subscribed already
BY_MAIL = "confirmed by mail"  # how the record calls it that somebody pressed the button of the page for it
MINUTE = dt.timedelta(minutes=1)
Names = Mapping[str, Callable[[Words], str]]
Days = Sequence[tuple[dt.date, tuple[int, ...]]]  # a day and the values of its bar

STATUSES: Names = {
    "queued": lambda words: words.text("queued"),
    "claimed": lambda words: words.text("queued"),
    "sending": lambda words: words.text("being sent"),
    "deferred": lambda words: words.text("waiting to retry"),
    "sent": lambda words: words.text("sent"),
    "failed": lambda words: words.text("refused"),
    "bounced": lambda words: words.text("bounced"),
    "suppressed": lambda words: words.text("do not mail"),
    "in_doubt": lambda words: words.text("in doubt"),
}
GROUPS: Names = {
    "sent": lambda words: words.text("sent"),
    "waiting": lambda words: words.text("waiting"),
    "returned": lambda words: words.text("refused or bounced"),
    "doubtful": lambda words: words.text("in doubt"),
    "suppressed": lambda words: words.text("do not mail"),
}
SUBSCRIPTIONS: Names = {
    "pending": lambda words: words.text("awaiting confirmation"),
    "active": lambda words: words.text("subscribed"),
    "ended": lambda words: words.text("unsubscribed"),
}
BOUNCES: Names = {
    "hard": lambda words: words.text("permanent"),
    "soft": lambda words: words.text("temporary"),
    "complaint": lambda words: words.text("complaint"),
}
REASONS: Names = {
    "hard_bounce": lambda words: words.text("bounced permanently"),
    "soft_bounce": lambda words: words.text("bounced too often"),
    "complaint": lambda words: words.text("complaint"),
    "manual": lambda words: words.text("by the publisher"),
}
PROBLEMS: Mapping[str, Callable[[Words, int, str, str], str]] = {  # how many, of what, since when
    "repeated": lambda words, count, name, _: words.plural(
        "{name}: {count} message that may have arrived is sent again.",
        "{name}: {count} messages that may have arrived are sent again.",
        count,
        name=name,
    ),
    "silent": lambda words, _, __, since: words.text("The scheduler has done nothing since {moment}.", moment=since),
    "failing": lambda words, *_: words.text("The scheduler can't do its work:"),
    "stuck": lambda words, _, __, since: words.text("Email has been waiting to be sent since {moment}.", moment=since),
    "deaf": lambda words, _, name, __: words.text("The hub {name} could not be notified:", name=name),
    "abandoned": lambda words, _, name, __: words.text(
        "The hub {name} could not be notified, and is no longer tried:", name=name
    ),
}


def problem(words: Words, kind: str, *, count: int, name: str, since: dt.datetime | None) -> str:
    """Return what somebody must mend, in words that what an error said may follow; `""` for what has none."""
    return PROBLEMS[kind](words, count, name, words.moment(since) if since else "") if kind in PROBLEMS else ""


def status(words: Words, name: str) -> str:
    """Return the name of a Delivery's status."""
    return STATUSES[name](words) if name in STATUSES else name


def run(words: Words, name: str) -> str:
    """Return whose moments those of a run are."""
    return words.text("with everyone") if name == MAIN else words.text("at their own pace")


def letter(words: Words, run: str, part: int | None) -> str:
    """Return what somebody was sent: a Part, or a message about the Subscription itself."""
    if part is not None:
        return words.text("Part {number}", number=part)
    return words.text("already subscribed") if run == KNOWN else words.text("confirmation")


def consent(words: Words, source: str) -> str:
    """Return where somebody agreed; a publisher's own words stay as they are."""
    return words.text("confirmed by email") if source == BY_MAIL else source


def subscription(words: Words, name: str) -> str:
    """Return the name of a Subscription's status."""
    return SUBSCRIPTIONS[name](words) if name in SUBSCRIPTIONS else name


def bounce(words: Words, kind: str) -> str:
    """Return what it means that a message came back."""
    return BOUNCES[kind](words) if kind in BOUNCES else kind


def reason(words: Words, name: str) -> str:
    """Return why somebody is not mailed; a publisher's own words stay as they are."""
    return REASONS[name](words) if name in REASONS else name


def legend(words: Words, days: Days) -> list[tuple[str, str, int]]:
    """Return class, name and sum of what the bars of mail are made of; what never happens is left out."""
    sums = [(kind, GROUPS[kind](words), sum(values[place] for _, values in days)) for place, kind in enumerate(KINDS)]
    return [each for each in sums if each[2] or each[0] == KINDS[0]]


def mail_chart(words: Words, days: Days) -> Html:
    """Draw how the mail of each day stands: as many values as KINDS."""
    summary = words.plural("{count} message queued", "{count} messages queued", sum(sum(values) for _, values in days))
    title = words.text("Email by day queued")
    bars = tuple(Bar(label=words.date(on), values=values, said=_said(words, on, values)) for on, values in days)
    return svg(Chart(name="mail", title=title, summary=summary, kinds=KINDS, bars=bars))


def joined_chart(words: Words, days: Days) -> Html:
    """Draw how many asked to subscribe on each day."""
    total = sum(count for _, (count,) in days)
    summary = words.plural("{count} new subscription", "{count} new subscriptions", total)
    title = words.text("New subscriptions by day")
    bars = tuple(
        Bar(label=words.date(on), values=values, said=f"{words.date(on)}: {words.number(values[0])}")
        for on, values in days
    )
    return svg(Chart(name="joined", title=title, summary=summary, kinds=("joined",), bars=bars))


def _said(words: Words, on: dt.date, values: tuple[int, ...]) -> str:
    counted = zip(KINDS, values, strict=True)
    counts = [f"{words.number(value)} {GROUPS[kind](words)}" for kind, value in counted if value]
    return f"{words.date(on)}: {words.text(', ').join(counts)}"


def health(words: Words, knocked_at: dt.datetime | None, *, runs: bool, now: dt.datetime) -> str:
    """Return how the scheduler is, in a sentence."""
    if not runs:
        return words.text("No scheduler is running: nothing is released automatically.")
    if knocked_at is None:
        return words.text("The scheduler has just started.")
    minutes = (now - knocked_at) // MINUTE
    if minutes <= 1:  # it knocks once a minute
        return words.text("The scheduler is running.")
    return words.plural(
        "The scheduler last ran {count} minute ago.", "The scheduler last ran {count} minutes ago.", minutes
    )
