"""A publication played through in memory, with its record left alone, each time its author saves something."""

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cnddigest.config import Settings
from cnddigest.config.model import Mail, Web
from cnddigest.crew import Alone
from cnddigest.delivery.headers import mailbox
from cnddigest.errors import BadRecap, WrongUse
from cnddigest.files import Folder
from cnddigest.inputs import PublicationFolder, packaged_templates, read_recap
from cnddigest.recap import beside
from cnddigest.rendering.preview.model import Files, Sample, Shown
from cnddigest.serial.model import Cadence, Publication, Serial
from cnddigest.store.memory import MemoryStore
from cnddigest.usecases import pictures, preview
from cnddigest.usecases.shop import Shop
from cnddigest.wiring.tray import Tray

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates

ALONE = "recap"  # the slug of a recap without a publication
BASE_URL = "https://example.org/"  # where it would be published
TEMPLATES = "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What the result was made from: files, and folders with everything in them."""

    files: frozenset[Path]
    folders: frozenset[Path]


class Played:
    """What came of one build."""

    def __init__(self, settings: Settings, shop: Shop, shown: tuple[Shown, ...], files: Files) -> None:
        """Keep what samples of the mail are made with."""
        self.publication = settings.publication
        self.shown = shown
        self.files = files
        self._mail = settings.mail
        self._shop = shop
        self._samples: dict[tuple[str, int], Sample] = {}

    def sample(self, slug: str, number: int) -> Sample:
        """Return the message of a Part, made when it is first asked for; raises BadTemplate."""
        key = slug, number
        if key not in self._samples:
            self._samples[key] = preview.sample(
                self._shop, slug, number, sender=self._mail.sender, reply_to=self._mail.reply_to
            )
        return self._samples[key]


class Stage:
    """Plays a publication as often as it is told to."""

    def __init__(self, load: Callable[[], Settings], *, serial: str | None, clock: Callable[[], dt.datetime]) -> None:
        """Read the settings, which raises what `load` raises, and nothing else yet; `serial` is None for all."""
        self._load, self._serial, self._clock = load, serial, clock
        self.settings = load()
        self._fingerprint = ""
        self._seen: frozenset[Path] = frozenset()

    def play(self) -> Played:
        """Return everything as it would be now; raises CndDigestError where it can't be made."""
        self.settings = settings = self._only(self._load())
        inputs = _inputs(settings)
        tray = Tray(Folder(settings.output))
        with _copied(settings) as store:
            shop = Shop(
                store=store,
                sink=tray,
                crew=Alone(),
                inputs=inputs,
                publication=settings.publication,
                templates=cache(lambda: _templates(settings, inputs.templates(), inputs)),
                now=self._clock(),
                progress=lambda *_: None,
            )
            played = Played(settings, shop, preview.show(shop), tray.files)
            for shown in played.shown[:1]:  # a message that can't be made is known now, and not when somebody looks
                played.sample(shown.slug, 1)
        self._seen = frozenset(
            settings.root / sight.path
            for shown in played.shown
            for sight in pictures.noted(store, shown.slug)
            if sight.path
        )
        return played

    def has_changed(self) -> bool:
        """Say whether anything is otherwise than when this was last asked."""
        try:
            settings = self._only(self._load())
        except WrongUse as error:
            found = f"{error.message}\n{error.hint}"
        else:
            found = _inputs(settings).fingerprint() + "".join(sorted(map(_mark, self._seen)))
        before, self._fingerprint = self._fingerprint, found
        return found != before

    def places(self) -> Places:
        """Return what to watch."""
        settings = self.settings
        texts = [path for each in settings.publication.serials for path in each.recaps]
        said = [path for each in settings.publication.serials for path in each.schedules]
        files = [settings.path, *(settings.root / path for path in (*texts, *map(beside.corrections, texts), *said))]
        return Places(
            files=frozenset(path.absolute() for path in (*files, *self._seen)),
            folders=frozenset({packaged_templates(), settings.root / TEMPLATES}),
        )

    @cached_property
    def frames(self) -> "Callable[[str], Templates]":
        """Return the packaged templates in a language: an author's own may be broken at this moment."""
        packaged = PublicationFolder(packaged_templates(), configuration=Path(), recaps=())
        sources = packaged.templates()
        return cache(lambda language: _speaking(language, self.settings.publication.timezone, sources, packaged))

    @cached_property
    def mark(self) -> bytes:
        """Return the picture that stands on every page."""
        return (packaged_templates() / "assets/mark.svg").read_bytes()

    def _only(self, settings: Settings) -> Settings:
        publication = settings.publication
        found = tuple(each for each in publication.serials if self._serial in (None, each.slug))
        return replace(settings, publication=replace(publication, serials=found or publication.serials))


