"""What `doctor` looks at: each check says what it saw, and what to do where something is wrong."""

import datetime as dt
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from cnddigest.cli.check import Check, Seen, exposed, told
from cnddigest.cli.hook_checks import webhooks
from cnddigest.cli.hub_checks import hubs
from cnddigest.cli.mail_checks import mail
from cnddigest.config import Settings
from cnddigest.errors import OutputFailed, reason
from cnddigest.files import Folder
from cnddigest.inputs import PublicationFolder, packaged_templates

OLDEST_SQLITE = (3, 37)  # the record is made of STRICT tables
EXAMPLES = (".example", ".invalid", ".test", ".localhost", "example.org", "example.com", "example.net")  # RFC 2606
SKEW = dt.timedelta(days=1)  # file systems and time zones explain less than this


def system() -> Iterator[Check]:
    """Look at Python and SQLite."""
    yield Check(name="python", state="ok", detail=sys.version.split()[0])
    new = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    hint = None if new else "use a Python with SQLite 3.37 or newer"
    yield Check(name="sqlite", state="ok" if new else "mend", detail=sqlite3.sqlite_version, hint=hint)
    yield _search()


def _search() -> Check:
    """Look whether `serve` can search: everything else does without."""
    from cnddigest.store.search import can_search

    if can_search():
        return Check(name="search", state="ok", detail="SQLite has FTS5")
    return Check(
        name="search",
        state="look",
        detail="SQLite of this Python was built without FTS5, so the server's search says that it is not possible",
        hint="use a Python whose SQLite has FTS5, as nearly all have",
    )


def publication(settings: Settings, now: dt.datetime) -> Iterator[Check]:
    """Look at everything a publish needs; an error of one check does not stop the others."""
    yield Check(name="configuration", state="ok", detail=str(settings.path))
    yield from told("address", _address, settings)
    for serial in settings.publication.serials:
        yield from told(f"recap {serial.slug}", _recap, settings, serial.recaps)
    yield from told("templates", _templates, settings)
    yield from told("signs", _signs, settings)
    yield from told("posters", _posters, settings)
    yield from told("output", _output, settings.output)
    yield from told("record", _record, settings)
    yield from told("clock", _clock, settings, now)
    yield from told("secret", _secret, settings)
    yield from webhooks(settings, now)
    yield from hubs(settings)
    yield from mail(settings)


def rehearsal(settings: Settings, now: dt.datetime) -> Iterator[Check]:
    """Publish into nowhere: what no single look finds, such as a template that can't be rendered."""
    yield from told("publish", _dry_run, settings, now)


def _dry_run(settings: Settings, now: dt.datetime) -> Seen:
    from cnddigest import wiring

    with wiring.open_publication(settings) as opened:
        total = sum(serial.total for serial in opened.status(now=now).serials)
        report = opened.publish(dry_run=True, now=now, progress=lambda *_: None)
    released, files = len(report.released), len(report.files.written)
    return "ok", f"would release {released} of {total} Parts and write {files} files", None


def _signs(settings: Settings) -> Seen:
    from cnddigest.rendering.signs import nothing_here
    from cnddigest.wiring.signs import Signs

    Signs(settings).page(nothing_here, "", "")
    return "ok", "`serve` can say that there is nothing at an address", None


def _address(settings: Settings) -> Seen:
    base_url = settings.publication.base_url
    host = urlsplit(base_url).hostname or ""
    if f".{host}".endswith(EXAMPLES):
        return "look", f"{base_url} is an example", "set base_url to where the output will be reachable"
    return "ok", base_url, None


def _recap(settings: Settings, paths: tuple[str, ...]) -> Seen:
    from cnddigest.recap import outline, source

    recap = outline.read([source.decode(path, data) for path, data in _folder(settings).recap(paths)])
    doubts = sum(1 for finding in recap.findings if finding.severity != "info")
    counts = ((len(recap.days), "day"), (len(recap.sessions), "session"), (doubts, "finding"))
    detail = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts) + " to look at"
    hint = f"see `cnddigest outline {' '.join(paths)}`"
    return ("look", detail, hint) if doubts else ("ok", detail, None)


