"""Mail addresses: read, compared and shown; the home of email-validator."""

import re
import unicodedata
from dataclasses import dataclass

from cnddigest.errors import WrongUse

LONGEST = 254  # octets of an address: RFC 5321 4.5.3.1.3, less its angle brackets
LONGEST_LOCAL = 64  # octets before the @: RFC 5321 4.5.3.1.1
LONGEST_INPUT = 1000  # characters that are looked at: what is longer was never an address
LONGEST_NAME = 200  # characters of a person's name that are kept
SHOWN = 60  # characters of a wrong address that are shown
EXAMPLE = "taro@example.org"
UNREAD = "\ufffd"  # stands where an octet could not be read
DOTS = ".。｡"  # what IDNA takes for one (RFC 3490 section 3.1)
BLANKS = " \t\r\n\u3000"
NARROW = {0xFEE0 + octet: octet for octet in range(0x21, 0x7F)} | {0x3000: 0x20}  # full-width forms stand in one row

# Addresses in ASCII that email-validator takes as they are: RFC 5322's dot-atom at a host whose last label has letters
# only. Labels with two hyphens in the third place are IDNA's and left to the library.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+[A-Za-z]{{2,63}})")
# Until 2009 Japanese carriers gave out addresses with dots where RFC 5321 has none, and their owners still have them.
_CARRIER = re.compile(
    r"([a-z0-9_-][a-z0-9._+/?-]{0,63})@((?:[a-z0-9]{1,63}\.)?ezweb\.ne\.jp|docomo\.ne\.jp|au\.com)",
    re.IGNORECASE | re.ASCII,
)
_TOP = re.compile("[a-z]{2,63}|xn--[a-z0-9-]{1,59}")  # RFC 3696 section 2: never a number, so that 1.2.3.4 is no host
_QUOTED = re.compile(r'"([^"\\]*)"(@[^@]+)')
_BRACKETED = re.compile(r"([^<>]*)<([^<>]*)>")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class BadAddress(WrongUse, ValueError):
    """A text that is no mail address; `problem` says why without repeating it."""

    def __init__(self, problem: str, text: str, *, hint: str | None = None) -> None:
        """Show what helps of the text, and nothing that could break a line."""
        super().__init__(f"{problem}: {shown(text)}" if text else problem, hint=hint)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mail address in its three forms.

    `display` is for people, `taro@例え.jp`, and gives the same Address when it is parsed again. `envelope` is for RCPT
    and headers: the host in ASCII, a carrier's stray dots in quotes. `key` is the normal form: two spellings of one
    mailbox are equal in it.
    """

    display: str
    envelope: str
    key: str

    @property
    def needs_smtputf8(self) -> bool:
        """Say whether the relay must offer SMTPUTF8 (RFC 6531): letters beyond ASCII before the @."""
        return not self.envelope.isascii()


def parse(text: str, *, smtputf8: bool = False) -> Address:
    """Return the address that a text is; blanks around it and full-width signs are taken as meant.

    Raises BadAddress. `smtputf8` admits letters beyond ASCII before the @. Whether a host exists is not asked: names
    of special use, `.local` or `.test`, are the relay's business.
    """
    plain = _PLAIN.fullmatch(text) if len(text) <= LONGEST else None
    if plain and len(plain[1]) <= LONGEST_LOCAL:
        display = f"{plain[1]}@{plain[2].lower()}"
        return Address(display=display, envelope=display, key=display.lower())
    narrow = _narrow(text)
    if narrow != text:
        return parse(narrow, smtputf8=smtputf8)
    return _carrier(text) or _parsed(text, smtputf8=smtputf8)


def split(text: str) -> tuple[str, str]:
    """Return name and address of `"Sato, Taro" <taro@example.org>`; the name is `""` where only an address stands."""
    found = _BRACKETED.fullmatch(text.strip()) if len(text) <= LONGEST_INPUT else None
    if not found:
        return "", text
    name = found[1].strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = _ESCAPED.sub(r"\1", name[1:-1])
    return one_line(name), found[2]


def one_line(text: str, longest: int = LONGEST_NAME) -> str:
    """Return a text from outside, such as a person's name, on one line: without controls and halves, and cut."""
    if not text.isprintable() or UNREAD in text:
        text = "".join(char for char in text[: 4 * longest] if char.isspace() or _may_stand(char))
        text = " ".join(text.split())
    return text.strip()[:longest].strip()


