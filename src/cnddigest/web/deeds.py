"""What a publisher may do at `/admin/`, if the configuration lets them: each asks first, and says what it did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.responses import Response

from cnddigest.audience.address import BadAddress, parse
from cnddigest.errors import WrongUse
from cnddigest.rendering.words import Words
from cnddigest.web import pages
from cnddigest.web.lock import Stay

KEPT = ("do", "serial", "part", "address")  # fields that go from the question to the deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a button does: its name, what is asked before, what was done. `act` returns how many, None for nothing."""

    name: Callable[[Words], str]
    question: Callable[[Words, Mapping[str, str]], str]
    act: Callable[[Stay], int | None]
    done: Callable[[Words, int], str]


def deed(stay: Stay) -> Response:
    """Ask, or do what was asked."""
    words, wanted = stay.words, DEEDS.get(stay.form.get("do", ""))
    if wanted is None or not stay.writes:
        sentence = words.text("These pages are read-only. Set the key admin under [web] to allow changes.")
        return stay.say(words.text("That can't be done"), sentence, status=HTTPStatus.FORBIDDEN)
    fields = {name: stay.form.get(name, "")[:400] for name in KEPT}
    if stay.form.get("sure") != "yes":
        title = wanted.name(words)
        return stay.show("sure", title=title, question=wanted.question(words, fields), fields=fields)
    count = wanted.act(stay)
    done = {"done": fields["do"], "n": count} if count is not None else {"done": "nothing"}
    return pages.elsewhere(f"./?{urlencode(done)}")


def said(stay: Stay) -> str:
    """Return what was just done, as the address of a page says it; `""` for nothing."""
    words, done, number = stay.words, stay.query.get("done", ""), stay.query.get("n", "")
    if done == "nothing":
        return words.text("It was already so: nothing has changed.")
    if done not in DEEDS:
        return ""
    told = DEEDS[done].done(words, int(number) if number.isascii() and number.isdigit() and len(number) < 12 else 0)
    if done in ("release", "unhold") and not stay.room.knocks:
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


DEEDS: Mapping[str, Deed] = {
    "release": Deed(
        name=lambda words: words.text("Release it now"),
        question=lambda words, said: words.text(
            "Part {part} of {serial} goes out now, on the pages, in the feeds and by email. It can't be taken back.",
            **said,
        ),
        act=_release,
        done=lambda words, count: words.text("Part {part} goes out now.", part=count),
    ),
    "hold": Deed(
        name=lambda words: words.text("Hold releases"),
        question=lambda words, said: words.text(
            "Nothing of {serial} is released until you resume. Email already queued is still sent.", **said
        ),
        act=_hold,
        done=lambda words, _: words.text("On hold: nothing is released until you resume."),
    ),
    "unhold": Deed(
        name=lambda words: words.text("Resume releases"),
        question=lambda words, said: words.text(
            "{serial} resumes. Overdue parts come one by one, the first right away.", **said
        ),
        act=_unhold,
        done=lambda words, _: words.text("Resumed."),
    ),
    "missed": Deed(
        name=lambda words: words.text("Send it again to everyone who missed it"),
        question=lambda words, said: words.text(
            "Part {part} of {serial} is sent again to everyone who should have received it and did not.", **said
        ),
        act=_missed,
        done=lambda words, count: words.plural("Queued for {count} person.", "Queued for {count} people.", count),
    ),
    "doubted": Deed(
        name=lambda words: words.text("Send it again to everyone in doubt"),
        question=lambda words, said: words.text(
            "Part {part} of {serial} is sent again to everyone for whom it is unclear whether it arrived. "
            "Some may get it twice.",
            **said,
        ),
        act=_doubted,
        done=lambda words, count: words.plural("Queued for {count} person.", "Queued for {count} people.", count),
    ),
    "suppress": Deed(
        name=lambda words: words.text("Never email this address"),
        question=lambda words, said: words.text("{address} gets no more email, whatever they subscribed to.", **said),
        act=_suppress,
        done=lambda words, _: words.text("This address gets no more email."),
    ),
}
