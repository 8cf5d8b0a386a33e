"""What was made lately, kept while there is room: a cache that counts bytes, for texts of any length."""

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lately(Generic[K, V]):
    """Keeps the last values that fit into `room` bytes, at most `most` of them, and the very last one in any case."""

    def __init__(self, room: int, *, most: int, size: Callable[[V], int]) -> None:
        """Count each value as `size` says, in bytes."""
        self._room = room
        self._most = most
        self._size = size
        self._kept: dict[K, tuple[V, int]] = {}
        self._used = 0

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the value of this key, made if it is not there."""
        found = self._kept.pop(key, None)
        if found is None:
            value = make()
            found = value, self._size(value)
            self._make_room(found[1])
        self._kept[key] = found  # the last in order
        return found[0]

    def __contains__(self, key: K) -> bool:
        """Say whether the value of this key is at hand."""
        return key in self._kept

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._used = 0

    def _make_room(self, size: int) -> None:
        while self._kept and (self._used + size > self._room or len(self._kept) >= self._most):
            self._used -= self._kept.pop(next(iter(self._kept)))[1]
        self._used += size
