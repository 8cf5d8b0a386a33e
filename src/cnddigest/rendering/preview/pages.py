"""The preview's pages: the frame with its tabs, and what each view shows in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cnddigest.rendering.fitting import CLIPPED
from cnddigest.rendering.preview import routes
from cnddigest.rendering.preview.entries import items
from cnddigest.rendering.preview.model import Files, Line, Manuscript, Problem, Sample, Shown
from cnddigest.rendering.preview.routes import Place
from cnddigest.rendering.slots import clean

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates
    from cnddigest.rendering.words import Words

WIDTHS = (600, 320)  # CSS pixels: what mail programs give on a desk, and on a small telephone
SOURCES = ("rss", "atom", "json")
MOST_LINES = 5_000  # of a manuscript: a browser takes long over more
LONGEST_LINE = 4_000  # characters of it that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a row of them; `current` is the one that is shown."""

    label: str
    href: str
    current: bool = False
    title: str = ""
    badge: str = ""
    is_bad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """An Issue at a width."""

    width: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An Issue in one colour scheme, at every width."""

    scheme: str
    label: str
    src: str
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How long a part of a message is."""

    label: str
    octets: int
    most: int | None
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file of a recap as it is shown; `prefix` begins the anchors of its lines."""

    path: str
    prefix: str
    lines: tuple[Line, ...]
    findings: tuple[object, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What there is to see: all Serials, files, and the message of a Part, made when it is asked for."""

    templates: "Templates"
    revision: str
    serials: tuple[Shown, ...]
    files: Files
    sample: Callable[[str, int], Sample]
    problem: Problem | None = None


def nearest(serials: Sequence[Shown], place: Place) -> Place | None:
    """Return a place that is there: a Serial or a Part may be gone since its link was made. None without any."""
    if not serials:
        return None
    shown = next((each for each in serials if each.slug == place.serial), serials[0])
    view = place.view if place.view in routes.VIEWS else routes.VIEWS[0]
    return replace(place, serial=shown.slug, part=max(1, min(place.part, len(shown.parts))), view=view)


def empty(sight: Sight) -> str:
    """Return the page before anything could be built."""
    words = sight.templates.words
    return sight.templates.render(
        "preview/empty.html.j2", **_frame(sight, None, None, title=words.text("Preview")), tabs=()
    )


def missing(sight: Sight, near: Place | None) -> str:
    """Return the page where nothing is, with the way to the place that is nearest."""
    title = sight.templates.words.text("Not found")
    href = near.href if near else "/"
    frame = {**_frame(sight, None, None, title=title), "serials": ()}
    return sight.templates.render("preview/missing.html.j2", **frame, tabs=(), near=href)


def page(sight: Sight, place: Place) -> str:
    """Return the page of a place that is there; raises BadTemplate where the mail of its Part can't be made."""
    shown = next(each for each in sight.serials if each.slug == place.serial)
    words = sight.templates.words
    title = f"{_labels(words)[place.view]} – {shown.title}"
    values = _VIEWS[place.view](sight, shown, place)
    return sight.templates.render(
        f"preview/{place.view}.html.j2",
        **_frame(sight, shown, place, title=title),
        tabs=_tabs(sight, shown, place),
        **values,
    )


# The frame


def _frame(sight: Sight, shown: Shown | None, place: Place | None, *, title: str) -> dict[str, object]:
    return {
        "title": clean(title),
        "revision": sight.revision,
        "problem": sight.problem,
        "shown": shown,
        "here": place.href if place else "/",
        "serials": [
            Link(label=each.title, href=Place(serial=each.slug).href, current=each is shown) for each in sight.serials
        ],
        "parts": _parts(sight, shown, place) if shown and place else (),
    }


def _parts(sight: Sight, shown: Shown, place: Place) -> list[Link]:
    return [
        Link(
            label=sight.templates.words.text("Part {number}", number=part.number),
            href=place.at(part.number).href,
            current=part.number == place.part,
            title=part.title,
        )
        for part in shown.parts
    ]


def _labels(words: "Words") -> Mapping[str, str]:
    return {
        "page": words.text("Page"),
        "issue": words.text("Issue"),
        "text": words.text("Text"),
        "headers": words.text("Headers"),
        "size": words.text("Size"),
        "feeds": words.text("Feeds"),
        "findings": words.text("Findings"),
        "calendar": words.text("Calendar"),
    }


def _tabs(sight: Sight, shown: Shown, place: Place) -> list[Link]:
    labels = _labels(sight.templates.words)
    bad = any(found.severity != "info" for each in shown.manuscripts for found in each.findings)
    badges = {"findings": (str(shown.count) if shown.count else "", bad)}
    return [
        Link(
            label=labels[view],
            href=place.seen(view).href,
            current=view == place.view,
            badge=badges.get(view, ("", False))[0],
            is_bad=badges.get(view, ("", False))[1],
        )
        for view in routes.VIEWS
    ]


# The views


