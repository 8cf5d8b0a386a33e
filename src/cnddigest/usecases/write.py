"""Write targets: leave what is as it should be, put everything else in place together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from cnddigest.ports.files import FileSink, Staged
from cnddigest.ports.record import BuiltFile, Store
from cnddigest.site.target import Target
from cnddigest.usecases.report import Built
from cnddigest.usecases.shop import Shop


def write(shop: Shop, rounds: Sequence[Iterable[Target]], *, whole: bool, revision: int) -> Built:
    """Write the targets that are out of date; if they are the `whole` site, remove what we wrote and is none.

    The rounds may be walked in any order and in two processes; files take their places in the order of the rounds.
    Nothing a reader sees changes before everything is written beside. Then the record is told which revision the
    files show: killed in between, the next run finds them out of date and looks at all of them.
    """
    store, sink = shop.store, shop.sink
    known = store.built_files() if whole else None
    looked_at = _Round(store, sink, known)
    try:
        if len(rounds) > 1:
            sink.ready()
        done = shop.crew.share([partial(looked_at.walk, targets) for targets in rounds])
        for outcome in done:
            sink.take(outcome.staged)
    except BaseException:
        sink.discard()
        raise
    stale = sorted(known.keys() - {path for outcome in done for path in outcome.seen}) if known else []
    keys = {path: key for outcome in done for path, key in outcome.keys}
    written = [
        BuiltFile(path=path, key=keys[path], size=size, mtime_ns=mtime_ns) for path, size, mtime_ns in sink.commit()
    ]
    for path in stale:
        sink.remove(path)
    recognised = (file for outcome in done for file in outcome.recognised)
    store.remember_built(chain(recognised, written), removed=stale, built=revision)
    return Built(
        written=tuple(sorted(file.path for file in written)),
        removed=tuple(stale),
        unchanged=store.built_count() - len(written),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What came of some targets: all that were left as they are, those recognised, and those written beside."""

    seen: tuple[str, ...]
    recognised: tuple[BuiltFile, ...]
    keys: tuple[tuple[str, str], ...]
    staged: Sequence[Staged]


class _Round:
    """What looks at targets: which are left, which are recognised, which are written."""

    def __init__(self, store: Store, sink: FileSink, known: dict[str, BuiltFile] | None) -> None:
        self._store = store
        self._sink = sink
        self._known = known

    def walk(self, targets: Iterable[Target]) -> _Outcome:
        """Look at some targets; write those beside that are out of date."""
        seen: list[str] = []
        recognised: list[BuiltFile] = []
        keys: list[tuple[str, str]] = []
        for target in targets:
            before = self._before(target.path)
            seen += [target.path] if before else []
            if before and before.key == target.key and self._sink.unchanged(before):
                continue
            data = target.make()
            stamp = self._sink.stamp(target.path)
            if stamp and stamp[0] == len(data) and self._sink.read(target.path) == data:
                recognised.append(BuiltFile(path=target.path, key=target.key, size=stamp[0], mtime_ns=stamp[1]))
                continue
            self._sink.stage(target.path, data)
            keys.append((target.path, target.key))
        return _Outcome(seen=tuple(seen), recognised=tuple(recognised), keys=tuple(keys), staged=self._sink.give())

    def _before(self, path: str) -> BuiltFile | None:
        known = self._known
        return known.get(path) if known is not None else self._store.built_files([path]).get(path)
