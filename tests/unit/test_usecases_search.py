"""Searching follows the record: what is out is found, as it is now, and nothing else."""

import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOON, a_part, a_release, a_session, some_prose
from cnddigest.ports.record import SerialState
from cnddigest.ports.search import SearchIndex
from cnddigest.search.asking import parse
from cnddigest.search.found import Found
from cnddigest.serial.model import Chapter, Release
from cnddigest.store.memory import MemoryStore
from cnddigest.store.scan import Scan
from cnddigest.store.search import IN_MEMORY, SqliteIndex
from cnddigest.usecases.search import MOST_PAGES, PER_PAGE, follow, search

MINATO, YAMA = (SerialState(slug=slug, tag=f"tag:example.org,2026:{slug}", about="{}") for slug in ("minato", "yama"))
WORDS = ("灯台", "海図", "霧笛", "k8s", "cloud")
LATER = NOON + dt.timedelta(days=90)


@pytest.fixture(params=[Scan, lambda: SqliteIndex(IN_MEMORY)], ids=["scan", "sqlite"])
def index(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    opened: SearchIndex = request.param()
    yield opened
    opened.close()


def of_words(number: int, *words: str, serial: str = "minato", released: bool = False) -> Release:
    """A Part with one session for each word."""
    own = tuple(
        a_session(n, id=f"t-{number}-{n}", title=f"発表{n}", prose=some_prose(f"{word}の話。", "以上。"))
        for n, word in enumerate(words, start=1)
    )
    part = a_part(number, chapters=(Chapter(label="", sessions=own),))
    return a_release(number, at=NOON + dt.timedelta(days=number), part=part, serial=serial, released=released)


def release(store: MemoryStore, number: int, slug: str = "minato") -> None:
    store.release(slug, list(store.headlines(slug, first=number, last=number)), now=LATER)


def found(store: MemoryStore, index: SearchIndex, asked: str, **wanted: object) -> Found:
    return search(store, index, ["minato", "yama"], parse(asked), **wanted)  # type: ignore[arg-type]


def names(found: Found) -> list[str]:
    return [f"{hit.serial}/{hit.session_id}" for hit in found.hits]


def test_only_what_is_out_is_found(index):
    store = MemoryStore()
    store.ingest(MINATO, planned=[of_words(1, "灯台"), of_words(2, "灯台")])
    before = names(found(store, index, "灯台"))

    release(store, 1)

    assert before == []
    assert names(found(store, index, "灯台")) == ["minato/t-1-1"]


def test_an_edit_is_found_and_what_it_replaced_is_not(index):
    store = MemoryStore()
    store.ingest(MINATO, planned=[of_words(1, "灯台", "霧笛")])
    release(store, 1)
    assert names(found(store, index, "灯台")) == ["minato/t-1-1"]

    store.ingest(MINATO, planned=(), edited=[of_words(1, "海図", "霧笛", released=True)])

    assert names(found(store, index, "灯台")) == []
    assert names(found(store, index, "海図")) == ["minato/t-1-1"]
    assert names(found(store, index, "霧笛")) == ["minato/t-1-2"]


def test_one_serial_can_be_searched_alone(index):
    store = MemoryStore()
    for state in (MINATO, YAMA):
        store.ingest(state, planned=[of_words(1, "灯台", serial=state.slug)])
        release(store, 1, state.slug)

    assert names(found(store, index, "灯台")) == ["minato/t-1-1", "yama/t-1-1"]
    assert names(found(store, index, "灯台", within="yama")) == ["yama/t-1-1"]
    assert names(search(store, index, ["minato"], parse("灯台"))) == ["minato/t-1-1"]


def test_pages_follow_one_another_and_end(index):
    store = MemoryStore()
    store.ingest(MINATO, planned=[of_words(1, *["灯台"] * 45)])
    release(store, 1)

    pages = [found(store, index, "灯台", page=page) for page in (1, 2, 3)]

    assert [len(page.hits) for page in pages] == [PER_PAGE, PER_PAGE, 5]
    assert len({name for page in pages for name in names(page)}) == 45
    assert all((page.total, page.pages) == (45, 3) for page in pages)
    assert found(store, index, "灯台", page=9999).page == 3
    assert found(store, index, "灯台", page=0).page == 1
    assert MOST_PAGES >= 3


def test_only_parts_that_changed_are_read(index):
    store = MemoryStore()
    store.ingest(MINATO, planned=[of_words(n, "灯台") for n in (1, 2, 3)])
    release(store, 1)
    release(store, 2)
    found(store, index, "灯台")
    read: list[int] = []
    whole = store.releases

    def watched(slug: str, numbers: list[int]) -> Iterator[Release]:
        read.extend(numbers)
        return whole(slug, numbers)

    store.releases = watched  # type: ignore[method-assign, assignment]
    release(store, 3)

    assert len(found(store, index, "灯台").hits) == 3
    assert read == [3]


def test_an_index_that_is_not_finished_is_left_as_it_was(index):
    store = MemoryStore()
    store.ingest(MINATO, planned=[of_words(n, "灯台") for n in (1, 2)])
    release(store, 1)
    release(store, 2)
    left = [None]

    with pytest.raises(IndexError):
        follow(store, index, ["minato"], proceed=left.pop)

    assert (index.revision(), dict(index.shelves())) == (-1, {})


STEP = st.tuples(st.sampled_from(["release", "edit"]), st.integers(1, 3), st.lists(st.sampled_from(WORDS), max_size=3))


@settings(max_examples=100, deadline=None)
@given(steps=st.lists(STEP, max_size=6), asked=st.sampled_from(WORDS))
def test_the_index_never_differs_from_the_record(steps, asked):
    store, index = MemoryStore(), SqliteIndex(IN_MEMORY)
    now = {n: of_words(n, "灯台", "cloud") for n in (1, 2, 3)}
    out: set[int] = set()
    store.ingest(MINATO, planned=now.values())
    for what, number, words in steps:
        if what == "release":
            release(store, number)
            out.add(number)
        else:
            now[number] = of_words(number, *words, released=number in out)
            store.ingest(
                MINATO,
                planned=[each for n, each in now.items() if n not in out],
                edited=[now[n] for n in out & {number}],
            )

        shown = names(found(store, index, asked))

        assert sorted(shown) == sorted(
            f"minato/{session.id}"
            for number in out
            for session in now[number].part.sessions
            if asked in session.prose.paragraphs[0]
        )
    index.close()
