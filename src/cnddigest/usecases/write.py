"""Write targets: leave what is as it should be, put everything else in place together."""

from collections.abc import Iterable
from itertools import chain

from cnddigest.ports import BuiltFile, FileSink, Store
from cnddigest.site.target import Target
from cnddigest.usecases.report import Built


def write(store: Store, sink: FileSink, targets: Iterable[Target], *, whole: bool, revision: int) -> Built:
    """Write the targets that are out of date; if they are the `whole` site, remove what we wrote and is none.

    Nothing a reader sees changes before everything is written beside. Then the record is told which revision the
    files show: killed in between, the next run finds them out of date and looks at all of them.
    """
    known = store.built_files() if whole else {}
    round_ = _Round(sink)
    try:
        for target in targets:
            before = known.get(target.path) if whole else store.built_files([target.path]).get(target.path)
            round_.take(target, before)
    except BaseException:
        sink.discard()
        raise
    stale = sorted(known.keys() - round_.seen) if whole else []
    written = round_.commit()
    for path in stale:
        sink.remove(path)
    store.remember_built(chain(round_.recognised, written), removed=stale, built=revision)
    return Built(
        written=tuple(sorted(file.path for file in written)),
        removed=tuple(stale),
        unchanged=store.built_count() - len(written),
    )


class _Round:
    """One round over targets: which are left, which are recognised, which are written."""

    def __init__(self, sink: FileSink) -> None:
        self._sink = sink
        self._keys: dict[str, str] = {}
        self.seen: set[str] = set()
        self.recognised: list[BuiltFile] = []

    def take(self, target: Target, before: BuiltFile | None) -> None:
        """Look at one target; write it beside if it is out of date."""
        self.seen.add(target.path)
        if before and before.key == target.key and self._sink.unchanged(before):
            return
        data = target.make()
        stamp = self._sink.stamp(target.path)
        if stamp and stamp[0] == len(data) and self._sink.read(target.path) == data:
            self.recognised.append(BuiltFile(path=target.path, key=target.key, size=stamp[0], mtime_ns=stamp[1]))
            return
        self._sink.stage(target.path, data)
        self._keys[target.path] = target.key

    def commit(self) -> list[BuiltFile]:
        """Put what was written beside in place."""
        return [
            BuiltFile(path=path, key=self._keys[path], size=size, mtime_ns=mtime_ns)
            for path, size, mtime_ns in self._sink.commit()
        ]
