"""Schedules as tables: CSV or TSV with the column names people use, in English and Japanese."""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from cnddigest.recap.links import SLIDES, VIDEO
from cnddigest.recap.model import Link
from cnddigest.recap.schedule import fields, times
from cnddigest.recap.schedule.model import ScheduleEvent

SOURCE = "csv"
# Column names as people write them, folded; the first of each line is the field's own.
COLUMNS = {
    "id": "id, code, key, talk id, session id, proposal id, 番号, 講演番号, セッション番号",
    "title": "title, talk, session, session title, talk title, subject, summary, タイトル, 題名, 演題, 講演題目, "
    "セッション, セッション名, セッションタイトル, 講演タイトル, 発表タイトル",
    "date": "date, day, 日付, 日, 開催日, 日程",
    "start": "start, starts at, start time, start date, begin, begins at, from, time, 開始, 開始時刻, 開始時間, "
    "開始日時, 時刻, 時間",
    "end": "end, ends at, end time, end date, until, to, 終了, 終了時刻, 終了時間, 終了日時",
    "duration": "duration, length, minutes, 長さ, 所要時間, 分",
    "room": "room, hall, venue, location, stage, place, 会場, 部屋, ルーム, 場所, ホール",
    "track": "track, トラック",
    "speakers": "speakers, speaker, presenter, presenters, author, authors, name, names, speaker names, 登壇者, "
    "登壇者名, 講演者, 発表者, 講師, スピーカー, 氏名",
    "url": "url, link, page, address, talk url, session url, リンク, ページ, 詳細",
    "language": "language, lang, spoken language, 言語",
    "level": "level, difficulty, audience level, レベル, 難易度, 対象",
    "slides": "slides, slide, slides url, deck, スライド, 資料, 発表資料, 登壇資料",
    "video": "video, recording, video url, recording url, youtube, 動画, 録画, アーカイブ",
    "type": "type, kind, 種別, 種類, 区分",
    "abstract": "abstract, description, 概要, 説明, 内容",
}
BREAKS = {"service", "break", "lunch", "intermission", "cancelled", "休憩", "昼食", "昼休み", "中止"}
DELIMITERS = ",;\t"
HEADER = 20_000  # characters in which the first row ends
_NAMES = {name: field for field, names in COLUMNS.items() for name in names.split(", ")}
_BETWEEN = re.compile(r" ?[;；、\n] ?| / |／")


def events(text: str, zone: dt.tzinfo) -> Iterator[ScheduleEvent] | None:
    """Yield the talks of a table; None for a text without a row of column names, `title` among them."""
    head = text[:HEADER].lstrip("\ufeff\r\n ").partition("\n")[0]
    delimiter = max(DELIMITERS, key=lambda mark: (len(_columns(head.split(mark))), mark == ","))
    columns = _columns(next(_rows(head, delimiter), []))
    if "title" not in columns or len(columns) < 2:
        return None
    return _of_rows(_rows(text.lstrip("\ufeff\r\n "), delimiter), zone)


def _of_rows(rows: Iterator[list[str]], zone: dt.tzinfo) -> Iterator[ScheduleEvent]:
    columns = _columns(next(rows, []))
    for row in rows:
        said = {field: row[place].strip() for field, place in columns.items() if place < len(row)}
        if fields.text(said.get("title")) and said.get("type", "").casefold() not in BREAKS:
            yield _event(said, zone)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield rows as far as the table can be read."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        return


def _columns(names: Sequence[str]) -> dict[str, int]:
    """Return where each field stands; of two columns with one meaning the first."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        field = _NAMES.get(_folded(name))
        if field:
            places.setdefault(field, place)
    return places


def _folded(name: str) -> str:
    bare = unicodedata.normalize("NFKC", name[:60]).strip(' \t\r"\ufeff').casefold()
    return " ".join(bare.replace("_", " ").replace("-", " ").split())


def _event(said: Mapping[str, str], zone: dt.tzinfo) -> ScheduleEvent:
    name = fields.text(said.get("id"))
    starts, ends = said.get("start", ""), said.get("end", "")
    at = times.moment(starts, zone)
    clock = at.time() if at else times.clock(starts)
    date = times.day(said.get("date")) or (times.conference_day(at) if at else None)
    begins = dt.datetime.combine(date or dt.date(2000, 1, 1), clock) if clock else None
    return ScheduleEvent(
        source=SOURCE,
        id=name or fields.text(said.get("title")),
        title=fields.text(said.get("title")),
        keys=(name,) if name else (),
        url=fields.address(said.get("url")),
        date=date,
        starts_at=times.written(clock),
        ends_at=_end(ends, zone) or times.end(begins, times.length(said.get("duration"))),
        room=fields.perhaps(said.get("room")),
        track=fields.perhaps(said.get("track")),
        language=fields.language(said.get("language")),
        level=fields.perhaps(said.get("level")),
        speakers=_speakers(said.get("speakers", "")),
        links=tuple(_links(said)),
    )


def _end(written: str, zone: dt.tzinfo) -> str | None:
    return times.written(times.moment(written, zone) or times.clock(written))


def _speakers(written: str) -> tuple[str, ...]:
    """Return the names between `;`, `、`, ` / `; between commas where there is nothing else."""
    names = _BETWEEN.split(written[: fields.LONGEST])
    return fields.texts(names if len(names) > 1 else written[: fields.LONGEST].split(","))


def _links(said: Mapping[str, str]) -> Iterator[Link]:
    for label in (SLIDES, VIDEO):
        if url := fields.address(said.get(label)):
            yield Link(label=label, url=url)
