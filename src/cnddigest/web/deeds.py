"""What a publisher may do at `/admin/`, if the configuration lets them: each asks first, and says what it did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.responses import Response

from cnddigest.audience.address import BadAddress, parse
from cnddigest.errors import WrongUse
from cnddigest.web import pages
from cnddigest.web.lock import Stay

NOTHING = "nothing"
KEPT = ("do", "serial", "part", "address")  # fields that go from the question to the deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a button does, in words: its name, what is asked before, what was done.

    `held` is asked instead while the Serial is held, `over` where all of it is out. `act` returns how many, None for
    nothing; `many` is `done` for more than one.
    """

    name: str
    question: str
    act: Callable[[Stay], int | None]
    done: str
    many: str = ""
    held: str = ""
    over: str = ""


def deed(stay: Stay) -> Response:
    """Ask, or do what was asked."""
    words, wanted = stay.words, DEEDS.get(stay.form.get("do", ""))
    if wanted is None or not stay.writes:
        sentence = words.text("These pages are read-only. Set the key admin under [web] to allow changes.")
        return stay.say(words.text("That can't be done"), sentence, status=HTTPStatus.FORBIDDEN)
    fields = {name: stay.form.get(name, "")[:400] for name in KEPT}
    if stay.form.get("sure") != "yes":
        question = _question(stay, wanted, fields)
        return stay.show("sure", title=words.text(wanted.name), question=question, fields=fields)
    count = wanted.act(stay)
    done = NOTHING if count is None else f"{fields['do']} {count}"
    return pages.elsewhere(f"./?{urlencode({'done': done, 'sign': stay.sign(done)})}")


def _question(stay: Stay, wanted: Deed, fields: Mapping[str, str]) -> str:
    """Return what is asked before, about a Serial by its title, as it stands."""
    if not fields["serial"]:
        return stay.words.text(wanted.question, **fields)
    slug, store = _serial(stay), stay.counter.store
    totals = store.totals(slug)
    question = wanted.question
    if wanted.over and totals.released_parts == totals.parts:
        question = wanted.over
    elif wanted.held and store.will(slug).held_at:
        question = wanted.held
    return stay.words.text(question, **{**fields, "serial": stay.room.title(slug)})


def said(stay: Stay) -> str:
    """Return what was just done, as the address of a page says it; `""` for nothing, or what we did not say."""
    words, done = stay.words, stay.query.get("done", "")[:40]
    if not stay.signed(done, stay.query.get("sign", "")):
        return ""
    if done == NOTHING:
        return words.text("It was already so: nothing has changed.")
    name, _, number = done.partition(" ")
    deed, count = DEEDS[name], int(number)
    told = words.plural(deed.done, deed.many, count) if deed.many else words.text(deed.done, part=count)
    if name in ("release", "unhold") and not stay.room.knocks:
        return f"{told} {words.text('No scheduler is running: it happens at the next publish.')}"
    return told


def _serial(stay: Stay) -> str:
    found = stay.counter.serial(stay.form.get("serial", "")[:40])
    if found is None or stay.counter.store.serial(found.slug) is None:
        raise WrongUse("no such serial")
    return found.slug


def _part(stay: Stay) -> int:
    text = stay.form.get("part", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise WrongUse("no such part")
    return int(text)


def _release(stay: Stay) -> int | None:
    number = _part(stay)
    return number if stay.room.bring_forward(_serial(stay), number) else None


def _hold(stay: Stay) -> int | None:
    return 1 if stay.room.hold(_serial(stay)) else None


def _unhold(stay: Stay) -> int | None:
    return 1 if stay.room.release_hold(_serial(stay)) else None


def _missed(stay: Stay) -> int | None:
    return stay.room.resend(_serial(stay), _part(stay), doubted=False).queued


def _doubted(stay: Stay) -> int | None:
    return stay.room.resend(_serial(stay), _part(stay), doubted=True).queued


def _suppress(stay: Stay) -> int | None:
    try:
        return 1 if stay.room.suppress(parse(stay.form.get("address", "")[:400], smtputf8=True)) else None
    except BadAddress as error:
        raise WrongUse("not a mail address") from error


QUEUED = {"done": "Queued for {count} person.", "many": "Queued for {count} people."}
DEEDS: Mapping[str, Deed] = {
    "release": Deed(
        name="Release it now",
        question="Part {part} of {serial} goes out now, on the pages, in the feeds and by email. "
        "It can't be taken back.",
        act=_release,
        done="Part {part} goes out now.",
        held="{serial} is on hold. Part {part} goes out now all the same, on the pages, in the feeds and by email. "
        "It can't be taken back. Everything else stays on hold.",
    ),
    "hold": Deed(
        name="Hold releases",
        question="Nothing of {serial} is released until you resume. Email already queued is still sent.",
        act=_hold,
        done="On hold: nothing is released until you resume.",
    ),
    "unhold": Deed(
        name="Resume releases",
        question="{serial} resumes. Overdue parts come one by one, the first right away.",
        act=_unhold,
        done="Resumed.",
        over="{serial} resumes. All its parts are out: nothing comes now.",
    ),
    "missed": Deed(
        name="Send it again to everyone who missed it",
        question="Part {part} of {serial} is sent again to everyone who should have received it and did not.",
        act=_missed,
        **QUEUED,
    ),
    "doubted": Deed(
        name="Send it again to everyone in doubt",
        question="Part {part} of {serial} is sent again to everyone for whom it is unclear whether it arrived. "
        "Some may get it twice.",
        act=_doubted,
        **QUEUED,
    ),
    "suppress": Deed(
        name="Never email this address",
        question="{address} gets no more email, whatever they subscribed to.",
        act=_suppress,
        done="This address gets no more email.",
    ),
}
