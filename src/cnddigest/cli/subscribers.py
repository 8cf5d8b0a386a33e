"""`cnddigest subscribers`: who listens, with whose consent; in and out as CSV and JSON."""

import sys
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING

import click

from cnddigest.cli import lists, options, people, wishes
from cnddigest.cli.output import begun
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.audience.enrolment import Enrolled, Enrolment
    from cnddigest.config import Settings
    from cnddigest.wiring import Opened

BY_COMMAND = "added by the publisher"

replayed = [
    click.option("--replay", is_flag=True, help="On a timeline of their own, from the first Part."),
    click.option("--start", metavar="WHEN", default="", help="`now`, or a date."),
    click.option(
        "--every", metavar="RHYTHM", default="", help="day, weekday, mon,thu, 2d, original, 90m; else the Serial's."
    ),
    click.option("--at", metavar="HH:MM", default="", help="Wall clock; else the Serial's."),
    click.option("--per", metavar="N", default="", help="So many Parts at a time."),
    click.option("--timezone", metavar="TZ", default="", help="As in Asia/Tokyo; else the publication's."),
]


@click.group("subscribers", cls=options.Group, epilog="Example: cnddigest subscribers list")
def command() -> None:
    """Take people in, show them, let them go."""


command.add_command(wishes.change)


@command.command("add", epilog="Example: cnddigest subscribers add haru@example.net")
@click.argument("address", metavar="ADDRESS")
@options.serial
@click.option("--name", default="", help="Stands in the To field.")
@click.option("--language", default="", metavar="L", help="ja, en; else the publication's.")
@click.option("--confirmed", is_flag=True, help="They said yes already: no question by mail.")
@click.option("--consent-source", metavar="TEXT", help="Where they said it; needed with --confirmed.")
@options.all_of(replayed)
@options.shared()
def add(request: options.Request, address: str, serial: str | None, **said: str) -> None:
    """Take one person in; without --confirmed they are asked by mail first."""
    settings = request.settings()
    entry = _entry(request, settings, address, serial, said)
    from cnddigest import wiring
    from cnddigest.usecases import subscribe

    with wiring.open_publication(settings) as opened:
        office = opened.office
        enrolled, asked = subscribe.add(office.audience, office.tokens, entry, now=request.now)
        if request.as_json:
            request.terminal.document(people.shown(request, opened, entry.address))
            return
    request.terminal.report(f"{enrolled.outcome.value}: {entry.address.display}, {enrolled.subscription.status.value}")
    _tell_of_asking(request, enrolled, asked=asked)


def _tell_of_asking(request: options.Request, enrolled: "Enrolled", *, asked: bool) -> None:
    from cnddigest.audience.suppression import LASTING

    order, pending = enrolled.suppressed, enrolled.subscription.status.value == "pending"
    if asked:
        request.terminal.report("asked by mail; `cnddigest deliver` sends it")
    elif pending and order not in LASTING:
        request.terminal.talk("not asked: this address was asked as often as it may be within a day")
    if order in LASTING:
        request.terminal.talk(f"suppressed, {order}: nothing is mailed there, and no yes changes that")
    elif order:
        way = "until they confirm" if pending else "until they say yes by mail: add them without --confirmed"
        request.terminal.talk(f"suppressed, {order}: no Issue goes there {way}")


def _entry(
    request: options.Request, settings: "Settings", address: str, serial: str | None, said: dict[str, str]
) -> "Enrolment":
    from cnddigest.audience.address import one_line
    from cnddigest.audience.consent import Consent
    from cnddigest.audience.enrolment import Enrolment

    source = one_line(said["consent_source"] or "")
    if said["confirmed"] and not source:
        raise WrongUse("no source of the consent", hint='say where they agreed: --consent-source "paper form"')
    consent = Consent(at=request.now, source=source, text=BY_COMMAND) if said["confirmed"] else None
    return Enrolment(
        address=options.address(address),
        serial=options.one_serial(settings, serial),
        name=one_line(said["name"]),
        language=people.language(said["language"]),
        consent=consent,
        replay=people.replay(said),
        afresh=True,
    )


