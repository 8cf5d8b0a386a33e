"""Values for tests, made by naming only what matters: `a_recap(days=2, sessions=3)`."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo

from cnddigest.feed.model import Channel, Span
from cnddigest.inputs import PACKAGE, packaged_templates
from cnddigest.recap.model import Closing, Day, Prose, Recap, Session, Source
from cnddigest.recap.schedule.model import ScheduleEvent
from cnddigest.recap.source import SourceText
from cnddigest.rendering.entry import Entry
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.templates import Templates
from cnddigest.rendering.words import Words
from cnddigest.serial.model import (
    Attribution,
    Cadence,
    Chapter,
    Part,
    Publication,
    Release,
    Serial,
    SessionEntry,
)

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)  # noon in Tokyo


def some_prose(*paragraphs: str) -> Prose:
    return Prose(paragraphs=paragraphs, html="".join(f"<p>{text}</p>" for text in paragraphs))


def a_session(number: int = 1, **fields: object) -> Session:
    known: dict[str, object] = {
        "number": number,
        "id": f"talk-{number:08x}",
        "title": f"発表その{number}",
        "heading": f"発表その{number}",
        "prose": some_prose(f"{number}番目の発表の要約です。", "二つ目の段落です。"),
        "line": 10 * number,
    }
    return Session(**known | fields)  # type: ignore[arg-type]


def a_recap(*, days: int = 2, sessions: int = 3, title: str = "港の会議 2026 まとめ", **fields: object) -> Recap:
    """`sessions` on each of `days` days from 2026-03-07 on."""
    count = iter(range(1, days * sessions + 1))
    known: dict[str, object] = {
        "title": title,
        "language": "ja",
        "format": "markdown",
        "source": Source(path="recap.md", sha256="0" * 64),
        "introduction": some_prose("二日間の会議の記録です。"),
        "days": tuple(
            Day(
                number=n,
                label=f"{n}日目",
                date=dt.date(2026, 3, 6) + dt.timedelta(days=n),
                sessions=tuple(a_session(next(count)) for _ in range(sessions)),
                line=n,
            )
            for n in range(1, days + 1)
        ),
        "closing": Closing(heading="おわりに", prose=some_prose("ありがとうございました。")),
    }
    return Recap(**known | fields)  # type: ignore[arg-type]


def a_part(number: int = 1, *, sessions: int = 3, **fields: object) -> Part:
    first = (number - 1) * sessions + 1
    known: dict[str, object] = {
        "number": number,
        "title": f"{number}日目 – 港の会議 2026 まとめ",
        "chapters": (
            Chapter(
                label=f"{number}日目",
                date=dt.date(2026, 3, 6) + dt.timedelta(days=number),
                sessions=tuple(a_session(n) for n in range(first, first + sessions)),
            ),
        ),
    }
    return Part(**known | fields)  # type: ignore[arg-type]


def a_release(
    number: int = 1,
    *,
    at: dt.datetime = NOON,
    released: bool = True,
    sessions: int = 3,
    serial: str = "minato",
    part: Part | None = None,
) -> Release:
    part = part or a_part(number, sessions=sessions)
    count = len(part.sessions)
    moments = [at - dt.timedelta(seconds=count - 1 - n) for n in range(count)]
    return Release(
        serial=serial,
        part=part,
        release_at=at,
        released_at=at if released else None,
        updated_at=at,
        entries=tuple(
            SessionEntry(session_id=s.id, published_at=m, updated_at=m)
            for s, m in zip(part.sessions, moments, strict=True)
        ),
    )


def a_cadence(**fields: object) -> Cadence:
    return Cadence(**{"timezone": TOKYO} | fields)  # type: ignore[arg-type]


def a_serial(slug: str = "minato", **fields: object) -> Serial:
    known: dict[str, object] = {"slug": slug, "recaps": ("recaps/minato.md",), "cadence": a_cadence()}
    return Serial(**known | fields)  # type: ignore[arg-type]


def a_publication(**fields: object) -> Publication:
    known: dict[str, object] = {
        "title": "会議録の再放送",
        "base_url": "https://recaps.example.org/",
        "language": "ja",
        "timezone": TOKYO,
        "publisher_name": "港の編集部",
        "publisher_email": "desk@example.org",
        "publisher_address": "東京都港区1-1",
        "serials": (a_serial(),),
    }
    return Publication(**known | fields)  # type: ignore[arg-type]


def a_masthead(**fields: object) -> Masthead:
    known: dict[str, object] = {
        "publication": a_publication(),
        "slug": "minato",
        "title": "港の会議 2026 まとめ",
        "language": "ja",
        "attribution": Attribution(author="記録係", url="https://example.org/minato", licence="CC BY 4.0"),
        "parts": 2,
        "sessions": 6,
        "first_on": dt.date(2026, 3, 7),
        "last_on": dt.date(2026, 3, 8),
        "written_on": dt.date(2026, 3, 9),
    }
    return Masthead(**known | fields)  # type: ignore[arg-type]


def an_entry(number: int = 1, *, at: dt.datetime | None = None, **fields: object) -> Entry:
    at = at or NOON + dt.timedelta(days=number - 1)
    known: dict[str, object] = {
        "entry_id": f"tag:recaps.example.org,2026:minato/main/part-{number}",
        "path": f"minato/parts/{number}.html",
        "title": f"{number}日目 – 港の会議 2026 まとめ",
        "summary": f"{number}日目の要約",
        "html": f'<p>{number}日目の本文です。<a href="https://example.org/{number}">資料</a></p>',
        "language": "ja",
        "author": "港の編集部",
        "published_at": at,
        "updated_at": at,
    }
    return Entry(**known | fields)  # type: ignore[arg-type]


def a_channel(file: str = "rss.xml", **fields: object) -> Channel:
    known: dict[str, object] = {
        "feed_id": "tag:recaps.example.org,2026:minato/main",
        "title": "港の会議 2026 まとめ",
        "subtitle": "一日ずつ届く会議の記録",
        "language": "ja",
        "author": "港の編集部",
        "rights": "CC BY 4.0",
        "home_url": "https://recaps.example.org/minato/",
        "self_url": f"https://recaps.example.org/minato/{file}",
        "stylesheet_url": "https://recaps.example.org/assets/feed.css",
        "base_url": "https://recaps.example.org/",
    }
    return Channel(**known | fields)  # type: ignore[arg-type]


def a_span(file: str = "rss.xml", *, at: dt.datetime = NOON, **fields: object) -> Span:
    known: dict[str, object] = {
        "published_at": at,
        "updated_at": at,
        "self_url": f"https://recaps.example.org/minato/{file}",
    }
    return Span(**known | fields)  # type: ignore[arg-type]


@cache
def template_sources() -> dict[str, str]:
    """The packaged templates, stylesheets and scripts, by name."""
    folder = packaged_templates()
    files = (file for file in folder.rglob("*.*") if file.suffix in {".j2", ".css", ".js", ".svg"})
    return {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in files}


@cache
def catalogs() -> dict[str, str]:
    """The interface's gettext catalogues, by language."""
    return {file.stem: file.read_text("utf-8") for file in (PACKAGE / "locale").glob("*.po")}


def some_words(language: str = "ja", timezone: ZoneInfo = TOKYO) -> Words:
    return Words(language, timezone, catalogs())


def some_templates(
    language: str = "ja", *, timezone: ZoneInfo = TOKYO, own: Mapping[str, str] | None = None
) -> Templates:
    """The packaged templates, with a publication's `own` in place of some."""
    return Templates(template_sources() | dict(own or {}), some_words(language, timezone))


def a_source(text: str, **fields: object) -> SourceText:
    known: dict[str, object] = {"path": "recap.txt", "sha256": "0" * 64, "format": "text", "text": text}
    return SourceText(**known | fields)  # type: ignore[arg-type]


def an_event(number: int = 1, **fields: object) -> ScheduleEvent:
    """A talk of a conference's own schedule."""
    known: dict[str, object] = {
        "source": "dreamkast",
        "id": str(number),
        "title": f"発表その{number}",
        "keys": (str(number),),
    }
    return ScheduleEvent(**known | fields)  # type: ignore[arg-type]