def _inputs(settings: Settings) -> PublicationFolder:
    texts = tuple(path for each in settings.publication.serials for path in (*each.recaps, *each.schedules))
    return PublicationFolder(settings.root, configuration=Path(settings.path), recaps=texts)


def _templates(settings: Settings, sources: Mapping[str, str], inputs: PublicationFolder) -> "Templates":
    return _speaking(settings.publication.language, settings.publication.timezone, sources, inputs)


def _speaking(language: str, zone: ZoneInfo, sources: Mapping[str, str], inputs: PublicationFolder) -> "Templates":
    from cnddigest.rendering.templates import Templates
    from cnddigest.rendering.words import Words

    return Templates(sources, Words(language, zone, inputs.catalogs()))


@contextmanager
def _copied(settings: Settings) -> Iterator[MemoryStore]:
    """Give a copy of the record: what is out keeps its dates. The record is not even opened to be written."""
    if "://" in settings.record or not Path(settings.record).is_file():
        yield MemoryStore()
        return
    from cnddigest.store.opening import copy_apart
    from cnddigest.store.sqlite import open_store

    with tempfile.TemporaryDirectory(prefix="cnddigest-preview-") as folder:
        place = str(Path(folder, "record.sqlite3"))
        copy_apart(settings.record, place)
        store = open_store(place)
        try:
            copied = store.copy()
            copied.keep_fragments({}, only=True)  # what is sampled later must not ask for them
            yield copied  # while it is open: to release asks how many people listen
        finally:
            store.close()


def _mark(path: Path) -> str:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ""
    return f"{path} {found.st_size} {found.st_mtime_ns}\n"


# A recap without a publication


def alone(files: Sequence[str]) -> Settings:
    """Return the settings of a publication of these files, which form one recap; raises BadRecap."""
    from cnddigest.recap import source
    from cnddigest.recap.language import language

    root, names = _rooted(files)
    sources = [source.decode(name, read_recap(root / name, shown)) for name, shown in zip(names, files, strict=True)]
    tongue = next((each.language for each in sources if each.language), None) or language(sources[0].text)
    zone, title = ZoneInfo("UTC"), next((each.title for each in sources if each.title), None) or Path(names[0]).stem
    serial = Serial(slug=ALONE, recaps=names, cadence=Cadence(timezone=zone))
    publication = Publication(title=title, base_url=BASE_URL, language=tongue, timezone=zone, serials=(serial,))
    nowhere = root / ".cnddigest-preview"  # never made
    return Settings(
        path=root / names[0],
        root=root,
        publication=publication,
        output=nowhere / "feeds",
        record=str(nowhere / "record"),
        web=Web(host="127.0.0.1", port=0, secret_file=nowhere / "secret"),
        mail=_no_mail(title, nowhere),
    )


def _rooted(files: Sequence[str]) -> tuple[Path, tuple[str, ...]]:
    """Return a folder in which all files lie, and their paths in it: images are looked for beside a recap."""
    places = [Path(os.path.abspath(name)) for name in files]  # noqa: PTH100 - links stay as they are
    if missing := next((name for name, place in zip(files, places, strict=True) if not place.is_file()), None):
        raise BadRecap(f"recap not found: {missing}")
    root = Path(os.path.commonpath([place.parent for place in places]))
    return root, tuple(place.relative_to(root).as_posix() for place in places)


def _no_mail(title: str, nowhere: Path) -> Mail:
    address = "digest@example.org"
    return Mail(
        transport="folder",
        outbox=nowhere / "outbox",
        sender=mailbox(title, address),
        reply_to=None,
        bounces=address,
        in_doubt="resend",
        lease=dt.timedelta(minutes=10),
        retry_for=dt.timedelta(days=3),
    )