def _page(sight: Sight, shown: Shown, place: Place) -> dict[str, object]:
    words = sight.templates.words
    known = {
        "": (words.text("Part"), shown.parts[place.part - 1].page),
        "archive": (words.text("Archive"), shown.archive),
        "front": (words.text("Front page"), shown.front),
    }
    chosen = place.page if place.page in known else ""
    return {
        "src": routes.site(known[chosen][1]),
        "choice": [
            Link(label=label, href=replace(place, page=name).href, current=name == chosen)
            for name, (label, _) in known.items()
        ],
    }


def _issue(sight: Sight, shown: Shown, place: Place) -> dict[str, object]:
    words = sight.templates.words
    fields = dict(sight.sample(shown.slug, place.part).fields)
    rows = [
        Row(
            scheme=scheme,
            label=label,
            src=routes.mail(shown.slug, place.part, scheme, pictures=place.pictures),
            windows=tuple(Window(width=width, title=f"{label}, {width} px") for width in WIDTHS),
        )
        for scheme, label in (("light", words.text("Light")), ("dark", words.text("Dark")))
    ]
    return {
        "rows": rows,
        "subject": fields.get("Subject", ""),
        "sender": fields.get("From", ""),
        "choice": [
            Link(label=label, href=replace(place, pictures=on).href, current=on == place.pictures)
            for label, on in ((words.text("With images"), True), (words.text("Without images"), False))
        ],
    }


def _sample(sight: Sight, shown: Shown, place: Place) -> dict[str, object]:
    return {"sample": sight.sample(shown.slug, place.part)}


def _size(sight: Sight, shown: Shown, place: Place) -> dict[str, object]:
    words, sample = sight.templates.words, sight.sample(shown.slug, place.part)
    names = {
        "html": words.text("HTML, decoded"),
        "base64": words.text("HTML, as sent (base64)"),
        "text": words.text("Text"),
        "message": words.text("Whole message"),
    }
    weights = [
        Weight(
            label=names[piece.name],
            octets=piece.octets,
            most=piece.most,
            percent=round(100 * piece.octets / piece.most) if piece.most else 0,
        )
        for piece in sample.pieces
    ]
    return {"sample": sample, "pieces_of": weights, "clip": CLIPPED}


def _feeds(sight: Sight, shown: Shown, place: Place) -> dict[str, object]:
    words = sight.templates.words
    found = items(sight.files, shown, sessions=place.sessions)
    own = 0 if place.sessions else len(shown.parts) - place.part  # newest first
    number = max(0, min(place.entry if place.entry >= 0 else own, len(found) - 1))
    of = replace(place, entry=-1, source="")
    whole = [replace(of, sessions=False), replace(of, sessions=True)]
    links = [
        Link(label=label, href=aim.href, current=not place.source and aim.sessions == place.sessions)
        for label, aim in zip((words.text("Parts"), words.text("Sessions")), whole, strict=True)
    ]
    links += [
        Link(label=name.upper(), href=replace(of, source=name).href, current=name == place.source) for name in SOURCES
    ]
    path = shown.feed(place.source, sessions=place.sessions)
    return {
        "feeds": links,
        "source": routes.source(path) if path else "",
        "src": routes.entry(shown.slug, number, sessions=place.sessions),
        "entries": [
            Link(label=item.title, href=replace(of, entry=place_of).href, current=place_of == number)
            for place_of, item in enumerate(found)
        ],
    }


def _findings(sight: Sight, shown: Shown, place: Place) -> dict[str, object]:
    del place
    words = sight.templates.words
    alone = len(shown.manuscripts) == 1
    return {
        "manuscripts": [
            _text(each, "" if alone else f"file-{number}-") for number, each in enumerate(shown.manuscripts, 1)
        ],
        "kinds": {
            "day": words.text("Day"),
            "talk": words.text("Session"),
            "keynote": words.text("Keynote"),
            "lightning": words.text("Lightning talk"),
            "event": words.text("Event"),
            "section": words.text("Section"),
            "closing": words.text("Closing"),
            "dropped": words.text("Left out"),
        },
    }


def _text(manuscript: Manuscript, prefix: str) -> Text:
    lines = tuple(
        line if len(line.text) <= LONGEST_LINE else replace(line, text=line.text[:LONGEST_LINE] + " …")
        for line in manuscript.lines[:MOST_LINES]
    )
    return Text(
        path=manuscript.path,
        prefix=prefix,
        lines=lines,
        findings=manuscript.findings,
        is_cut=len(manuscript.lines) > MOST_LINES,
    )


def _calendar(sight: Sight, shown: Shown, place: Place) -> dict[str, object]:
    words = sight.templates.words
    return {
        "hrefs": [place.at(part.number).seen("page").href for part in shown.parts],
        "zone": words.zone() if shown.parts else "",
    }


_VIEWS: Mapping[str, Callable[[Sight, Shown, Place], dict[str, object]]] = {
    "page": _page,
    "issue": _issue,
    "text": _sample,
    "headers": _sample,
    "size": _size,
    "feeds": _feeds,
    "findings": _findings,
    "calendar": _calendar,
}
