"""The crowd: how many connections one house has, so that nobody alone can take all places.

A house is an address of IPv4, or the /64 of IPv6 that a connection to the net is given at the least. Who comes from
this machine is a proxy or its owner, and is not counted.
"""

from collections import Counter

from cnddigest.web import visitor

OUTSIDE = 100  # who was turned away and may still hear why: they take files of ours, but no places


class Crowd:
    """Counts who is there."""

    def __init__(self, most: int) -> None:
        """Let in as many of one house."""
        self._most = most
        self._there: Counter[str] = Counter()
        self._outside = 0

    def enter(self, host: str) -> bool:
        """Count one more, and say whether there is room; they have to `leave` in either case."""
        house = visitor.house(host)
        if house is None:
            return True
        self._there[house] += 1
        return self._there[house] <= self._most

    def leave(self, host: str) -> None:
        """Count one less."""
        house = visitor.house(host)
        if house is None:
            return
        self._there[house] -= 1
        if not self._there[house]:
            del self._there[house]

    def may_linger(self) -> bool:
        """Count one who was turned away, and say whether they may hear why in peace."""
        self._outside += 1
        return self._outside <= OUTSIDE

    def gone(self) -> None:
        """Count one less of them."""
        self._outside -= 1
