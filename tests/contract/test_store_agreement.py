"""Whatever is done to them, the Stores answer the same."""

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from builders import NOON, a_release, a_session, some_prose
from cnddigest.ports.record import BuiltFile, SerialState, Store
from cnddigest.serial.model import Chapter, Part, Release
from cnddigest.store.memory import MemoryStore
from cnddigest.store.sqlite import open_store

NUMBERS = st.integers(1, 5)
NAMES = st.sampled_from("abcdefgh")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
MOMENTS = st.integers(-1000, 1000).map(lambda count: NOON + dt.timedelta(microseconds=count**5))


@st.composite
def releases(draw: st.DrawFn) -> Release:
    ids = draw(st.lists(NAMES, max_size=3))
    sessions = tuple(a_session(n, id=name, prose=some_prose(draw(TEXTS))) for n, name in enumerate(ids, start=1))
    part = Part(number=draw(NUMBERS), title=draw(TEXTS), chapters=(Chapter(label=draw(TEXTS), sessions=sessions),))
    return a_release(part=part, at=draw(MOMENTS), released=draw(st.booleans()))


class Twins(RuleBasedStateMachine):
    """One MemoryStore and one SQLite file, treated alike."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.stores: list[Store] = [MemoryStore(), open_store(f"{self.folder.name}/record")]

    def both(self, act: Callable[[Store], object]) -> None:
        outcomes = []
        for store in self.stores:
            try:
                outcomes.append(act(store))
            except (KeyError, ValueError):
                outcomes.append("refused")  # of several reasons each names the one it meets first
        assert outcomes[0] == outcomes[1]

    @rule(
        planned=st.lists(releases(), max_size=4),
        edited=st.lists(releases(), max_size=2),
        tag=TEXTS,
        started_at=st.none() | MOMENTS,
    )
    def ingest(self, planned: list[Release], edited: list[Release], tag: str, started_at: dt.datetime | None) -> None:
        state = SerialState(slug="minato", tag=tag, started_at=started_at)
        self.both(lambda store: store.ingest(state, planned=iter(planned), edited=iter(edited)))

    @rule(planned=st.lists(releases(), max_size=4, unique_by=lambda each: each.part.number))
    def ingest_what_is_sound(self, planned: list[Release]) -> None:
        state = SerialState(slug="minato", tag="tag:x")
        sound = [_only(each, f"{each.part.number}-") for each in planned]
        self.both(lambda store: store.ingest(state, planned=sound))

    @rule(numbers=st.lists(NUMBERS, max_size=3), at=MOMENTS, now=MOMENTS)
    def release(self, numbers: list[int], at: dt.datetime, now: dt.datetime) -> None:
        def act(store: Store) -> None:
            found = [each for each in store.headlines("minato") if each.number in numbers]
            store.release("minato", [replace(each, release_at=at) for each in found], now=now)

        self.both(act)

    @rule(first=NUMBERS, at=MOMENTS)
    def move(self, first: int, at: dt.datetime) -> None:
        def act(store: Store) -> None:
            store.move(
                "minato",
                [
                    replace(each, updated_at=at, sessions=tuple(replace(s, published_at=at) for s in each.sessions[1:]))
                    for each in store.headlines("minato", first=first)
                ],
            )

        self.both(act)

    @rule(written=st.lists(NAMES), removed=st.lists(NAMES), built=st.none() | st.integers(0, 9), key=TEXTS)
    def remember(self, written: list[str], removed: list[str], built: int | None, key: str) -> None:
        files = [BuiltFile(path=path, key=key, size=len(key), mtime_ns=2**62) for path in written]
        self.both(lambda store: store.remember_built(iter(files), removed=iter(removed), built=built))

    @rule(fragments=st.dictionaries(NAMES, TEXTS), only=st.booleans(), inputs=TEXTS)
    def keep(self, fragments: dict[str, str], only: bool, inputs: str) -> None:
        self.both(lambda store: store.keep_fragments(fragments, only=only))
        self.both(lambda store: store.remember_inputs(inputs))

    @invariant()
    def they_answer_the_same(self) -> None:
        for slug in ("minato", "nobody"):
            for released in (None, True, False):
                self.both(lambda store, s=slug, r=released: list(store.headlines(s, released=r)))  # type: ignore[misc]
            self.both(lambda store, s=slug: (store.serial(s), store.totals(s)))  # type: ignore[misc]
            self.both(lambda store, s=slug: [store.sessions(s, 1, 99), store.sessions(s, 2, 3)])  # type: ignore[misc]
        self.both(lambda store: list(store.releases("minato", [each.number for each in store.headlines("minato")])))
        self.both(lambda store: (store.build_state(), store.built_files(), store.fragments("abcdefgh")))
        self.both(lambda store: store.built_files("hgfa"))

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        self.folder.cleanup()


def _only(found: Release, prefix: str) -> Release:
    """The same with ids that no other Part has."""
    names = [f"{prefix}{n}" for n, _ in enumerate(found.entries)]
    (chapter,) = found.part.chapters
    sessions = tuple(replace(each, id=name) for each, name in zip(chapter.sessions, names, strict=True))
    entries = tuple(replace(each, session_id=name) for each, name in zip(found.entries, names, strict=True))
    return replace(found, part=replace(found.part, chapters=(replace(chapter, sessions=sessions),)), entries=entries)


TestTwins = Twins.TestCase
TestTwins.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
