"""The search index as a file: made anew when it has to be, and never in anybody's way."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cnddigest.errors import NoSearch, WorkFailed
from cnddigest.ports.search import Shelved
from cnddigest.search.asking import parse
from cnddigest.search.model import Searchable
from cnddigest.store import queries
from cnddigest.store import search as module
from cnddigest.store.search import SqliteIndex

TALK = Searchable(serial="minato", part=1, position=1, session_id="t", title="監視", speakers=(), text="灯台を見る。")
MINATO = Shelved(serial="minato", part=1, digest="d", sessions=(TALK,))
MAY_SCAN = {
    "shelves": {"shelf"},  # all of it is asked for
    "find": {"token", "best", "value", "json_each"},  # what was found
    "count_found": {"token", "json_each"},
}


def filled(path: Path) -> str:
    with closing(SqliteIndex(str(path))) as index:
        index.follow(3, changed=[MINATO])
    return str(path)


def hits(index: SqliteIndex) -> int:
    return index.find(parse("監視"), serials=["minato"], first=0, count=1).total


def test_it_is_there_when_it_is_opened_again(tmp_path):
    path = filled(tmp_path / "record.search")

    with closing(SqliteIndex(path)) as index:
        assert (index.revision(), hits(index)) == (3, 1)


def test_one_of_another_form_is_made_anew(tmp_path, monkeypatch):
    path = filled(tmp_path / "record.search")
    monkeypatch.setattr(module, "FORM", module.FORM + 1)

    with closing(SqliteIndex(path)) as index:
        assert (index.revision(), dict(index.shelves()), hits(index)) == (-1, {}, 0)


@pytest.mark.parametrize("at", [0, 1, 2, 5])
def test_a_damaged_one_is_thrown_away_and_made_anew(tmp_path, at):
    path = Path(filled(tmp_path / "record.search"))
    data = bytearray(path.read_bytes())
    data[4096 * at + 100 : 4096 * at + 3000] = b"\xff" * 2900
    path.write_bytes(data)

    for _ in range(3):
        try:
            with closing(SqliteIndex(str(path))) as index:
                index.follow(4, changed=[MINATO])
                found = hits(index)
        except WorkFailed:
            continue

    assert found == 1


def test_another_programs_file_is_left_as_it_is(tmp_path):
    (tmp_path / "record.search").write_text("mine" * 300)

    with closing(SqliteIndex(str(tmp_path / "record.search"))) as index:
        index.follow(1, changed=[MINATO])
        assert hits(index) == 1

    assert (tmp_path / "record.search").read_text() == "mine" * 300


def test_where_no_file_can_be_written_it_is_in_memory(tmp_path):
    with closing(SqliteIndex(str(tmp_path / "nowhere" / "record.search"))) as index:
        index.follow(1, changed=[MINATO])

        assert hits(index) == 1


def test_two_may_use_one_file(tmp_path):
    path = filled(tmp_path / "record.search")

    with closing(SqliteIndex(path)) as one, closing(SqliteIndex(path)) as other:
        one.follow(4, gone=[("minato", 1)])

        assert (other.revision(), hits(other)) == (4, 0)


def test_without_fts5_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "can_search", lambda: False)

    with pytest.raises(NoSearch, match="FTS5"):
        SqliteIndex(str(tmp_path / "record.search"))


@pytest.mark.parametrize("name", sorted(queries._index()))
def test_a_statement_searches_and_does_not_scan(tmp_path, name):
    statement = queries.load_of_index(name)
    values = dict.fromkeys(re.findall(r":(\w+)", statement), 1) | {"serials": "[]", "wanted": "a"}
    path = filled(tmp_path / "record.search")

    with closing(sqlite3.connect(path)) as db:
        plan = [row[3] for row in db.execute(f"explain query plan {statement}", values)]

    assert {line.split()[1] for line in plan if line.startswith("SCAN")} <= MAY_SCAN.get(name, set())


def test_every_statement_is_used():
    source = queries.read(module.__file__)

    assert all(f'"{name}"' in source for name in queries._index())