@command.command("import", epilog="Example: cnddigest subscribers import people.csv")
@click.argument("file", metavar="FILE")
@options.serial
@click.option("--encoding", metavar="NAME", default="", help="As in shift_jis, euc-jp; else the letters tell.")
@options.shared()
def import_(request: options.Request, file: str, serial: str | None, encoding: str) -> int:
    """Take a list in: ours, or an export of listmonk, Mailchimp or Mailman; `-` reads standard input.

    A row with `consent_at` is on the list at once, any other person is asked by mail. Nobody who left comes back.
    """
    settings = request.settings()
    serial = options.known_serial(settings, serial)
    from cnddigest import wiring
    from cnddigest.audience.encoding import codec
    from cnddigest.audience.reading import read
    from cnddigest.usecases import subscribe

    encoding = codec(encoding) if encoding else ""
    guesses: list[str] = []
    with ExitStack() as stack:
        source = stack.enter_context(lists.opened(file))
        progress = stack.enter_context(request.terminal.progress())
        opened = stack.enter_context(wiring.open_publication(settings))
        rules = subscribe.Rules(
            serials=tuple(each.slug for each in settings.publication.serials),
            serial=serial,
            now=request.now,
            parts=cache(lambda slug: len(opened.plan(serial=slug, now=request.now)[0].parts)),
        )
        gulps = lists.Gulps(source, file)
        office = opened.office
        done = subscribe.take_in(
            office.audience,
            office.tokens,
            read(gulps, now=request.now, encoding=encoding, guessed=guesses.append, serial_needed=not rules.default),
            rules,
            progress=lambda what, rows, _: progress(f"{what}, {rows:,} rows", gulps.read, max(gulps.size, gulps.read)),
        )
    if request.as_json:
        request.terminal.document(lists.wire(done, *guesses))
    else:
        lists.tell(request, done, *guesses)
    return int(bool(done.rejected))


@command.command("export", epilog="Example: cnddigest subscribers export --csv")
@options.serial
@click.option("--csv", "as_csv", is_flag=True, help="As a table (the default); --json as JSON.")
@options.shared()
def export(request: options.Request, serial: str | None, *, as_csv: bool) -> None:
    """Write everybody, with consent and position, so that `import` reads it again."""
    if as_csv and request.as_json:
        raise WrongUse("either --csv or --json")
    settings = request.settings()
    serial = options.known_serial(settings, serial)
    from cnddigest import wiring
    from cnddigest.audience.rows import to_csv, to_json

    with wiring.open_publication(settings) as opened:
        rows = begun(people.rows(opened, serial))
        for text in to_json(rows) if request.as_json else to_csv(rows):
            request.terminal.data(text.encode())


@command.command("list", epilog="Example: cnddigest subscribers list --json")
@options.serial
@options.shared()
def list_(request: options.Request, serial: str | None) -> None:
    """Show everybody, in the order in which they came."""
    settings = request.settings()
    serial = options.known_serial(settings, serial)
    from cnddigest import wiring

    with wiring.open_publication(settings) as opened:
        if request.as_json:
            lines = people.listed(opened, serial)
            request.terminal.stream({"schema": "cnddigest/subscribers/1"}, "subscribers", lines)
            return
        heads, zone = ("Address", "Serial", "Status", "Position", "Consent"), settings.publication.timezone
        rows = [people.row(opened, listener, zone) for listener in opened.office.people.listeners(serial)]
    if rows:
        request.terminal.columns(heads, rows, right=[3])
    else:
        request.terminal.report("nobody yet")


@command.command("show", epilog="Example: cnddigest subscribers show haru@example.net --json")
@click.argument("address", metavar="ADDRESS")
@options.shared()
def show(request: options.Request, address: str) -> None:
    """Show one person: Subscriptions, consent, links, and what comes when."""
    settings = request.settings()
    from cnddigest import wiring

    with wiring.open_publication(settings) as opened:
        wanted = options.address(address)
        found = people.shown(request, opened, wanted)
        order = opened.office.audience.suppression(wanted.key)
    if request.as_json:
        request.terminal.document(found)
    else:
        people.tell(request, found, order.reason if order else "")


