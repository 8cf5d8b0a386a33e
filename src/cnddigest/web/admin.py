"""The publisher's pages: `/admin/` and what lies below it."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cnddigest.audience.address import BadAddress, masked, parse
from cnddigest.ports.lookout import Troubled
from cnddigest.rendering import backroom
from cnddigest.rendering.words import Words
from cnddigest.usecases import overview
from cnddigest.usecases.problem import Problem
from cnddigest.web import deeds, pages
from cnddigest.web.clerk import Clerk
from cnddigest.web.lock import Stay, door, leave, room

MOST = 50  # questions that wait: behind the lock sits one person, and a browser with all its tabs asks ten at once
ERASED = "hmac:"  # what the name of somebody who was erased begins with
PAGE = 50  # lines of a list
FROM_THE_BEGINNING = (0, 0)
LONGEST = 400  # characters of an address that somebody looks for


def routes(clerk: Clerk) -> list[BaseRoute]:
    """Return the ways in; none of them is a visitor's."""
    return [
        Route("/admin", _inside),
        door("/admin/login", clerk),
        room("/admin/", clerk, get=front),
        room("/admin/part", clerk, get=part),
        room("/admin/person", clerk, get=person, post=found),
        room("/admin/bounces", clerk, get=bounces),
        room("/admin/deed", clerk, post=deeds.deed),
        room("/admin/logout", clerk, post=leave),
    ]


async def _inside(_: Request) -> Response:
    return pages.elsewhere("admin/")


def front(stay: Stay) -> Response:
    """Show how things stand."""
    words, now = stay.words, stay.now
    days = stay.room.days()
    mail = [day.column for day in days]
    status = stay.room.status()
    knocked = status.scheduler
    titles = {each.serial: each.title for each in status.serials}
    return stay.show(
        "overview",
        title=words.text("Overview"),
        status_now=status,
        problems=[_problem(words, each, titles) for each in status.problems],
        titles=titles,
        zone=words.zone(),
        doubts=stay.room.doubts(),
        said=deeds.said(stay),
        coming=stay.room.coming(),
        lately=stay.room.lately(),
        mail=backroom.mail_chart(words, mail),
        joined=backroom.joined_chart(words, [(day.on, (day.joined,)) for day in days]),
        top_mail=max(day.mail.total for day in days),
        top_joined=max(day.joined for day in days),
        days=days,
        legend=backroom.legend(words, mail),
        health=backroom.health(
            words, knocked.knocked_at if knocked else None, runs=bool(knocked and knocked.holder), now=now
        ),
    )


def _problem(words: Words, problem: Problem, titles: Mapping[str, str]) -> dict[str, str]:
    """Return it in the reader's language; what an error said stays in English, and all of what we have no words for."""
    name = titles.get(problem.name, problem.name)
    text = backroom.problem(words, problem.kind, count=problem.count, name=name, since=problem.since)
    return {"text": text, "english": problem.detail if text else problem.sentence}


def part(stay: Stay) -> Response:
    """Show who got a Part, and who did not."""
    words, query = stay.words, stay.query
    serial = stay.counter.serial(query.get("serial", "")[:40])
    number = _whole(query.get("part", ""))
    headline = (
        next(stay.counter.store.headlines(serial.slug, first=number, last=number), None) if serial and number else None
    )
    if serial is None or headline is None:
        return _nothing(stay)
    slug = serial.slug
    counted = stay.room.mail_of(slug, number)
    known = stay.room.kinds(slug, number)
    chosen = query.get("status", "")
    if chosen not in known:
        chosen = next(iter(known), "")
    after = _key(query.get("after", ""))
    rows = stay.room.troubled(slug, number, chosen, after=after, count=PAGE + 1) if chosen else []
    return stay.show(
        "part",
        title=words.text("Part {number}", number=number),
        masthead=stay.counter.masthead(slug),
        headline=headline,
        held=stay.counter.store.will(slug).held_at,
        said=deeds.said(stay),
        counted=counted,
        kinds=[(each, count, backroom.status(words, each)) for each, count in known.items()],
        chosen=chosen,
        chosen_word=backroom.status(words, chosen) if chosen else "",
        rows=[_troubled(words, each) for each in rows[:PAGE]],
        further=f"{rows[PAGE - 1].issue}-{rows[PAGE - 1].subscription}" if len(rows) > PAGE else None,
        is_first=after == FROM_THE_BEGINNING,
        is_next=headline.released_at is None and number == stay.counter.store.totals(slug).released_parts + 1,
    )


def _troubled(words: Words, row: Troubled) -> dict[str, object]:
    return {
        "address": masked(row.address) if row.address else "",
        "run": backroom.run(words, row.run),
        "attempts": row.attempts,
        "at": row.at,
        "reply": overview.veiled(row.reply, row.address),
    }


def person(stay: Stay) -> Response:
    """Ask for an address."""
    return _person(stay)


def found(stay: Stay) -> Response:
    """Show what is known of who has this very address."""
    said = stay.form.get("address", "")[:LONGEST]
    try:
        address = parse(said, smtputf8=True)
    except BadAddress:
        return _person(stay, said, wrong=stay.words.text("This doesn't look like an email address."))
    listeners, letters, order = stay.room.person(address)
    words = stay.words
    return _person(
        stay,
        said,
        is_known=bool(listeners),
        order=backroom.reason(words, order) if order else "",
        subscriptions=[
            {
                "listener": each,
                "title": stay.room.title(each.subscription.serial),
                "consent": backroom.consent(words, consent.source) if (consent := each.subscription.consent) else "",
                "status": backroom.subscription(words, each.subscription.status.value),
                "letters": [
                    {
                        "letter": letter,
                        "name": backroom.letter(words, letter.run, letter.part),
                        "status": backroom.status(words, letter.status),
                    }
                    for letter in letters[each.subscription.number]
                ],
            }
            for each in listeners
        ],
    )


def _person(stay: Stay, address: str = "", *, wrong: str = "", **more: object) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    known: Mapping[str, object] = {"is_known": None, "order": "", "subscriptions": [], "said": deeds.said(stay)}
    title = stay.words.text("Find a subscriber")
    return stay.show("person", title=title, status=status, address=address, wrong=wrong, **{**known, **more})


def bounces(stay: Stay) -> Response:
    """Show what came back."""
    before = _whole(stay.query.get("before", "")) or None
    rows = stay.room.returned(before=before, count=PAGE + 1)
    words = stay.words
    return stay.show(
        "bounces",
        title=words.text("Bounces and complaints"),
        rows=[
            {
                "address": words.text("erased") if each.key.startswith(ERASED) else masked(each.key),
                "kind": backroom.bounce(words, each.kind),
                "row": each,
            }
            for each in rows[:PAGE]
        ],
        further=rows[PAGE - 1].number if len(rows) > PAGE else None,
        is_first=before is None,
    )


def _nothing(stay: Stay) -> Response:
    words = stay.words
    return stay.say(words.text("Not found"), words.text("There is no such part."), status=HTTPStatus.NOT_FOUND)


def _whole(text: str) -> int:
    """Return a number from an address, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _key(text: str) -> tuple[int, int]:
    """Return behind which Delivery a list goes on, as its address says it: an Issue's number and a Subscription's."""
    issue, _, subscription = text.partition("-")
    return _whole(issue), _whole(subscription)