def _templates(settings: Settings) -> Seen:
    sources = _folder(settings).templates()
    packaged = packaged_templates()
    own = settings.root / "templates"
    if own == packaged or not own.is_dir():
        return "ok", f"{len(sources)} packaged", None
    folders = sorted(name for name in sources if (own / name).is_dir())
    if folders:
        return "look", f"a folder stands where a template belongs: {folders[0]}", "put the template there as a file"
    strange = sorted(name for name in sources if not (packaged / name).is_file())
    if strange:
        return "look", f"nothing uses {', '.join(strange)}", f"packaged ones are in {packaged}"
    changed = sum(1 for name in sources if (own / name).is_file())
    return "ok", f"{len(sources)}, {changed} of them your own", None


def _posters(settings: Settings) -> Seen:
    from cnddigest.picture import poster, scaling

    publication = settings.publication
    if publication.posters == "none":
        return "ok", "none are wanted", None
    if not scaling.is_available():
        return "look", "none, since Pillow is not installed", "pip install cnddigest[images]"
    titles = " ".join([publication.title, *(serial.title or "" for serial in publication.serials)])
    face = _folder(settings).typeface(poster.needed(titles, publication.language), publication.language)
    if face is None:
        return "look", "none, since no font is found", "install fonts-noto-cjk, or name a file as `font`"
    poster.draw(poster.Poster(headlines=(publication.title,), above="", below=()), face)
    return "ok", f"drawn with {face.path}", None


def _output(folder: Path) -> Seen:
    there = _nearest(folder)
    if not there.is_dir():
        return "mend", f"not a folder: {there}", "name another folder as `output`"
    _write_in(there)
    return "ok", f"{folder} can be written", None


def _record(settings: Settings) -> Seen:
    if "://" in settings.record:
        return "mend", "PostgreSQL, which this version can't use yet", "name a file as `record`"
    if not Path(settings.record).exists():
        folder = Path(settings.record).parent
        if not folder.is_dir():
            return "mend", f"folder of the record does not exist: {folder}", "make it, or name another file as `record`"
        _write_in(folder)
        from cnddigest.usecases.publish import refuse_lost

        refuse_lost(Folder(settings.output), settings.publication.serials)
        return "ok", "none yet; the first publish makes it", None
    from cnddigest.store.sqlite import open_store
    from cnddigest.store.unwritable import WRITABLE, is_unwritable

    store = open_store(settings.record, create=False)
    try:
        totals = [store.totals(serial.slug) for serial in settings.publication.serials]
    finally:
        store.close()
    if is_unwritable(settings.record):
        return "mend", f"{settings.record} can be read, and not written", WRITABLE
    out, parts = sum(total.released_parts for total in totals), sum(total.parts for total in totals)
    return "ok", f"{settings.record}, {out} of {parts} Parts are out", None


def _clock(settings: Settings, now: dt.datetime) -> Seen:
    newest = max(file.stat().st_mtime for file in (settings.path, Path(__file__)))
    changed = dt.datetime.fromtimestamp(newest, dt.UTC)
    shown = now.astimezone(settings.publication.timezone).isoformat()
    if changed > now + SKEW:
        return "mend", f"{shown} is before {changed:%Y-%m-%d}, when files here were changed", "set the clock"
    return "ok", shown, None


def _secret(settings: Settings) -> Seen:
    from cnddigest.wiring import keyring

    web = settings.web
    keyring.check(settings)
    if web.secret:
        return "ok", "in the environment", None
    if not web.secret_file.exists():
        return "ok", "none yet; it is made when a link needs one", None
    if exposed(web.secret_file):
        return "mend", f"others can read {web.secret_file}", f"chmod 600 {web.secret_file}"
    return "ok", f"{web.secret_file} is its owner's only; a backup needs it beside the record", None


def _folder(settings: Settings) -> PublicationFolder:
    recaps = tuple(path for serial in settings.publication.serials for path in serial.recaps)
    return PublicationFolder(settings.root, configuration=settings.path, recaps=recaps, font=settings.font)


def _nearest(path: Path) -> Path:
    """Return the path itself where it exists, else the nearest folder above it that does."""
    return next(found for found in (path, *path.parents) if found.exists())


def _write_in(folder: Path) -> None:
    """Write a file without a name; permission bits alone say little: root ignores them, disks are full."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0")
            file.flush()
    except OSError as error:  # its file name is of nobody's interest
        raise OutputFailed(f"cannot write in {folder}: {reason(error)}") from error
