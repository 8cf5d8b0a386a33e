"""The lock before `/admin/`: who may come in, from where, and by which name.

| who | may |
|---|---|
| on this machine, by one of its own names, through no proxy, while there is no password | come in |
| anywhere else, with the cookie of a visit that began with the password | come in |
| anywhere else | say the password, if there is one |

A name of ours must stand in Host: a page of somebody else's that lets its own name lead to this machine (DNS rebinding)
finds nobody. A form must come from a page of ours and carry the token of the visit.
"""

import asyncio
import datetime as dt
import ipaddress
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cnddigest.config.secret import admin_password
from cnddigest.errors import CndDigestError, WrongUse
from cnddigest.rendering.words import Words
from cnddigest.usecases import admission, joining
from cnddigest.web import forms, here, pages, visitor
from cnddigest.web.clerk import Busy, Clerk, Line
from cnddigest.wiring.backroom import Backroom
from cnddigest.wiring.reception import Counter

COOKIE = "cnddigest_admin"
UP = "../"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One request of somebody who was let in; `visit` is what their browser shows, `""` on this machine."""

    counter: Counter
    form: Mapping[str, str]
    query: Mapping[str, str]
    language: str
    visit: str

    @property
    def now(self) -> dt.datetime:
        """Return the moment."""
        return self.counter.now

    @property
    def room(self) -> Backroom:
        """Return what is looked at here."""
        return Backroom(self.counter)

    @property
    def words(self) -> Words:
        """Return the texts in their language."""
        return self.counter.words(self.language)

    @property
    def writes(self) -> bool:
        """Say whether things may be changed."""
        return self.counter.settings.web.admin_writes

    def sign(self, notice: str) -> str:
        """Return what shows for some minutes that we told this visit so: a link from elsewhere can't."""
        return admission.notice_token(self.counter.tokens, self.visit, notice, now=self.now)

    def signed(self, notice: str, said: str) -> bool:
        """Say whether we did."""
        return admission.is_told(self.counter.tokens, self.visit, notice, said, now=self.now)

    def show(self, name: str, *, title: str, status: int = HTTPStatus.OK, **said: object) -> Response:
        """Return a page."""
        token = admission.form_token(self.counter.tokens, self.visit, now=self.now)
        more = {"token": token, "writes": self.writes, "can_leave": bool(self.visit)}
        return _page(self.counter, self.language, name, title=title, status=status, **more, **said)

    def say(self, title: str, sentence: str, *, status: int) -> Response:
        """Return a page with one sentence."""
        return self.show("note", title=title, sentence=sentence, status=status)


Page = Callable[[Stay], Response]


def room(path: str, clerk: Clerk, *, get: Page | None = None, post: Page | None = None) -> Route:
    """Return a route into a room behind the lock."""
    return _route(path, clerk, partial(_behind, get, post), methods=[("GET", get), ("POST", post)])


def door(path: str, clerk: Clerk) -> Route:
    """Return the route to where the password is said."""
    return _route(path, clerk, _before, methods=[("GET", True), ("POST", True)])


def _route(
    path: str,
    clerk: Clerk,
    answer: Callable[[Request, Mapping[str, str], Counter], Response],
    *,
    methods: list[tuple[str, object]],
) -> Route:
    async def answered(request: Request) -> Response:
        try:
            form = await asyncio.wait_for(forms.read(request), forms.PATIENCE) if request.method == "POST" else {}
            line = Line.WRITES if request.method == "POST" else Line.READS
            return await clerk.ask(partial(answer, request, form), line, visitor.crowd(request))
        except forms.Refused as refused:
            return pages.said(refused.status, "this is no form of ours")
        except TimeoutError:
            return pages.said(HTTPStatus.REQUEST_TIMEOUT, "that took too long")
        except (Busy, CndDigestError) as error:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            said = "come again in a minute"
            if isinstance(error, CndDigestError) and here.is_here(request.scope):
                said = error.message
            return pages.said(status, f"not now: {said}", pages.SOON)

    return Route(path, answered, methods=[method for method, there in methods if there])


# Who it is


def _is_known(request: Request, counter: Counter) -> bool:
    """Say whether it is a name of ours; an IP address is, for nobody can let one lead elsewhere."""
    name = here.name(request.scope)
    if name in ("localhost", urlsplit(counter.settings.publication.base_url).hostname):
        return True
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _visit(request: Request, counter: Counter, kept: str | None) -> str | None:
    """Return what the browser shows of a visit that goes on, `""` on this machine, None for a stranger."""
    cookie = request.cookies.get(COOKIE, "")
    admissions = Backroom(counter).admissions
    if kept and cookie and admission.is_admitted(admissions, kept, cookie, now=counter.now):
        return cookie
    # A proxy that adds nothing can't be told from this machine: who set a password is asked for it everywhere.
    return "" if kept is None and here.is_here(request.scope) else None


