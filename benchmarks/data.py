"""Sessions to publish, made from the bundled recap: the same for every side, the same every time."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One session: its number from 1, its title, and its summary in markdown."""

    number: int
    title: str
    text: str


def talks(count: int) -> list[Talk]:
    """Return that many sessions; summaries repeat every fourteen, titles never."""
    source = (ROOT / "recaps" / "cndt2022.md").read_text("utf-8")
    found = re.findall(r"^## (.+?)\n+https\S+\n+(.+?)(?=\n#|\Z)", source, re.DOTALL | re.MULTILINE)
    return [
        Talk(number=n, title=f"{n:05d} {found[n % len(found)][0]}", text=found[n % len(found)][1].strip())
        for n in range(1, count + 1)
    ]