@command.command("confirm", epilog="Example: cnddigest subscribers confirm TOKEN")
@click.argument("token", metavar="TOKEN")
@options.shared()
def confirm(request: options.Request, token: str) -> None:
    """Do what the link of a confirmation message does."""
    settings = request.settings()
    from cnddigest import wiring
    from cnddigest.usecases import subscribe

    with wiring.open_publication(settings) as opened:
        office = opened.office
        text = people.asked(opened)
        listener = subscribe.confirm(office.audience, office.tokens, token, text=text, now=request.now)
        _answer(request, opened, listener.subscriber.address, "confirmed")


@command.command("unsubscribe", epilog="Example: cnddigest subscribers unsubscribe TOKEN")
@click.argument("token", metavar="TOKEN")
@options.shared()
def unsubscribe(request: options.Request, token: str) -> None:
    """Do what the unsubscribe link of a message does."""
    settings = request.settings()
    from cnddigest import wiring
    from cnddigest.usecases import subscribe

    with wiring.open_publication(settings) as opened:
        listener = subscribe.unsubscribe(opened.office.audience, opened.office.tokens, token)
        _answer(request, opened, listener.subscriber.address if listener else "", "unsubscribed")


def _answer(request: options.Request, opened: "Opened", address: str, done: str) -> None:
    if request.as_json:
        found = people.shown(request, opened, options.address(address)) if address else people.nobody()
        request.terminal.document(found)
    else:
        request.terminal.report(f"{done}: {address}" if address else f"{done} before")


@command.command("remove", epilog="Example: cnddigest subscribers remove haru@example.net --erase")
@click.argument("address", metavar="ADDRESS")
@click.option("--erase", is_flag=True, help="Out of every byte of the record; what was mailed stays counted.")
@options.shared()
def remove(request: options.Request, address: str, *, erase: bool) -> None:
    """Forget a person; that they must not be mailed is remembered."""
    settings, found = request.settings(), options.address(address)
    from cnddigest import wiring
    from cnddigest.usecases import subscribe

    with wiring.open_publication(settings) as opened:
        office = opened.office
        subscribe.remove(office.audience, office.tokens, found, erase=erase, now=request.now)
    _done(request, "removed", found.display, erased=erase)


@command.command("suppress", epilog="Example: cnddigest subscribers suppress haru@example.net")
@click.argument("address", metavar="ADDRESS")
@click.option("--lift", is_flag=True, help="Take it back, whatever it came from; needs --reason.")
@click.option("--reason", metavar="R", help="Why, for whoever asks later.")
@options.shared()
def suppress(request: options.Request, address: str, reason: str | None, *, lift: bool) -> None:
    """Never mail an address again, whoever imports it; only their own confirmation lifts that.

    Nothing but --lift takes back what a hard bounce or a complaint led to, where that was a mistake. It mails nobody:
    ask them again by `subscribers add`.
    """
    settings, found = request.settings(), options.address(address)
    from cnddigest import wiring
    from cnddigest.audience.address import one_line
    from cnddigest.usecases import subscribe

    words = one_line(reason or "")
    if lift and not words:
        raise WrongUse("no reason is given", hint='say why it was a mistake: --reason "the relay was set up wrong"')
    with wiring.open_publication(settings) as opened:
        office = opened.office
        if lift:
            was = subscribe.lift(office.audience, office.tokens, found, why=words, now=request.now)
        else:
            new = subscribe.suppress(office.audience, found, reason=words or None, now=request.now)
    if lift:
        _done(request, "lifted", found.display, was=was)
    else:
        _done(request, "suppressed", found.display, new=new)


def _done(request: options.Request, verb: str, address: str, **facts: bool | str) -> None:
    if request.as_json:
        request.terminal.document({"schema": f"cnddigest/{verb}/1", "address": address, **facts})
    else:
        sys.stdout.flush()
        request.terminal.report(f"{verb}: {address}")
