"""A file to be: its path, what it is made from as one digest, and how to make it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A file of the site. Two targets of one path with equal keys have equal bytes; `make` is only called if needed."""

    path: str
    key: str
    make: Callable[[], bytes]


def digest(*facts: object) -> str:
    """Return one short name for these facts: equal facts, equal name, in any process and on any machine."""
    return hashlib.sha256("\x1f".join(map(str, facts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
