"""Between a route and a page: the form is read, the clerk asked, and what went wrong is said in a sentence."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cnddigest.audience.allowance import Allowance
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import LANGUAGES
from cnddigest.audience.tokens import Tokens
from cnddigest.errors import CndDigestError, WrongUse
from cnddigest.rendering.signs import leads_nowhere
from cnddigest.rendering.visits import Choice, switch, visit
from cnddigest.usecases import joining
from cnddigest.web import forms, pages, visitor
from cnddigest.web.clerk import Busy, Clerk, Line
from cnddigest.wiring.reception import Counter


class TokenConvertor(StringConvertor):
    """A token in a path: a Serial called like a page keeps its files, whose names are shorter."""

    regex = "[A-Za-z0-9_-]{32,400}"


register_url_convertor("token", TokenConvertor())


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request, as a page sees it: the counter it is served at, and what the visitor said."""

    counter: Counter
    token: str
    form: Mapping[str, str]
    query: Mapping[str, str]
    network: str
    language: str
    is_ours: bool

    @property
    def tokens(self) -> Tokens:
        """Return what links are signed with."""
        return self.counter.tokens

    @property
    def up(self) -> str:
        """Return the way from this page to the front page, as in `../`."""
        return "../" if self.token else ""

    def show(
        self, name: str, *, title: str, status: int = HTTPStatus.OK, language: str = "", **said: object
    ) -> Response:
        """Return a page; `language` is that of the person it is about, and goes before the browser's."""
        templates = self.counter.templates(self.asked, language, self.language)
        publication = self.counter.settings.publication
        more = {"asked": f"?lang={self.asked}" if self.asked else "", "switch": self._switch(templates.words.language)}
        return pages.page(visit(templates, publication, name, title=title, up=self.up, **more, **said), status)

    @property
    def asked(self) -> str:
        """Return the language that a link to this page asks for, `""` where it leaves that open."""
        return self.query.get("lang", "") and self.language

    def _switch(self, language: str) -> list[Choice]:
        """Return the ways to this page in other languages."""
        kept = {"serial": self.query["serial"][:40]} if self.query.get("serial") else {}
        return switch([self.counter.words(each) for each in LANGUAGES if each != language], kept)

    def say(self, title: str, sentence: str, *, status: int) -> Response:
        """Return a page with one sentence."""
        return self.show("note", title=title, sentence=sentence, status=status)

    def ways(self, listener: Listener) -> dict[str, str]:
        """Return a person's own links as paths from the front page, `""` where there is none."""
        base = self.counter.settings.publication.base_url
        links = self.counter.office.people.links(listener)
        return {name: (link or "").removeprefix(base) for name, link in links.items()}

    def gone(self) -> Response:
        """Say that a link leads nowhere, whatever the reason."""
        sign = leads_nowhere(self.counter.words(self.language))
        return self.say(sign.title, sign.sentence, status=HTTPStatus.NOT_FOUND)

    def too_many(self) -> Response:
        """Say that so much comes from the visitor's network that this has to wait."""
        words = self.counter.words(self.language)
        sentence = words.text("Too many requests are coming from your network. Please try again in a few minutes.")
        found = self.say(words.text("One moment, please"), sentence, status=HTTPStatus.TOO_MANY_REQUESTS)
        found.headers.update(pages.SOON)
        return found

    def allows(self, what: str, allowance: Allowance) -> bool:
        """Take one out of the bucket of the visitor's network."""
        return self._allows(what, self.network, allowance)

    def may_act(self) -> bool:
        """Take one out of the bucket of whose link it is: a mail provider's one clicks all come from one network."""
        number = self.tokens.whose(self.token)
        return self._allows("links", self.network if number is None else f"person {number}", joining.OF_LINKS)

    def _allows(self, what: str, who: str, allowance: Allowance) -> bool:
        counter = self.counter
        return joining.allowed(counter.limits, counter.tokens, what, who, allowance, now=counter.now)


class Gone(Exception):
    """What a link names is not there."""


Page = Callable[[Visit], Response]


def route(path: str, clerk: Clerk, *, get: Page | None = None, post: Page | None = None) -> Route:
    """Return a route whose pages are made by the clerk; what a page raises becomes a page, too."""
    served = {method: page for method, page in (("GET", get), ("HEAD", get), ("POST", post)) if page}

    async def answer(request: Request) -> Response:
        return await _answered(request, served[request.method], clerk)

    return Route(path, answer, methods=list(served))


async def _answered(request: Request, page: Page, clerk: Clerk) -> Response:
    try:
        form = await asyncio.wait_for(forms.read(request), forms.PATIENCE) if request.method == "POST" else {}
        return await clerk.ask(partial(_served, request, form, page), _line(request, clerk), visitor.crowd(request))
    except forms.Refused as refused:
        return pages.said(refused.status, "this is no form of ours")
    except TimeoutError:
        return pages.said(HTTPStatus.REQUEST_TIMEOUT, "that took too long")
    except (Busy, CndDigestError):
        return pages.said(HTTPStatus.SERVICE_UNAVAILABLE, "not now: come again in a minute", pages.SOON)


def _line(request: Request, clerk: Clerk) -> Line:
    if request.method != "POST":
        return Line.READS
    return Line.PROMISED if clerk.knows(request.path_params.get("token", "")) else Line.WRITES


def _served(request: Request, form: Mapping[str, str], page: Page, counter: Counter) -> Response:
    said = Visit(
        counter=counter,
        token=request.path_params.get("token", ""),
        form=form,
        query=request.query_params,
        network=visitor.network(request),
        language=visitor.language(request),
        is_ours=visitor.is_ours(request),
    )
    if request.method == "POST" and not said.may_act():
        return said.too_many()
    try:
        return page(said)
    except Gone:
        return said.gone()
    except WrongUse as error:
        if type(error) is not WrongUse:  # nothing that a visitor could mend
            raise
        words = counter.words(said.language)
        sentence = words.text("Nothing has changed. The page you came from may be out of date: please open it again.")
        return said.say(words.text("That can't be done"), sentence, status=HTTPStatus.CONFLICT)
