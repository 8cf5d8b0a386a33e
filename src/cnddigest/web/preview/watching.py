"""The thread that watches what an author edits and builds it anew: the home of watchfiles."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from cnddigest.errors import CndDigestError
from cnddigest.rendering.preview.model import Problem
from cnddigest.web.preview.live import Live
from cnddigest.wiring.preview import Places, Stage

STEP = 20  # milliseconds without a change after which a save counts as done: editors write in several steps
LONGEST = 400  # milliseconds that a burst of changes is waited for
LOOK = 2_000  # milliseconds after which it looks for itself: some file systems tell nothing
PAUSE = 1.0  # seconds until it tries again, where there is no folder left to watch


def follow(stage: Stage, live: Live, stop: threading.Event) -> None:
    """Build, and again after each change, until `stop` is set; whatever goes wrong is shown and ends nothing."""
    logging.getLogger("watchfiles").setLevel(logging.CRITICAL)
    by_polling = False
    try:
        while not stop.is_set():
            _build(stage, live)
            try:
                _watch(stage, live, stop, by_polling=by_polling)
            except OSError:  # a folder vanished, or the system's watches are used up
                by_polling = True
                stop.wait(PAUSE)
    finally:
        live.end()


def _build(stage: Stage, live: Live) -> None:
    """Build if something changed."""
    try:
        if stage.has_changed():
            live.show(stage.play())
    except CndDigestError as error:
        live.tell(Problem(message=error.message, hint=error.hint))
    except Exception as error:  # noqa: BLE001 - the outermost loop: the author goes on writing
        live.tell(Problem(message=f"unexpected {type(error).__name__}: {error}"))


def _watch(stage: Stage, live: Live, stop: threading.Event, *, by_polling: bool) -> None:
    """Build after each change, until something else is to be watched."""
    from watchfiles import watch

    places = stage.places()
    folders = watched(places)
    if not folders:
        stop.wait(PAUSE)
        return
    for _ in watch(
        *folders,
        watch_filter=_filter(places),
        debounce=LONGEST,
        step=STEP,
        stop_event=stop,
        rust_timeout=LOOK,
        yield_on_timeout=True,
        raise_interrupt=False,
        recursive=False,
        force_polling=by_polling or None,
    ):
        _build(stage, live)
        if watched(stage.places()) != folders or stage.places() != places:
            return


def watched(places: Places) -> frozenset[Path]:
    """Return the folders to watch, without those in them: a publication's own may hold a million files of output."""
    around = {path.parent for path in places.files} | {folder.parent for folder in places.folders}
    inside = {path for folder in places.folders for path in _within(folder)}
    return frozenset(path for path in around | inside if path.is_dir())


def _within(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield folder
        yield from (path for path in folder.rglob("*") if path.is_dir() and not path.name.startswith("."))


def _filter(places: Places) -> Callable[[object, str], bool]:
    def matters(_: object, name: str) -> bool:
        path = Path(name)
        return path in places.files or any(path.is_relative_to(folder) for folder in places.folders)

    return matters
