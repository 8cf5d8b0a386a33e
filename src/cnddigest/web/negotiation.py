"""What a reader would rather have: Accept and Accept-Encoding with their weights (RFC 9110, 12.4 and 12.5)."""

import re
from functools import lru_cache

LONGEST = 1000  # octets of such a header; a longer one asks for nothing in particular
LEAST = 0.0001  # below every weight that can be written: what nobody asked for, and nobody refused
WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
PLAIN, GZIP, BROTLI = "identity", "gzip", "br"
PACKINGS = (BROTLI, GZIP)  # the smallest first
PAGE = "text/html"


def packing(accepted: bytes) -> str:
    """Return how a text is to be packed: what weighs most, of equals the smallest; `identity` for who says nothing."""
    return _packing(accepted) if len(accepted) <= LONGEST else PLAIN


def wants_page(accepted: bytes, kind: str) -> bool:
    """Say whether a browser asks: `text/html` by name, and not the kind itself before it."""
    return len(accepted) <= LONGEST and _wants_page(accepted, kind)


@lru_cache(256)
def _packing(accepted: bytes) -> str:
    said = _weights(accepted)
    others = said.get("*", 0.0)
    said = said | ({GZIP: said["x-gzip"]} if "x-gzip" in said else {})
    weights = {name: said.get(name, others) for name in PACKINGS}
    weights[PLAIN] = said.get(PLAIN, LEAST)
    best = max(weights, key=lambda name: weights[name])
    return best if weights[best] else PLAIN  # who refuses everything is answered all the same


@lru_cache(256)
def _wants_page(accepted: bytes, kind: str) -> bool:
    said = _weights(accepted)
    return said.get(PAGE, 0.0) > said.get(kind, 0.0)


def _weights(header: bytes) -> dict[str, float]:
    """Return what a header names with its weight; a weight that is none refuses nothing."""
    found: dict[str, float] = {}
    for each in header.decode("latin-1").lower().split(","):
        name, *parameters = (piece.strip() for piece in each.split(";"))
        if name:
            weights = [value[2:].strip() for value in parameters if value.startswith("q=")]
            found[name] = float(weights[0]) if weights and WEIGHT.fullmatch(weights[0]) else 1.0
    return found
