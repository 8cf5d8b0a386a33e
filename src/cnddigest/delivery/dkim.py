"""Keys that say whose a message is, and the seals they make: RFC 6376, with Ed25519 by RFC 8463.

header fields ─relaxed──> SHA-256 ─┬─ + seal of the first key  ──> signature
body, its own relaxed form ─> bh= ─┴─ + seal of the second key ──> signature
"""

import datetime as dt
import hashlib
import re
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from cnddigest.delivery.message import Message
from cnddigest.errors import BadConfiguration

if TYPE_CHECKING:
    from hashlib import _Hash

    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

SHORTEST_RSA = 1024  # bits: less is not believed (RFC 8301 section 3.2)
GOOD_RSA = 2048  # bits: what RFC 8301 asks for
LONGEST_RSA = 4096  # bits: more need not be understood (RFC 8301), and the check of one of 8192 takes seconds
LARGEST_FILE = 65_536  # octets: a key with certificates and remarks around it
LARGEST_PEM = 3_500  # octets: RSA of 4096 bits has 3,272
EXPONENT = 65_537

# Listed once more than they stand in the message: adding another one breaks the seal (RFC 6376 section 8.15).
OVERSIGNED = (
    *("from", "to", "cc", "reply-to", "subject", "date", "mime-version", "content-type"),
    *("list-unsubscribe", "list-unsubscribe-post"),
)
LINE = 76  # octets without CRLF, as in every other field
SIGNATURE_LINE = 72

LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"  # of DNS (RFC 1035 section 2.3.1), and the underscore that is in use
SELECTOR = re.compile(rf"{LABEL}(?:\.{LABEL})*", re.ASCII | re.IGNORECASE)
DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL})+", re.ASCII | re.IGNORECASE)
LONGEST_NAME = 253  # octets of a name in DNS (RFC 1035 section 2.3.4)

BLANKS = re.compile(rb"[ \t\r\n]+")
ANOTHER_KEY = "make one: `openssl genrsa -out dkim.pem 2048`, or `openssl genpkey -algorithm ed25519 -out dkim.pem`"

# Fields and pieces that are the same for everyone, of a few Issues at once; a person's own pass through.
_KEPT = 256


class Algorithm(StrEnum):
    """What a key is of: the value of `k=` in DNS, and before `-sha256` of `a=` in a seal."""

    RSA = "rsa"  # what every receiver can read
    ED25519 = "ed25519"  # RFC 8463: short and quick; some receivers can't read it yet


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateKey:
    """A key that signs, from any number of threads at once.

    `public` are the octets that stand in DNS: DER of SubjectPublicKeyInfo for RSA, the 32 of the key for Ed25519.
    `sign` takes a SHA-256 digest of 32 octets.
    """

    algorithm: Algorithm
    bits: int
    public: bytes = field(repr=False)
    sign: Callable[[bytes], bytes] = field(repr=False, compare=False)


# Keys


