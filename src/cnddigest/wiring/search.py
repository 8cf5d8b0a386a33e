"""Searching a publication, for one thread: the record is read, and the index beside it follows."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cnddigest.audience.model import LANGUAGES
from cnddigest.config import Settings
from cnddigest.errors import CndDigestError, WorkFailed, WrongUse
from cnddigest.inputs import PublicationFolder
from cnddigest.rendering import search as pages
from cnddigest.search.asking import parse
from cnddigest.search.found import Found
from cnddigest.search.model import MOST_CHARACTERS, Query
from cnddigest.usecases.about import masthead
from cnddigest.usecases.search import follow, is_behind, search
from cnddigest.wiring.reading import place

if TYPE_CHECKING:
    from cnddigest.rendering.masthead import Masthead
    from cnddigest.rendering.templates import Templates

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for: words, in which Serial (all, where it is none of ours), and which page of it."""

    words: str
    within: str | None = None
    page: int = 1
    language: str = ""  # of the page, `""` for the publication's
    tongue: str = ""  # the same, where the address itself asks for it


class Searching:
    """Answers to searches; raises CndDigestError while nothing can be searched."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; the record need not be there yet."""
        self._settings = settings
        self._opened: _Opened | None = None
        self._stop = threading.Event()

    def stop(self) -> None:
        """Let go of an index that is being made; another thread may say so."""
        self._stop.set()

    def prepare(self) -> None:
        """Bring the index to the record: whoever comes first should not wait for that."""
        self._ask(lambda _: None)

    def page(self, asked: Asked) -> tuple[str, bool]:
        """Return the page, and whether the question was no longer than it may be."""
        query = _parsed(asked)
        if query is None:
            return self._ask(lambda opened: opened.refused(asked)), False
        return self._ask(lambda opened: opened.page(asked, query)), True

    def document(self, asked: Asked) -> bytes | None:
        """Return the same as JSON, None for a question that is too long."""
        query = _parsed(asked)
        return None if query is None else self._ask(lambda opened: opened.document(asked, query))

    def description(self, language: str) -> str:
        """Return what a browser adds to its searches."""
        return self._ask(lambda opened: opened.description(language))

    def close(self) -> None:
        """Give the record back."""
        if self._opened:
            self._opened.close()
        self._opened = None

    def _ask(self, ask: "Callable[[_Opened], T]") -> T:
        """Ask the record as it is now; one that could not be asked is opened anew the next time."""
        now_at = place(self._settings.record)
        if self._opened and self._opened.place != now_at:  # a backup was put back
            self.close()
        try:
            self._opened = self._opened or _Opened(self._settings, now_at, self._stop)
            self._opened.follow()
            return ask(self._opened)
        except CndDigestError:
            self.close()
            raise


class _Opened:
    """The record and its index, and what pages need of one revision."""

    def __init__(self, settings: Settings, now_at: tuple[int, int], stop: threading.Event) -> None:
        from cnddigest.store.search import SqliteIndex, beside
        from cnddigest.store.sqlite import open_store

        self.place = now_at
        self._publication = settings.publication
        self._settings = settings
        self._stop = stop
        self._store = open_store(settings.record, create=False)
        try:
            self._index = SqliteIndex(beside(settings.record))
        except CndDigestError:
            self._store.close()
            raise
        self._slugs = [serial.slug for serial in self._publication.serials]
        self._revision = -1
        self._templates: dict[str, Templates] = {}
        self._mastheads: tuple[Masthead, ...] = ()

    def close(self) -> None:
        self._store.close()
        self._index.close()

    def follow(self) -> None:
        """Read anew what a publish may have changed; at first the index too, which may be of another record."""
        revision = self._store.build_state().revision
        if revision == self._revision:
            return
        if self._revision < 0 or is_behind(self._store, self._index):
            follow(self._store, self._index, self._slugs, proceed=self._proceed)
        states = [state for slug in self._slugs if (state := self._store.serial(slug))]
        self._mastheads = tuple(masthead(self._publication, state) for state in states)
        self._templates.clear()
        self._revision = revision

    def _speak(self, language: str) -> "Templates":
        if language not in self._templates:
            from cnddigest.rendering.templates import Templates
            from cnddigest.rendering.words import Words

            own = self._publication
            folder = PublicationFolder(self._settings.root, configuration=self._settings.path, recaps=())
            words = Words(language or own.language, own.timezone, folder.catalogs())
            self._templates[language] = Templates(folder.templates(), words)
        return self._templates[language]

    def _proceed(self) -> None:
        if self._stop.is_set():
            raise WorkFailed("search index was not made: the server ends")

    def page(self, asked: Asked, query: Query) -> str:
        return self._page(asked, self._found(asked, query))

    def refused(self, asked: Asked) -> str:
        found = Found(query=Query(asked=asked.words[:MOST_CHARACTERS]), within=self._within(asked))
        return self._page(asked, found, problem=pages.too_much(self._speak(asked.language)))

    def _page(self, asked: Asked, found: Found, *, problem: str | None = None) -> str:
        templates = self._speak(asked.language)
        others = [self._speak(each).words for each in LANGUAGES if each != templates.words.language]
        return pages.search_page(
            templates,
            self._publication,
            self._mastheads,
            found,
            problem=problem,
            tongue=asked.tongue,
            others=others,
        )

    def document(self, asked: Asked, query: Query) -> bytes:
        return pages.search_json(self._publication, self._found(asked, query))

    def description(self, language: str) -> str:
        return pages.open_search(self._speak(language), self._publication)

    def _found(self, asked: Asked, query: Query) -> Found:
        within = self._within(asked)
        return search(self._store, self._index, self._slugs, query, within=within, page=asked.page)

    def _within(self, asked: Asked) -> str | None:
        return asked.within if asked.within in self._slugs else None


def _parsed(asked: Asked) -> Query | None:
    try:
        return parse(asked.words)
    except WrongUse:
        return None