# Behind it, and before it


def _behind(
    get: Page | None, post: Page | None, request: Request, form: Mapping[str, str], counter: Counter
) -> Response:
    language = visitor.language(request)
    kept = admin_password(counter.settings.web)
    visit = _visit(request, counter, kept) if _is_known(request, counter) else None
    if visit is None:
        return _turned_away(request, counter, kept)
    stay = Stay(counter=counter, form=form, query=request.query_params, language=language, visit=visit)
    page = post if request.method == "POST" else get
    if page is None:
        raise AssertionError(request.method)
    words = stay.words
    if request.method == "POST" and not (
        visitor.is_ours(request) and admission.is_ours(counter.tokens, visit, form.get("token", ""), now=stay.now)
    ):
        sentence = words.text("Nothing has changed. The page you came from may be out of date: please open it again.")
        return stay.say(words.text("That can't be done"), sentence, status=HTTPStatus.FORBIDDEN)
    try:
        return page(stay)
    except WrongUse as error:
        if type(error) is not WrongUse:  # nothing that whoever asks could mend here
            raise
        return stay.say(words.text("That can't be done"), f"{error.message}", status=HTTPStatus.CONFLICT)


def _turned_away(request: Request, counter: Counter, kept: str | None) -> Response:
    if kept and _is_known(request, counter):
        return pages.elsewhere("login")
    return pages.said(HTTPStatus.FORBIDDEN, "only on this machine, or with a password: see `cnddigest admin-password`")


def _before(request: Request, form: Mapping[str, str], counter: Counter) -> Response:
    kept = admin_password(counter.settings.web)
    if not kept or not _is_known(request, counter):
        return _turned_away(request, counter, None)
    language = visitor.language(request)
    words = counter.words(language)
    if request.method != "POST":
        return _asked(counter, language)
    if not visitor.is_ours(request):
        return _asked(counter, language, words.text("Please enter it again on this page."), HTTPStatus.FORBIDDEN)
    network = visitor.network(request)
    if not joining.allowed(counter.limits, counter.tokens, "login", network, admission.OF_LOGIN, now=counter.now):
        found = _asked(counter, language, words.text("Too many attempts. Please try again in a few minutes."), 429)
        found.headers.update(pages.SOON)
        return found
    if not admission.matches(form.get("password", ""), kept):
        return _asked(counter, language, words.text("Wrong password."), HTTPStatus.UNPROCESSABLE_ENTITY)
    shown = secrets.token_bytes(admission.VISIT)
    answer = pages.elsewhere("./")
    value = admission.admit(Backroom(counter).admissions, kept, shown, now=counter.now)
    _set(answer, counter, value, is_here=here.is_here(request.scope))
    return answer


def leave(stay: Stay) -> Response:
    """End a visit: the cookie is worth nothing any more, and goes."""
    kept = admin_password(stay.counter.settings.web)
    if kept and stay.visit:
        admission.dismiss(stay.room.admissions, kept, stay.visit)
    answer = pages.elsewhere("./")
    _set(answer, stay.counter, "", is_here=False, lasts=0)
    return answer


def _set(
    answer: Response, counter: Counter, value: str, *, is_here: bool, lasts: int = int(admission.LASTS.total_seconds())
) -> None:
    """Put what a browser shows into a cookie; on this machine there is no TLS, and not every browser trusts it so."""
    base = urlsplit(counter.settings.publication.base_url)
    answer.set_cookie(
        COOKIE,
        value,
        max_age=lasts,
        path=f"{base.path or '/'}admin",
        secure=base.scheme == "https" and not is_here,
        httponly=True,
        samesite="strict",
    )


def _asked(counter: Counter, language: str, wrong: str = "", status: int = HTTPStatus.OK) -> Response:
    title = counter.words(language).text("Log in")
    return _page(counter, language, "login", title=title, status=status, wrong=wrong, can_leave=False)


def _page(counter: Counter, language: str, name: str, *, title: str, status: int, **said: object) -> Response:
    publication = counter.settings.publication
    html = counter.templates(language).render(
        f"admin_{name}.html.j2", publication=publication, site=UP, title=title, **said
    )
    return pages.page(html, status)
