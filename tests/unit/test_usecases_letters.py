"""Letters at hand: what was made is not made again, and never takes more memory than is meant for it."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builders import NOON, a_publication, a_release, a_serial
from cnddigest.ports.record import SerialState, Store
from cnddigest.rendering.issue import Issue
from cnddigest.rendering.slots import slot
from cnddigest.serial.model import MAIN
from cnddigest.store.ledger import SqliteLedger
from cnddigest.store.sqlite import open_store
from cnddigest.usecases.letters import AT_HAND, OCTETS, Letters

PARTS = 40
NAMES = ("title", "language", "author", "url", "licence", "first_on", "last_on", "written_on")
ABOUT = {**dict.fromkeys(NAMES), "title": "minato", "language": "ja", "parts": PARTS, "sessions": PARTS}


class Shelf:
    """Issues of a size, and how often one of them was made into a Letter."""

    def __init__(self, path: str, *, size: int) -> None:
        self.path, self.made = path, 0
        with closing(open_store(path)) as store:
            planned = [a_release(n, sessions=1, released=False) for n in range(1, PARTS + 1)]
            store.ingest(SerialState(slug="minato", tag="tag:x", about=json.dumps(ABOUT)), planned=planned)
            store.release("minato", list(store.headlines("minato")), now=NOON)
        self.ledger = SqliteLedger(path)
        text = f"{'x' * 70}\n" * (size // 71) + f"\n{slot('unsubscribe')}\n"
        issue = Issue(subject="Day", preheader="", html=f'<a href="{slot("unsubscribe")}">leave</a>', text=text)
        self.issues = [self.ledger.find_issue("minato", MAIN, part) or 0 for part in range(1, PARTS + 1)]
        for number in self.issues:
            self.ledger.keep_text(number, issue)
        publication = a_publication(serials=(a_serial(),))
        self.letters = Letters(self.ledger, self._open, publication, _no_templates, sender="a@example.org", reply_to="")

    def _open(self) -> Store:
        self.made += 1
        return open_store(self.path)

    def ask(self, parts: range) -> None:
        for part in parts:
            number = self.issues[part - 1]
            self.letters.of(number, self.ledger.issue(number))


def _no_templates(_: str) -> Any:
    raise AssertionError("all texts are kept")


@pytest.mark.parametrize(("size", "kept"), [(1_000, AT_HAND), (650_000, OCTETS // 910_000)])
def test_the_last_ones_are_at_hand_and_those_before_are_made_again(tmp_path: Path, size: int, kept: int) -> None:
    shelf = Shelf(str(tmp_path / "record"), size=size)
    shelf.ask(range(1, PARTS + 1))
    first = shelf.made

    shelf.ask(range(PARTS - kept + 1, PARTS + 1))
    at_hand = shelf.made
    shelf.ask(range(PARTS - kept, PARTS - kept + 1))
    again = shelf.made
    shelf.ledger.close()

    assert (first, at_hand, again) == (PARTS, PARTS, PARTS + 1)