def load_key(pem: bytes, path: str) -> PrivateKey:
    """Read a private key as OpenSSL writes one; `path` is for the error.

    Raises BadConfiguration for everything else: a public key, an encrypted one, RSA under 1024 or over 4096 bits,
    other kinds, garbage.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(_private_part(pem, path), password=None)
    except TypeError:
        raise _encrypted(path) from None
    except UnsupportedAlgorithm:
        raise _unknown_kind(path) from None
    except ValueError:
        raise BadConfiguration(f"DKIM key is damaged: {path}", hint=ANOTHER_KEY) from None
    return _key(private, path)


def generate(algorithm: Algorithm) -> bytes:
    """Return a new private key as PEM (PKCS #8, not encrypted): RSA of 2048 bits, or Ed25519.

    The one thing here that is another each time: its randomness is the system's.
    """
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    if algorithm is Algorithm.RSA:
        private = rsa.generate_private_key(public_exponent=EXPONENT, key_size=GOOD_RSA)
    else:
        private = ed25519.Ed25519PrivateKey.generate()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _private_part(pem: bytes, path: str) -> bytes:
    """Return the first private key of a file, with the lines around it."""
    if len(pem) > LARGEST_FILE:
        raise BadConfiguration(f"DKIM key is in too large a file: {path}", hint=ANOTHER_KEY)
    label = pem.find(b"PRIVATE KEY-----")
    begin = pem.rfind(b"-----BEGIN ", 0, max(label, 0))
    end = pem.find(b"-----END ", max(label, 0))
    after = pem.find(b"PRIVATE KEY-----", end)
    if min(label, begin, end, after) < 0:
        raise _no_private_key(pem, path)
    found = pem[begin : after + len(b"PRIVATE KEY-----")]
    if b"OPENSSH" in found:
        raise _unknown_kind(path)
    if len(found) > LARGEST_PEM:
        raise _too_long(path)
    return found + b"\n"


def _key(private: "PrivateKeyTypes", path: str) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    if isinstance(private, rsa.RSAPrivateKey):
        return _rsa_key(private, path)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        public = private.public_key().public_bytes_raw()
        return PrivateKey(algorithm=Algorithm.ED25519, bits=len(public) * 8, public=public, sign=private.sign)
    raise _unknown_kind(path)


def _rsa_key(private: "rsa.RSAPrivateKey", path: str) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if private.key_size < SHORTEST_RSA:
        raise BadConfiguration(
            f"DKIM key is too short to be believed, RSA of {private.key_size} bits: {path}", hint=ANOTHER_KEY
        )
    if private.key_size > LONGEST_RSA:
        raise _too_long(path)
    return PrivateKey(
        algorithm=Algorithm.RSA,
        bits=private.key_size,
        public=private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        sign=partial(private.sign, padding=PKCS1v15(), algorithm=Prehashed(SHA256())),
    )


def _encrypted(path: str) -> BadConfiguration:
    hint = "write it without a passphrase, for your eyes only: `openssl pkey -in dkim.pem -out plain.pem`"
    return BadConfiguration(f"DKIM key is encrypted: {path}", hint=hint)


def _unknown_kind(path: str) -> BadConfiguration:
    return BadConfiguration(f"DKIM key is neither RSA nor Ed25519 as OpenSSL writes them: {path}", hint=ANOTHER_KEY)


def _too_long(path: str) -> BadConfiguration:
    return BadConfiguration(f"DKIM key is too long, RSA of over {LONGEST_RSA} bits: {path}", hint=ANOTHER_KEY)


def _no_private_key(pem: bytes, path: str) -> BadConfiguration:
    if b"PUBLIC KEY-----" in pem or b"BEGIN CERTIFICATE" in pem:
        hint = "the private one signs; the public one stands in DNS, and `cnddigest doctor` prints it"
        return BadConfiguration(f"DKIM key is a public one: {path}", hint=hint)
    return BadConfiguration(f"DKIM key file has no private key in PEM form: {path}", hint=ANOTHER_KEY)


# Seals


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A key and the name under which its public half stands in DNS: `selector._domainkey.domain`.

    Raises BadConfiguration for what is no such name; an international domain is written as `xn--…`.
    """

    domain: str
    selector: str
    key: PrivateKey

    def __post_init__(self) -> None:
        """Refuse what could not stand in DNS, or would break out of a header field."""
        if not DOMAIN.fullmatch(self.domain):
            hint = "write it as in DNS: example.org, xn--r8jz45g.jp"
            raise BadConfiguration(f"not a domain that can sign: {self.domain!r:.100}", hint=hint)
        if not SELECTOR.fullmatch(self.selector) or len(self.name) > LONGEST_NAME:
            hint = "letters, digits and hyphens, such as s1"
            raise BadConfiguration(f"not a DKIM selector: {self.selector!r:.100}", hint=hint)

    @property
    def name(self) -> str:
        """Return where receivers look for the public key."""
        return f"{self.selector}._domainkey.{self.domain}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealer:
    """Seals messages with every key there is: a receiver believes the one it can read."""

    signers: tuple[Signer, ...]

    def __post_init__(self) -> None:
        """Refuse two keys under one name: DNS can hold one of them."""
        names = [signer.name.lower() for signer in self.signers]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise BadConfiguration(f"two DKIM keys under one name: {twice}", hint="give each a selector of its own")

    def seals(self, message: Message, *, at: dt.datetime) -> tuple[bytes, ...]:
        """Return a DKIM-Signature field with its CRLF for each key, over all fields and the body.

        `at` is the moment of sending. Raises ValueError for a body that is not its own relaxed form: base64 is.
        """
        # From the bottom: of fields with one name, the last is signed first (RFC 6376 section 5.4.2).
        fields = [_relaxed(each) for each in reversed(message.fields)]
        names = tuple([name for name, _ in fields])
        head = hashlib.sha256(b"".join([relaxed for _, relaxed in fields]))
        facts = b"t=%d; bh=%b;\r\n b=" % (int(at.timestamp()), _base64(_body_hash(message.body)))
        return tuple([_seal(signer, names, head.copy(), facts) for signer in self.signers])


def _seal(signer: Signer, names: tuple[str, ...], head: "_Hash", facts: bytes) -> bytes:
    """Return a field whose own last tag, `b=`, signs what is in `head` and the field as it is up to there."""
    begun = _begun(signer.key.algorithm, signer.domain, signer.selector, names)
    head.update(b"dkim-signature:" + (begun + facts).replace(b"\r\n ", b" "))
    signature = _base64(signer.key.sign(head.digest()))
    lines = [signature[begin : begin + SIGNATURE_LINE] for begin in range(0, len(signature), SIGNATURE_LINE)]
    return b"DKIM-Signature: %b%b%b\r\n" % (begun, facts, b"\r\n ".join(lines))


@lru_cache(maxsize=_KEPT)
def _begun(algorithm: Algorithm, domain: str, selector: str, names: tuple[str, ...]) -> bytes:
    """Return a seal's tags that are the same for everyone; each CRLF has one blank behind it, no other has two."""
    return (
        f"v=1; a={algorithm}-sha256; c=relaxed/relaxed;\r\n d={domain};\r\n s={selector};\r\n"
        f" {_listed((*names, *OVERSIGNED))}\r\n "
    ).encode("ascii")


def _listed(names: Sequence[str]) -> str:
    """Return the tag `h=`, folded behind colons."""
    lines = ["h="]
    for name in names:
        if len(" ") + len(lines[-1]) + len(name) + len(":") > LINE:
            lines.append("")
        lines[-1] += f"{name}:"
    return "\r\n ".join(lines).removesuffix(":") + ";"


@lru_cache(maxsize=_KEPT)
def _relaxed(octets: bytes) -> tuple[str, bytes]:
    """Return a field's name and its relaxed form: RFC 6376 section 3.4.2."""
    name, _, value = octets.partition(b":")
    low = name.strip(b" \t").lower()
    return low.decode("ascii"), b"%b:%b\r\n" % (low, BLANKS.sub(b" ", value).strip(b" "))


def _body_hash(body: tuple[bytes, ...]) -> bytes:
    """Return the SHA-256 of a body that is its own relaxed form (RFC 6376 section 3.4.4); ValueError for another."""
    last = next(filter(None, reversed(body)), b"")
    if not all(map(_is_relaxed, body)) or last == b"\r\n" or last.endswith(b"\r\n\r\n"):
        raise ValueError("a body to be sealed is whole lines, none empty at its end, blanks single and inside")
    if not body:
        return hashlib.sha256().digest()
    digest = _hashed(body[0]).copy()
    for piece in body[1:]:
        digest.update(piece)
    return digest.digest()


def _is_relaxed(piece: bytes) -> bool:
    """Say whether a piece is whole lines with nothing to relax; base64, which has no blank, is seen at once."""
    whole = not piece or piece.endswith(b"\r\n")
    return whole and ((b" " not in piece and b"\t" not in piece) or _has_single_blanks(piece))


@lru_cache(maxsize=_KEPT)
def _has_single_blanks(piece: bytes) -> bool:
    return b"\t" not in piece and b"  " not in piece and b" \r\n" not in piece


@lru_cache(maxsize=16)
def _hashed(first: bytes) -> "_Hash":
    """Return the hash of what everyone's body begins with, to be copied."""
    return hashlib.sha256(first)


def _base64(octets: bytes) -> bytes:
    return b2a_base64(octets, newline=False)
