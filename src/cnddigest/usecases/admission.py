"""Who may see the pages for the publisher: a password as it is kept, and visits of those who said it.

The file holds one line, `scrypt$N$r$p$SALT$HASH` (RFC 7914), salt and hash in base64url. A browser shows 256 random
bits; the record keeps a hash of them, keyed by that line: neither lets anybody in, and a new password ends every visit.
"""

import base64
import datetime as dt
import hashlib
import hmac
import unicodedata
from collections.abc import Iterable

from cnddigest.audience.allowance import Allowance
from cnddigest.audience.tokens import Tokens
from cnddigest.errors import BadConfiguration
from cnddigest.ports.admissions import Admissions

COST, BLOCK, LANES = 2**15, 8, 3  # 32 MB and some tenths of a second (OWASP, Password Storage Cheat Sheet, 2024)
MOST_MEMORY = 256 * 1024 * 1024  # octets for a hash that somebody made with other numbers
SALT, HASH, VISIT = 16, 32, 32  # octets
SHORTEST, LONGEST = (
    12,
    1024,
)  # characters of a password (NIST SP 800-63B asks for 8 where more than a password is asked)
LASTS = dt.timedelta(hours=12)  # a day at the desk
OF_LOGIN = Allowance(burst=5, every=dt.timedelta(minutes=1))  # some 1,500 guesses a day from each network
NOTICE = dt.timedelta(minutes=5)
MAKE_ANEW = "make it anew with `cnddigest admin-password`"


def hashed(password: str, salt: bytes) -> str:
    """Return a password as its file keeps it."""
    return f"scrypt${COST}${BLOCK}${LANES}${_text(salt)}${_text(_scrypt(password, salt, COST, BLOCK, LANES))}"


def matches(password: str, kept: str) -> bool:
    """Say whether it is this password; raises BadConfiguration for a line that nobody could have made."""
    if len(password) > LONGEST:
        return False
    try:
        form, *numbers, salt, expected = kept.split("$")
        cost, block, lanes = (int(text[:9]) for text in numbers)
        is_ours = form == "scrypt" and min(cost, block, lanes) > 0 and 128 * cost * block * lanes <= MOST_MEMORY
        found = _scrypt(password, _octets(salt), cost if is_ours else 0, max(block, 1), max(lanes, 1))
    except ValueError as error:
        raise BadConfiguration("admin_password_file of [web] holds no password", hint=MAKE_ANEW) from error
    return hmac.compare_digest(found, _octets(expected))


def admit(admissions: Admissions, kept: str, shown: bytes, *, now: dt.datetime) -> str:
    """Begin a visit, and return what the browser is to show: `shown` are random octets, new ones for each login."""
    admissions.admit(_name(kept, shown), until=now + LASTS, now=now)
    return _text(shown)


def is_admitted(admissions: Admissions, kept: str, cookie: str, *, now: dt.datetime) -> bool:
    """Say whether a browser shows what a visit began with."""
    shown = _octets(cookie)
    return len(shown) == VISIT and admissions.is_admitted(_name(kept, shown), now=now)


def dismiss(admissions: Admissions, kept: str, cookie: str) -> None:
    """End a visit."""
    admissions.dismiss(_name(kept, _octets(cookie)))


def form_token(tokens: Tokens, visit: str, *, now: dt.datetime) -> str:
    """Return what every form of a visit carries; `visit` is what the browser shows, `""` on this machine."""
    return tokens.hidden(f"admin|{visit}|{now.astimezone(dt.UTC):%Y-%m-%d}")


def is_ours(tokens: Tokens, visit: str, said: str, *, now: dt.datetime) -> bool:
    """Say whether a form was made by a page of this visit, today or yesterday."""
    return _is_one_of((form_token(tokens, visit, now=day) for day in (now, now - dt.timedelta(days=1))), said)


def notice_token(tokens: Tokens, visit: str, notice: str, *, now: dt.datetime) -> str:
    """Return what a notice of this visit carries, such as that something was done."""
    return tokens.hidden(f"notice|{visit}|{now.timestamp() // NOTICE.total_seconds():.0f}|{notice}")


def is_told(tokens: Tokens, visit: str, notice: str, said: str, *, now: dt.datetime) -> bool:
    """Say whether a notice was made for this visit some minutes ago."""
    return _is_one_of((notice_token(tokens, visit, notice, now=then) for then in (now, now - NOTICE)), said)


def _is_one_of(wanted: Iterable[str], said: str) -> bool:
    given = said.encode("utf-8", "replace")
    return any([hmac.compare_digest(each.encode(), given) for each in wanted])  # noqa: C419  all, in the same time


def _name(kept: str, shown: bytes) -> str:
    return hmac.new(kept.encode(), shown, "sha256").hexdigest()


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    said = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(said, salt=salt, n=cost, r=block, p=lanes, dklen=HASH, maxmem=2 * MOST_MEMORY)


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def _octets(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if text.isascii() and len(text) < 100 else b""
    except ValueError:  # a binascii.Error is one
        return b""
