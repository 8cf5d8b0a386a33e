"""Recaps as their readers see them, a Part each day, and what their authors are told; reviewed by eye."""

import datetime as dt
import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from builders import a_cadence, a_publication, a_serial
from cnddigest.crew import Alone
from cnddigest.recap.model import Finding
from cnddigest.rendering.templates import Templates
from cnddigest.rendering.words import Words
from cnddigest.store.memory import MemoryStore
from cnddigest.usecases.publish import Wanted, publish
from cnddigest.usecases.shop import Shop
from conftest import missing
from drawings import size_of
from fakes import FakeFolder, FakeInputs
from reviewing import as_json, cases, hold

START = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
PICTURES = {".png", ".jpg", ".webp", ".svg", ".gif"}
BLOCK = "p|h[1-6]|li|ul|ol|div|section|article|header|footer|nav|aside|dl|dd|dt|figure"
BLOCK_ENDS = re.compile(rf"(</(?:{BLOCK})>|<hr>)\s*")
MADE = re.compile(r"[0-9a-f]{20}")  # names of images that Pillow made: another release makes other bytes


def published(case: Path) -> tuple[FakeFolder, list[dict[str, object]]]:
    """Publish every Part of a case's recap, one a day; the folder as the last day left it, and the findings."""
    inputs = FakeInputs({"recaps/recap.md": (case / "recap.md").read_text("utf-8")})
    inputs.pictures = {f"recaps/{path.name}": path.read_bytes() for path in case.iterdir() if path.suffix in PICTURES}
    language = "en" if case.name.endswith("_en") else "ja"
    publication = a_publication(
        language=language, serials=(a_serial(recaps=("recaps/recap.md",), cadence=a_cadence()),)
    )
    templates = Templates(inputs.templates(), Words(language, publication.timezone, inputs.catalogs()))
    store, folder = MemoryStore(), FakeFolder()
    findings: list[Finding] = []
    for day in range(2):
        shop = Shop(
            store=store,
            sink=folder,
            crew=Alone(),
            inputs=inputs,
            publication=publication,
            templates=lambda: templates,
            now=START + dt.timedelta(days=day),
            progress=lambda *_: None,
        )
        report = publish(shop, Wanted())
        findings = findings or [remark.finding for remark in report.remarks]
    return folder, [
        {"rule": one.rule, "severity": one.severity, "line": one.line, "message": one.message} for one in findings
    ]


def shown(markup: str) -> str:
    """Return HTML with one block on a line, as a person reviews it."""
    return BLOCK_ENDS.sub(r"\1\n", " ".join(markup.split())).replace("\n ", "\n")


@pytest.mark.parametrize("case", cases("publications"), ids=lambda case: case.name)
def test_what_readers_see_is_as_reviewed(case):
    if find_spec("PIL") is None and not PICTURES.isdisjoint(path.suffix for path in case.iterdir()):
        missing("Pillow")

    folder, findings = published(case)

    names: dict[str, str] = {}

    def same(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"image-{len(names) + 1}")

    for number in (1, 2):
        page = folder.files[f"minato/parts/{number}.html"].decode()
        main = page[page.index("<main") : page.index('<nav class="neighbours"')]
        hold(case / f"page-{number}.html", MADE.sub(same, shown(main)))
    feed = json.loads(folder.files["minato/sessions/feed.json"])
    entries = "\n".join(f"<!-- {item['title']} -->\n{shown(item['content_html'])}" for item in feed["items"])
    hold(case / "entries.html", MADE.sub(same, entries))
    images = sorted((MADE.sub(same, path), *size_of(data)) for path, data in folder.files.items() if "/images/" in path)
    hold(case / "told.json", as_json({"findings": findings, "images": images}))
