"""The interface speaks the reader's language, completely."""

import ast
import datetime as dt
import io
import re
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from builders import TOKYO, catalogs, some_words, template_sources
from cnddigest.rendering import words
from cnddigest.rendering.words import Words

CODE = Path(words.__file__).resolve().parent.parent
EIGHT = dt.datetime(2026, 11, 24, 23, 0, tzinfo=dt.UTC)


def _said_in_templates():
    from jinja2 import Environment, nodes

    for name, source in template_sources().items():
        if name.endswith(".j2"):
            for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
                if isinstance(call.node, nodes.Name) and call.node.name in {"_", "n_"}:
                    yield from (arg.as_const() for arg in call.args[: 1 + (call.node.name == "n_")])


@cache
def _said():
    return {*_said_in_templates(), *_said_in_code()}


def _said_in_code():
    for file in CODE.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in {"text", "plural"}
                and "words" in ast.unparse(call.func.value)
            ):
                yield from (arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant))


def _messages(language):
    return [message for message in read_po(io.BytesIO(catalogs()[language].encode())) if message.id]


def _forms(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_message_is_in_the_catalogue(language):
    known = {form for message in _messages(language) for form in _forms(message)}

    assert _said() - known == set()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_message_of_the_catalogue_has_its_words(language):
    for message in _messages(language):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), message.id
        assert not message.fuzzy
        for text in texts:
            assert set(re.findall(r"{\w+}", text)) <= set(re.findall(r"{\w+}", " ".join(_forms(message))))


def test_both_catalogues_say_the_same_things():
    assert {m.id for m in _messages("ja")} == {m.id for m in _messages("en")}


@pytest.mark.parametrize(
    ("asked", "spoken"), [("ja", "ja"), ("ja-JP", "ja"), ("JA_jp", "ja"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
def test_a_language_without_a_catalogue_speaks_english(asked, spoken):
    assert some_words(asked).language == spoken


def test_a_publication_can_bring_a_language_of_its_own():
    german = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Next"\nmsgstr "Weiter"\n'

    speaking = Words("de", TOKYO, catalogs() | {"de": german})

    assert speaking.text("Next") == "Weiter"
    assert speaking.text("Previous") == "Previous"


def test_fields_are_filled_by_name():
    assert some_words("ja").text("Part {number} of {count}", number=1, count=2) == "第1回（全2回）"


def test_fields_reach_into_nothing():
    assert some_words("en").text("{a.__class__} {a}", a=1) == "{a.__class__} 1"


@pytest.mark.parametrize("values", [{}, {"number": 1}])
def test_a_field_nobody_filled_is_an_error(values):
    with pytest.raises(KeyError):
        some_words().text("Part {number} of {count}", **values)


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [("en", 1, "1 session"), ("en", 0, "0 sessions"), ("en", 1234, "1,234 sessions"), ("ja", 1, "1セッション")],
)
def test_plurals_follow_the_language(language, count, expected):
    assert some_words(language).plural("{count} session", "{count} sessions", count) == expected


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("ja", "Asia/Tokyo", "2026年11月25日(水) 8:00（日本時間）"),
        ("en", "Asia/Tokyo", "Wed, Nov 25, 2026, 8:00 AM (Japan Time)"),
        ("en", "America/New_York", "Tue, Nov 24, 2026, 6:00 PM (Eastern Time)"),
        ("ja", "UTC", "2026年11月24日(火) 23:00（協定世界時）"),
    ],
)
def test_a_moment_is_written_in_the_publications_zone(language, zone, expected):
    speaking = some_words(language, ZoneInfo(zone))

    assert speaking.when(EIGHT).replace("\u202f", " ") == expected


@pytest.mark.parametrize(("language", "expected"), [("ja", "8:05"), ("en", "8:05 AM")])
def test_a_time_of_day_is_written_as_it_is_said(language, expected):
    assert some_words(language).clock(dt.time(8, 5)).replace("\u202f", " ") == expected


def test_days_are_written_short():
    assert some_words("ja").date(dt.date(2022, 11, 21)) == "2022年11月21日(月)"
    assert some_words("ja").dates(dt.date(2022, 11, 21), dt.date(2022, 11, 22)) == "2022年11月21日～22日"
    assert some_words("ja").dates(dt.date(2022, 11, 21), dt.date(2022, 11, 21)) == "2022年11月21日"
    assert some_words("en").date(dt.date(2022, 11, 21)) == "Mon, Nov 21, 2022"


def test_what_is_remembered_stays_small_and_right(monkeypatch):
    monkeypatch.setattr(words, "REMEMBERED", 2)
    speaking = some_words("ja")

    days = [speaking.date(dt.date(2026, 1, n)) for n in (1, 2, 3, 1)]

    assert days == ["2026年1月1日(木)", "2026年1月2日(金)", "2026年1月3日(土)", "2026年1月1日(木)"]
