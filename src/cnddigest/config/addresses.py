"""Values that are addresses: of the web, of mail, of machines, of the record."""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

from cnddigest.config.kinds import Kind, Unfit, choice, filled, line

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:{LABEL}\.)*{LABEL}")
# RFC 5321 section 4.5.3.1: 64 octets before the @. Quoted local parts exist and are left to those who like trouble.
ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@([^\s@<>]{1,253})")
MAILBOX = re.compile(r"(?:([^<>]*)<)?([^\s<>]+?)(?:>)?")
STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)  # RFC 5646, what is in use of it
SLUG = re.compile(r"[a-z0-9-]{1,40}")
# Beside the Serials' folders stand these, in feeds/ or under the addresses of `serve`.
RESERVED = {"admin", "assets", "bounces", "confirm", "healthz", "metrics", "preferences", "replay", "search"}
RESERVED |= {"hub", "pace", "subscribe", "unsubscribe"}
LANGUAGE_NAMES = {"japanese": "ja", "日本語": "ja", "jp": "ja", "english": "en"}


def slug(name: str) -> str:
    """Return the name of a Serial, which stands in addresses for ever."""
    if not SLUG.fullmatch(name):
        raise Unfit("not a name for addresses", name, hint="use a-z, 0-9 and -, at most 40 of them")
    if name in RESERVED:
        raise Unfit("a name that pages of our own need", name)
    return name


def language(value: object) -> str:
    """Return a language tag, the language itself in lower case."""
    tag = filled(value)
    meant = LANGUAGE_NAMES.get(tag.lower())
    if meant or not LANGUAGE.fullmatch(tag):
        meant = meant or (tag.replace("_", "-") if LANGUAGE.fullmatch(tag.replace("_", "-")) else "ja")
        raise Unfit("not a language tag", value, hint=f'write it like "{meant}"')
    first, hyphen, rest = tag.partition("-")
    return first.lower() + hyphen + rest


def web_address(value: object) -> str:
    """Return an absolute http or https address as a URI: the host in ASCII, the path percent-encoded."""
    text = filled(value)
    hint = 'write it like "https://recaps.example.org/"'
    try:
        parts = urlsplit(text)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        raise Unfit("not a web address", value, hint=hint) from None
    if parts.scheme not in ("http", "https") or not host or any(char.isspace() for char in text):
        raise Unfit("not a web address", value, hint=hint)
    if "@" in parts.netloc:
        raise Unfit("a web address with a password", value, hint="leave out what stands before the @")
    netloc = f"[{host}]" if ":" in host else host
    written = (STRAY_PERCENT.sub("%25", part) for part in (parts.path, parts.query, parts.fragment))
    encoded = (quote(part, safe="/%:;,@&=+$!*'()~?") for part in written)
    return urlunsplit((parts.scheme, netloc + (f":{port}" if port else ""), *encoded))


def optional_web_address(value: object) -> str:
    """Return a web address, or `""`."""
    return web_address(value) if line(value) else ""


def web_addresses(value: object) -> tuple[str, ...]:
    """Return a list of web addresses, each once."""
    if not isinstance(value, list):
        raise Unfit("not a list of web addresses", value, hint='write ["https://hub.example.org/"]')
    return tuple(dict.fromkeys(web_address(item) for item in value))


def base_url(value: object) -> str:
    """Return the address under which the output folder is reachable, with a slash at its end."""
    address = web_address(value)
    if "?" in address or "#" in address:
        raise Unfit("an address of a page rather than of a folder", value, hint="leave out what follows ? or #")
    return address if address.endswith("/") else address + "/"


def email(value: object) -> str:
    """Return a mail address without a name."""
    text = unicodedata.normalize("NFKC", line(value))
    found = ADDRESS.fullmatch(text)
    if not found or not _dotted(found[1]):
        raise Unfit("not a mail address", value, hint='write it like "desk@example.org"')
    return text


def optional_email(value: object) -> str:
    """Return a mail address, or `""`."""
    return email(value) if line(value) else ""


def mailbox(value: object) -> str:
    """Return a mail address, perhaps with a name before it: `Recaps <recaps@example.org>`."""
    text = line(value)
    found = MAILBOX.fullmatch(text)
    if not found or text.endswith(">") != ("<" in text):
        raise Unfit("not a mail address", value, hint='write it like "Recaps <recaps@example.org>"')
    address = email(found[2].removesuffix(">"))
    return f"{found[1].strip()} <{address}>" if (found[1] or "").strip() else address


def bind(value: object) -> tuple[str, int]:
    """Return host and port to listen on; port 0 is any that is free."""
    host, colon, port = filled(value).rpartition(":")
    if not (colon and port.isascii() and port.isdigit() and int(port[:6]) <= 65535 and host):
        raise Unfit("not a host and a port", value, hint='write it like "127.0.0.1:8000"')
    return host.removeprefix("[").removesuffix("]"), int(port)


def host(value: object) -> str:
    """Return the name or number of a machine."""
    try:
        name = _host(filled(value))
    except ValueError:
        name = ""
    if not name:
        raise Unfit("not the name of a machine", value, hint='write it like "mail.example.org"')
    return name


def record(value: object) -> str:
    """Return the path of a file, or the address of a PostgreSQL database."""
    text = filled(value)
    scheme, found, _ = text.partition("://")
    if found and scheme not in ("postgresql", "postgres"):
        raise Unfit("unknown kind of record", scheme, hint='name a file, or "postgresql://…"')
    return text


def _host(name: str) -> str:
    """Return a host in ASCII and lower case, `""` for what is none; raises ValueError for worse."""
    name = name.lower()
    if ":" in name:
        return name if re.fullmatch(r"[0-9a-f:.]{2,45}", name) else ""
    ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
    return ascii_name if HOST.fullmatch(ascii_name) else ""


def _dotted(domain: str) -> bool:
    try:
        return "." in _host(domain)
    except ValueError:
        return False


LANGUAGE_TAG = Kind(words="language tag", read=language)
OPTIONAL_WEB_ADDRESS = Kind(words="web address", read=optional_web_address)
WEB_ADDRESSES = Kind(words="list of web addresses", read=web_addresses)
BASE_URL = Kind(words="web address", read=base_url)
EMAIL = Kind(words="mail address", read=email)
OPTIONAL_EMAIL = Kind(words="mail address", read=optional_email)
MAILBOX_KIND = Kind(words="mail address, perhaps with a name", read=mailbox)
BIND = Kind(words="host and port", read=bind)
HOST_KIND = Kind(words="host", read=host)
RECORD = Kind(words="path or `postgresql://` address", read=record)
SECURITY = choice("starttls", "tls", "none")
