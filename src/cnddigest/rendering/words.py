"""The interface's words, dates and numbers in the reader's language: the home of babel and gettext."""

import datetime as dt
import gettext
import io
import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

FALLBACK = "en"
FIELD = re.compile(r"\{([a-z_]+)\}")
# Release moments and dates of one site: beyond that many, forget and begin again.
REMEMBERED = 4096


class Words:
    """What the interface says in one language.

    `catalogs` maps a language to the text of its gettext catalogue (`.po`). A language without one speaks
    English, dates included: a page half in one language and half in another helps nobody.
    """

    def __init__(self, language: str, timezone: ZoneInfo, catalogs: Mapping[str, str]) -> None:
        self.language = _spoken(language, catalogs)
        self.timezone = timezone
        self._catalog = catalogs.get(self.language, "")
        self._known: dict[tuple[str, object], str] = {}

    def text(self, message: str, **values: object) -> str:
        """Return the message in this language, its `{fields}` filled in; an unknown field is a KeyError."""
        return _filled(self._translations.gettext(message), values)

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the form that fits `count`, which is the field `{count}` written as a number."""
        form = self._translations.ngettext(one, many, count)
        return _filled(form, {"count": self.number(count)} | values)

    def number(self, value: int) -> str:
        """Return a number with its groups apart: `12,345`."""
        return str(value) if 0 <= value < 1000 else self._once("number", value, lambda: self._number(value))

    def moment(self, at: dt.datetime) -> str:
        """Return a release moment in the publication's zone: `2026年11月25日(水) 8:00`."""
        return self._once("moment", at, lambda: self._moment(at))

    def when(self, at: dt.datetime) -> str:
        """Return the same with the zone named: `2026年11月25日(水) 8:00（日本時間）`."""
        return self.text("{time} ({zone})", time=self.moment(at), zone=self.zone())

    def clock(self, at: dt.time) -> str:
        """Return a time of day: `8:00`, `8:00 AM`."""
        return self._once("clock", at, lambda: self._clock(at))

    def zone(self) -> str:
        """Return the name of the zone, the same in summer and winter: `日本時間`."""
        return self._once("zone", self.timezone, self._zone)

    def date(self, on: dt.date) -> str:
        """Return a calendar day with its weekday: `2022年11月21日(月)`."""
        return self._once("date", on, lambda: self._skeleton(on))

    def tongue(self, tag: str) -> str:
        """Return the name of a language in this one: `英語`; the tag itself where it has none."""
        return self._once("tongue", tag, lambda: self._tongue(tag))

    def dates(self, first: dt.date, last: dt.date) -> str:
        """Return a span of days in its shortest form: `2022年11月21日～22日`."""
        return self._once("dates", (first, last), lambda: self._dates(first, last))

    def weekday(self, day: int) -> str:
        """Return the name of a day of the week, 0 is Monday: `月曜日`."""
        return self._once("weekday", day, lambda: self._weekday(day))

    def there(self, timezone: ZoneInfo) -> "Words":
        """Return the same language with the moments of another zone."""
        if timezone == self.timezone:
            return self
        return Words(self.language, timezone, {self.language: self._catalog, FALLBACK: ""})

    @cached_property
    def _translations(self) -> gettext.NullTranslations:
        return _compiled(self._catalog)

    def _once(self, what: str, value: object, make: Callable[[], str]) -> str:
        key = (what, value)
        if key not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = make()
        return self._known[key]

    def _number(self, value: int) -> str:
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.language)

    def _moment(self, at: dt.datetime) -> str:
        from babel.dates import get_datetime_format

        there = at.astimezone(self.timezone)
        joined = str(get_datetime_format("medium", locale=self.language)).replace("'", "")  # marks CLDR's own words
        return joined.replace("{0}", self.clock(there.time())).replace("{1}", self._skeleton(there.date()))

    def _clock(self, at: dt.time) -> str:
        from babel.dates import format_time

        return format_time(at, "short", locale=self.language)

    def _zone(self) -> str:
        from babel.dates import get_timezone_name

        region, _, city = self.timezone.key.partition("/")
        # A zone of no place, `UTC` or `Etc/GMT+5`, has a name only at a moment: it never changes.
        is_somewhere = city and region != "Etc"
        known = self.timezone if is_somewhere else dt.datetime(2000, 1, 1, tzinfo=self.timezone)
        return get_timezone_name(known, locale=self.language)

    def _skeleton(self, on: dt.date) -> str:
        from babel.dates import format_skeleton

        return format_skeleton("yMMMEd", on, locale=self.language)

    def _tongue(self, tag: str) -> str:
        from babel import Locale

        return str(Locale.parse(self.language).languages.get(tag, tag))

    def _weekday(self, day: int) -> str:
        from babel.dates import get_day_names

        return str(get_day_names("wide", "stand-alone", self.language)[day])

    def _dates(self, first: dt.date, last: dt.date) -> str:
        from babel.dates import format_interval

        return format_interval(first, last, "yMMMd", locale=self.language)


@lru_cache(8)
def _compiled(catalog: str) -> gettext.NullTranslations:
    """Return a catalogue's texts: every zone of a language speaks with the same ones."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(catalog.encode())))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _spoken(language: str, catalogs: Mapping[str, str]) -> str:
    """Return the catalogue's language for `ja`, `ja-JP` or `JA_jp`; English where there is none."""
    folded = language.replace("_", "-").lower()
    return next((name for name in (folded, folded.split("-")[0]) if name in catalogs), FALLBACK)


def _filled(text: str, values: Mapping[str, object]) -> str:
    """Fill fields by name alone: `str.format` would reach into the values' attributes."""
    return FIELD.sub(lambda found: str(values[found[1]]), text) if "{" in text else text
