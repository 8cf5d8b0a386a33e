"""Templates by name, rendered in a sandbox: the home of jinja2."""

import datetime as dt
from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Never

from cnddigest.errors import BadTemplate
from cnddigest.rendering import slots
from cnddigest.rendering.cards import cards
from cnddigest.rendering.markup import Html, address
from cnddigest.rendering.slots import clean
from cnddigest.rendering.words import Words

if TYPE_CHECKING:
    from jinja2 import Environment

REMEMBERED = 256  # rendered pieces, a few for each Serial
TEXT = ".txt.j2"  # the only templates whose output is not HTML


class Templates:
    """The templates of one publication, packaged or its own.

    `sources` maps a name such as `part.html.j2` to its text; nothing is read from anywhere else. What a
    template prints is escaped (except in `*.txt.j2`) and cleaned of characters no page may hold; only `Html`
    goes out as it is. Templates may come from outside: they run in a sandbox, and a name they misspell is an
    error, not an empty place.

    In every template: `_(message, field=…)` and `n_(one, many, count, field=…)` speak the reader's language,
    `slot(name)` leaves a hole to be filled at release, and the filters `moment`, `when`, `zone`, `date`, `dates`,
    `tongue`, `number`, `address` and `webcal` write values of their kind. `cards` shows a link that stands alone as a
    card.
    """

    def __init__(self, sources: Mapping[str, str], words: Words) -> None:
        self._sources = dict(sources)
        self.words = words
        self._made: dict[tuple[object, ...], Html] = {}

    def source(self, name: str) -> str:
        """Return the text of a template or stylesheet; BadTemplate if there is none of that name."""
        if name not in self._sources:
            raise BadTemplate(f"no such template: {name}")
        return self._sources[name]

    def render(self, name: str, **values: object) -> str:
        """Return what a template makes of these values; BadTemplate names the file and the line."""
        try:
            return self._environment.get_template(name).render(values)
        except Exception as error:  # noqa: BLE001 - a template is a program from outside: whatever it raises is its error
            self._blame(error, name)

    def render_once(self, name: str, **values: object) -> Html:
        """Return the same for the same values without rendering again: for what stands on every page of a Serial."""
        key = (name, *values.items())
        if key not in self._made:
            if len(self._made) >= REMEMBERED:
                self._made.clear()
            self._made[key] = Html(self.render(name, **values).strip())
        return self._made[key]

    @cached_property
    def _environment(self) -> "Environment":
        from jinja2 import FunctionLoader, StrictUndefined

        environment = _sandbox()(
            loader=FunctionLoader(self._load),
            autoescape=lambda name: name is None or not name.endswith(TEXT),
            undefined=StrictUndefined,
            finalize=_printed,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        words = self.words
        environment.globals |= {"_": words.text, "n_": words.plural, "slot": _slot, "language": words.language}
        environment.filters |= {
            "moment": words.moment,
            "when": words.when,
            "zone": lambda _: words.zone(),  # one name all year round
            "date": words.date,
            "dates": words.dates,
            "tongue": words.tongue,
            "number": words.number,
            "instant": _instant,
            "address": address,
            "webcal": _webcal,
            "cards": lambda html: cards(html, words),
        }
        return environment

    def _load(self, name: str) -> tuple[str, str, None] | None:
        """Return source and file name: the latter is what a traceback shows."""
        return (self._sources[name], name, None) if name in self._sources else None

    def _blame(self, error: Exception, name: str) -> Never:
        from jinja2 import TemplateNotFound, TemplateSyntaxError

        if isinstance(error, BadTemplate):
            raise error
        place, line = name, 0
        if isinstance(error, TemplateSyntaxError):
            place, line = error.name or name, error.lineno
        trace = error.__traceback__
        while trace and not isinstance(error, TemplateSyntaxError):
            if trace.tb_frame.f_code.co_filename in self._sources:
                place, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
        what = f"no such template: {error}" if isinstance(error, TemplateNotFound) else clean(str(error))
        where = f"{place}, line {line}" if line else place
        raise BadTemplate(
            f"template error: {where}: {' '.join(what.split()).rstrip('.') or type(error).__name__}"
        ) from error


@cache
def _sandbox() -> "type[Environment]":
    """Return jinja's sandbox, remembering its answers: asking anew is a quarter of the time a page takes."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        answers: ClassVar[dict[tuple[type, str], bool]] = {}

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            """Judge as jinja does, by nothing but the type and the name."""
            asked = (type(obj), attr)
            if asked not in self.answers:
                self.answers[asked] = super().is_safe_attribute(obj, attr, value)
            return self.answers[asked]

    return Sandbox


def _slot(name: str) -> Html:
    return Html(slots.slot(name))


def _printed(value: object) -> object:
    """Clean every text on its way out, unless it is HTML already: then `markup` has done it."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return clean(value)
    return value


def _webcal(url: str) -> str:
    """Return an address of the web as one that calendars subscribe to rather than import once."""
    return f"webcal://{url.partition('://')[2]}"


def _instant(at: dt.datetime) -> str:
    """Return an instant for machines: `2026-11-24T23:00:00Z`."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
