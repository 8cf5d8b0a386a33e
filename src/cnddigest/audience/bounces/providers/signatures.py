"""Signatures that a public key proves; a home of cryptography."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from cnddigest.audience.bounces.providers.proofs import decoded

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import Certificate


def ecdsa(public: bytes, signature: bytes, said: bytes) -> bool:
    """Say whether a key, PEM or base64 of its DER, signed this with SHA-256."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    key = elliptic(public)
    with suppress(InvalidSignature):
        if key:
            key.verify(signature, said, ECDSA(SHA256()))
            return True
    return False


def rsa(certificate: bytes, signature: bytes, said: bytes, *, now: dt.datetime, old: bool) -> bool:
    """Say whether one of these certificates, PEM, signed this (PKCS #1 1.5) and is valid now; `old` is SHA-1."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256

    for found in certificates(certificate):
        key = _rsa_key(found)
        with suppress(InvalidSignature):
            if key and found.not_valid_before_utc <= now <= found.not_valid_after_utc:
                key.verify(signature, said, PKCS1v15(), SHA1() if old else SHA256())  # noqa: S303  Amazon's default
                return True
    return False


def elliptic(public: bytes) -> "EllipticCurvePublicKey | None":
    """Return a key, None where this is none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

    with suppress(ValueError, UnsupportedAlgorithm):
        pem = public.lstrip().startswith(b"-----")
        key = load_pem_public_key(public) if pem else load_der_public_key(decoded(public.decode("ascii", "replace")))
        return key if isinstance(key, EllipticCurvePublicKey) else None
    return None


def certificates(pem: bytes) -> "list[Certificate]":
    """Return the certificates of a file, none where it is no such file."""
    from cryptography.x509 import load_pem_x509_certificates

    with suppress(ValueError):
        return load_pem_x509_certificates(pem)
    return []


def expiries(pem: bytes) -> Iterator[dt.datetime]:
    """Yield until when each certificate that can prove something is valid."""
    for found in certificates(pem):
        if _rsa_key(found):
            yield found.not_valid_after_utc


def _rsa_key(found: "Certificate") -> "RSAPublicKey | None":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    with suppress(ValueError, UnsupportedAlgorithm):
        key = found.public_key()
        return key if isinstance(key, RSAPublicKey) else None
    return None
