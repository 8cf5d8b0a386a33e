"""Rendered texts, each under the digest of what it was made from: looked up if kept, made if not."""

from collections.abc import Callable, Sequence
from sys import getsizeof

from cnddigest.ports.record import Store

ROOM = 8_000_000  # bytes: ten times what a release of an ordinary recap needs again


class Texts:
    """A cache over the record. Losing it costs time, never a byte of the result.

    Only texts asked for with `keep` stay: those a later release will need again. All others are made, used
    and dropped, so that memory does not grow with what is out. Of these, too, only as many stay as there is room for:
    the next release makes the others anew.
    """

    def __init__(self, store: Store) -> None:
        """Read from this record; nothing is written before `save`."""
        self._store = store
        self._kept: dict[str, str] = {}
        self._new: set[str] = set()
        self._room = ROOM

    def get(self, key: str, make: Callable[[], str], *, keep: bool) -> str:
        """Return the text of this key."""
        return self.get_all([key], lambda _: [make()], keep=[keep])[0]

    def get_all(
        self, keys: Sequence[str], make: Callable[[list[int]], Sequence[str]], *, keep: Sequence[bool]
    ) -> list[str]:
        """Return the texts of all keys; `make` is given the positions of those that are not there, all at once."""
        found = {key: self._kept[key] for key in keys if key in self._kept}
        found |= self._store.fragments([key for key in keys if key not in found])
        absent = [place for place, key in enumerate(keys) if key not in found]
        if absent:
            made = {keys[place]: text for place, text in zip(absent, make(absent), strict=True)}
            self._new.update(made)
            found |= made
        for key, wanted in zip(keys, keep, strict=True):
            if wanted and key not in self._kept:
                self._keep(key, found[key])
        return [found[key] for key in keys]

    def _keep(self, key: str, text: str) -> None:
        size = getsizeof(text)
        if size <= self._room:
            self._kept[key] = text
            self._room -= size

    @property
    def rendered(self) -> bool:
        """Say whether anything had to be made, so that the template engine is at hand by now."""
        return bool(self._new)

    def save(self, *, only: bool) -> None:
        """Put what must be kept into the record; with `only`, nothing else stays there."""
        fresh = self._kept if only else {key: text for key, text in self._kept.items() if key in self._new}
        if fresh or only:
            self._store.keep_fragments(fresh, only=only)
