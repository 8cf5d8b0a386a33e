"""A publication on a desk: its recap in memory, published at will, and what its readers see."""

import datetime as dt
from functools import cache

from builders import a_cadence, a_publication, a_serial
from cnddigest.crew import Alone
from cnddigest.rendering.templates import Templates
from cnddigest.rendering.words import Words
from cnddigest.serial.model import Publication
from cnddigest.store.memory import MemoryStore
from cnddigest.usecases.publish import Wanted, publish
from cnddigest.usecases.report import PublishReport
from cnddigest.usecases.shop import Shop
from fakes import FakeFolder, FakeInputs

START = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)  # noon in Tokyo
NEXT_DAY = dt.timedelta(days=1)
RECAP = "recaps/minato.md"


def a_text(*, days: int = 2, sessions: int = 3, title: str = "港の会議 2026 まとめ") -> str:
    numbers = iter(range(1, days * sessions + 1))
    lines = [f"# {title}", "2026年3月7日から開かれた会議の記録です。"]
    for day in range(1, days + 1):
        lines.append(f"# {day}日目")
        for number in (next(numbers) for _ in range(sessions)):
            lines += [f"## 発表{number:03d}の題", f"https://event.example/talks/{number}", f"本文{number:03d}です。"]
    return "\n\n".join([*lines, "# おわりに", "またお会いしましょう。"])


class Desk:
    """A publication of one Serial, published at will."""

    def __init__(self, text: str | None = None, publication: Publication | None = None, **cadence: object) -> None:
        self.publication = publication or a_publication(serials=(a_serial(cadence=a_cadence(**cadence)),))
        self.inputs = FakeInputs({RECAP: text or a_text()})
        self.store = MemoryStore()
        self.folder = FakeFolder()

    def publish(self, now: dt.datetime = START, **wanted: object) -> PublishReport:
        words = Words(self.publication.language, self.publication.timezone, self.inputs.catalogs())
        shop = Shop(
            store=self.store,
            sink=self.folder,
            crew=Alone(),
            inputs=self.inputs,
            publication=self.publication,
            templates=cache(lambda: Templates(self.inputs.templates(), words)),
            now=now,
            progress=lambda *_: None,
        )
        return publish(shop, Wanted(**wanted))  # type: ignore[arg-type]

    def rewrite(self, old: str, new: str) -> None:
        assert old in self.inputs.recaps[RECAP]
        self.inputs.recaps[RECAP] = self.inputs.recaps[RECAP].replace(old, new)

    @property
    def everything(self) -> str:
        return "\n".join(data.decode() for data in self.folder.files.values())
