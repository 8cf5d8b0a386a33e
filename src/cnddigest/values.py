"""Frozen values to JSON and back: the home of msgspec."""

from typing import Any, TypeVar

T = TypeVar("T")


def to_json(value: Any) -> bytes:
    """Return compact JSON of dataclasses, tuples, dates and plain values."""
    import msgspec

    return msgspec.json.encode(value)


def from_json(data: bytes | str, kind: type[T]) -> T:
    """Return the value that `to_json` wrote; raises ValueError with the path of what does not fit."""
    import msgspec

    return msgspec.json.decode(data, type=kind)