def masked(address: str) -> str:
    """Return an address as it stands in logs: `t***@example.org`."""
    local, at, domain = address.rpartition("@")
    return f"{shown(local[:1])}***@{shown(domain)}" if at else "***"


def shown(text: str) -> str:
    """Return a text from outside as it may stand in a message: one line, cut, nothing unprintable."""
    line = one_line(text, LONGEST_INPUT)
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


# What is not plain


def _narrow(text: str) -> str:
    """Return the text as it was meant: without blanks around it, full-width signs as ASCII ones.

    Not NFKC: that makes `a/c` of one sign, and what somebody else reads is what has to be stored.
    """
    text = text[: LONGEST_INPUT + 1].strip(BLANKS)
    return text if text.isascii() else text.translate(NARROW).strip(BLANKS)


def _carrier(text: str) -> Address | None:
    quoted = _QUOTED.fullmatch(text)
    found = _CARRIER.fullmatch(quoted[1] + quoted[2] if quoted else text)
    if not found:
        return None
    local, domain = found[1], found[2].lower()
    stray = ".." in f"{local}."
    return Address(
        display=f"{local}@{domain}",
        envelope=f'"{local}"@{domain}' if stray else f"{local}@{domain}",
        key=f"{local}@{domain}".lower(),
    )


def _parsed(text: str, *, smtputf8: bool) -> Address:
    problem = _problem(text)
    if problem:
        raise BadAddress(problem, text, hint=f"write it like {EXAMPLE}")
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(
            text, check_deliverability=False, allow_smtputf8=True, globally_deliverable=False, test_environment=True
        )
    except (EmailNotValidError, UnicodeError, IndexError):  # the last two: what IDNA's tables do not foresee
        raise BadAddress("not a mail address", text, hint=f"write it like {EXAMPLE}") from None
    domain = found.ascii_domain.lower()
    if not _TOP.fullmatch(domain.rpartition(".")[2]):
        raise BadAddress("mail address ends in no domain such as .org or .jp", text)
    if not (smtputf8 or found.local_part.isascii()):
        raise BadAddress(
            "mail address has letters beyond ASCII before the @", text, hint="not every mail server takes them"
        )
    envelope = f"{found.local_part}@{domain}"
    if len(envelope.encode()) > LONGEST or len(found.local_part.encode()) > LONGEST_LOCAL:
        raise BadAddress("mail address is too long", text)
    return Address(
        display=f"{found.local_part}@{found.domain}", envelope=envelope, key=f"{_folded(found.local_part)}@{domain}"
    )


def _problem(text: str) -> str | None:
    """Return what is wrong in words, where one look shows it."""
    if not text or len(text) > LONGEST:
        return "mail address is too long" if text else "mail address is empty"
    if not all(map(_may_stand, text)):
        return "mail address has a control character or a line break in it"
    if set(text) & set('<>,;"()\\[]') or any(map(str.isspace, text)):
        return "more than a mail address, or a quoted one"
    if text.count("@") != 1:
        return "mail address needs one @"
    return None if set(text.partition("@")[2]) & set(DOTS) else "host of a mail address has no dot"


def _folded(local: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local).casefold())


def _may_stand(char: str) -> bool:
    """Say whether a character is one for people: joiners of emoji and of Persian are, controls of direction are not."""
    category = unicodedata.category(char)
    return char in "\u200c\u200d" or not (category.startswith("C") or category in ("Zl", "Zp") or char == UNREAD)
