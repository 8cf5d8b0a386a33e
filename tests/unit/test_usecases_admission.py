"""Who may see the publisher's pages: a password, visits, and what forms carry."""

import datetime as dt

import pytest

from builders import NOON
from cnddigest.audience.tokens import Tokens
from cnddigest.errors import BadConfiguration
from cnddigest.usecases import admission

PASSWORD = "correct horse battery"  # noqa: S105
KEPT = admission.hashed(PASSWORD, b"s" * admission.SALT)
TOKENS = Tokens([b"k" * 32])


class Guestbook:
    """Admissions in memory."""

    def __init__(self):
        self.names: dict[str, dt.datetime] = {}

    def admit(self, name, *, until, now):  # noqa: ARG002
        self.names[name] = until

    def is_admitted(self, name, *, now):
        return name in self.names and now < self.names[name]

    def dismiss(self, name):
        self.names.pop(name, None)

    def close(self): ...


def test_a_password_is_known_again_and_no_other():
    found = [admission.matches(each, KEPT) for each in (PASSWORD, "correct horse batterie", "", "x" * 5000)]

    assert found == [True, False, False, False]


def test_one_password_is_kept_in_two_ways():
    assert admission.hashed(PASSWORD, b"t" * admission.SALT) != KEPT
    assert PASSWORD not in KEPT


@pytest.mark.parametrize("composed", ["パスワードでガード", "Zürich 2026 café"])
def test_it_does_not_matter_how_a_keyboard_composes_letters(composed):
    import unicodedata

    kept = admission.hashed(unicodedata.normalize("NFD", composed), b"s" * 16)

    assert admission.matches(composed, kept)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "secret",
        "scrypt$x$8$1$aa$bb",
        "bcrypt$32768$8$3$aa$bb",
        "scrypt$1073741824$8$3$aa$bb",
        "scrypt$0$8$3$aa$bb",
        "scrypt$32768$8$3$aa",
        "scrypt$3$8$1$aa$bb",
        "scrypt$-2$-8$1$aa$bb",
    ],
)
def test_a_line_that_nobody_made_lets_nobody_in(line):
    with pytest.raises(BadConfiguration, match="holds no password"):
        admission.matches(PASSWORD, line)


def test_a_visit_goes_on_until_it_is_over():
    book = Guestbook()
    cookie = admission.admit(book, KEPT, b"v" * 32, now=NOON)

    late = NOON + admission.LASTS

    assert admission.is_admitted(book, KEPT, cookie, now=NOON)
    assert not admission.is_admitted(book, KEPT, cookie, now=late)


def test_the_record_does_not_hold_what_a_browser_shows():
    book = Guestbook()

    cookie = admission.admit(book, KEPT, b"v" * 32, now=NOON)

    (name,) = book.names
    assert cookie not in name
    assert not admission.is_admitted(book, KEPT, name, now=NOON)


def test_another_password_ends_every_visit():
    book = Guestbook()
    cookie = admission.admit(book, KEPT, b"v" * 32, now=NOON)

    other = admission.hashed(PASSWORD, b"t" * 16)

    assert not admission.is_admitted(book, other, cookie, now=NOON)


@pytest.mark.parametrize("cookie", ["", "x", "あ" * 43, "A" * 43, "=" * 43, "A" * 5000])
def test_a_cookie_that_we_did_not_make_is_nobodys(cookie):
    book = Guestbook()
    admission.admit(book, KEPT, b"v" * 32, now=NOON)

    assert not admission.is_admitted(book, KEPT, cookie, now=NOON)


def test_a_form_is_of_one_visit_and_of_two_days():
    token = admission.form_token(TOKENS, "visit", now=NOON)
    days = [NOON + dt.timedelta(days=days) for days in (0, 1, 2)]

    found = [admission.is_ours(TOKENS, "visit", token, now=day) for day in days]

    assert found == [True, True, False]
    assert not admission.is_ours(TOKENS, "another", token, now=NOON)
    assert not admission.is_ours(TOKENS, "", token, now=NOON)
    assert not admission.is_ours(TOKENS, "visit", "", now=NOON)
    assert not admission.is_ours(TOKENS, "visit", "\udcff", now=NOON)
