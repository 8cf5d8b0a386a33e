"""A template pressed once into a mould: pieces with places that each Issue fills, without template engine or premailer.

A template marks a piece with `{{ slot("begin_NAME") }}` and `{{ slot("end_NAME") }}`, and a place with
`{{ slot("NAME") }}`. It is rendered once, with the places still open; `{{ slot("prose") }}` holds a specimen of
every element that clean prose may have. premailer inlines that one document. Then it is cut: each piece leaves a
place of its own name where it stood, and the style that premailer put on each element of the specimen is kept as
the piece's *dress*. An Issue is made by filling the places, as often as a piece is needed, and by putting the dress
on the tags of real prose. That gives what premailer would have made of the whole document, because `inline.split`
only lets selectors through that depend on names and on classes above, and prose has no classes.
"""

import html as entities
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NoReturn, TypeAlias
from urllib.parse import quote

from cnddigest.errors import BadTemplate
from cnddigest.rendering.inline import inline
from cnddigest.rendering.markup import Html
from cnddigest.rendering.plaintext import as_text
from cnddigest.rendering.slots import CLOSE, OPEN, SLOT, slot
from cnddigest.rendering.tags import TAG

Value: TypeAlias = "str | Sequence[Mapping[str, Value]]"
Values: TypeAlias = Mapping[str, Value]

WHOLE = "issue"  # the name of the piece that is the whole template
PROSE = "prose"
# lxml writes the marks of slots in addresses as percent escapes of their UTF-8.
ESCAPED_SLOT = re.compile(f"{quote(OPEN)}([a-z_]+){quote(CLOSE)}")
# lxml takes single quotes where a value has double ones, as names of fonts do.
STYLE = re.compile(r"""\sstyle=("[^"]*"|'[^']*')""")
START = re.compile(r'<([a-z][a-z0-9]*+)([^">]*+(?:"[^"]*+"[^">]*+)*+)>')
ALONE = re.compile(rf"^[ \t]*({OPEN}(?:begin|end)_[a-z_]+{CLOSE})[ \t]*\n", re.MULTILINE)

_PHRASES = (
    *("a", "abbr", "b", "bdi", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp"),
    *("small", "strong", "sub", "sup", "time", "u", "var"),
)
# Every element that `markup.safe` lets through, where HTML allows it.
SPECIMEN = (
    "<p>x<br>"
    + "".join(f"<{name}>x</{name}>" for name in _PHRASES)
    + "<ruby>x<rp>(</rp><rt>x</rt><rp>)</rp></ruby></p>"
    "<h2>x</h2><h3>x</h3><h4>x</h4><h5>x</h5><h6>x</h6><hr><ul><li>x</li></ul><ol><li>x</li></ol>"
    "<dl><dt>x</dt><dd>x</dd></dl><blockquote>x</blockquote><pre>x</pre>"
    "<table><caption>x</caption><thead><tr><th>x</th></tr></thead><tbody><tr><td>x</td></tr></tbody>"
    "<tfoot><tr><td>x</td></tr></tfoot></table>"
    "<figure><img src='https://x.example/' alt='x'><figcaption>x</figcaption></figure>"
    "<details><summary>x</summary>x</details><p>x<wbr></p>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a template may say: the places of each piece, pieces inside it among them; and what it must say."""

    places: Mapping[str, frozenset[str]]
    needed: frozenset[str]

    def known(self, path: Sequence[str]) -> frozenset[str]:
        """Return the places that may stand inside these pieces, outermost first: an inner one sees the outer's."""
        return frozenset().union(*(self.places[piece] for piece in path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A place in a piece: the text before it, its name, and the piece that stood there, if one did."""

    before: str
    name: str
    piece: "Piece | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a template: places in order, the text after the last, and the dress of its prose."""

    holes: tuple[Hole, ...]
    rest: str
    dress: Mapping[str, str]

    def dressed(self, prose: str) -> str:
        """Return clean HTML with this piece's style on each of its tags."""
        dress = self.dress
        return START.sub(lambda tag: f"<{tag[1]}{tag[2]}{dress[tag[1]]}>" if tag[1] in dress else tag[0], prose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould:
    """A pressed template. `markup` says whether it makes HTML or text."""

    whole: Piece
    markup: bool

    def fill(self, values: Values, *, bullet: str = "・") -> str:
        """Return the template with its places filled.

        Texts are escaped in HTML; `Html` is dressed, or written as text, where `bullet` begins the items of a list.
        A sequence fills the piece of its name once for each of its members, which see the values around them too.
        """
        out: list[str] = []
        _fill(self.whole, (values,), _in_markup if self.markup else partial(_in_text, bullet), out)
        return "".join(out)


def _fill(piece: Piece, scopes: tuple[Values, ...], write: Callable[[Piece, str], str], out: list[str]) -> None:
    for hole in piece.holes:
        out.append(hole.before)
        for scope in scopes:
            if hole.name in scope:
                value = scope[hole.name]
                break
        else:
            raise KeyError(hole.name)
        if isinstance(value, str):
            out.append(write(piece, value))
        elif hole.piece is not None:
            for inner in value:
                _fill(hole.piece, (inner, *scopes), write, out)
    out.append(piece.rest)


def _in_markup(piece: Piece, value: str) -> str:
    return piece.dressed(value) if isinstance(value, Html) else entities.escape(value)


def _in_text(bullet: str, piece: Piece, value: str) -> str:
    del piece
    return as_text(value, bullet=bullet) if isinstance(value, Html) else value


def press_html(rendered: str, css: str, *, name: str, vocabulary: Vocabulary) -> Mould:
    """Press a rendered HTML template and its stylesheet; BadTemplate says what can't be cut."""
    whole = ESCAPED_SLOT.sub(lambda found: slot(found[1]), inline(with_specimen(rendered), css, template=name))
    return Mould(whole=_Cutter(name, vocabulary).cut(whole), markup=True)


def press_text(rendered: str, *, name: str, vocabulary: Vocabulary) -> Mould:
    """Press a rendered text template; a line with nothing but the mark of a piece leaves no line."""
    return Mould(whole=_Cutter(name, vocabulary).cut(ALONE.sub(r"\1", rendered)), markup=False)


def with_specimen(rendered: str) -> str:
    """Put the specimen of all elements wherever prose will stand."""
    return rendered.replace(slot(PROSE), slot(f"begin_{PROSE}") + SPECIMEN + slot(f"end_{PROSE}"))


class _Open:
    """A piece that is still being cut."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self.holes: list[Hole] = []
        self.dress: dict[str, str] = {}

    def leave(self, name: str, piece: Piece | None = None) -> None:
        self.holes.append(Hole(before=self.text, name=name, piece=piece))
        self.text = ""

    def piece(self) -> Piece:
        return Piece(holes=tuple(self.holes), rest=self.text, dress=self.dress)


class _Cutter:
    """Cuts a rendered template at its marks, and checks that each is one we can fill."""

    def __init__(self, name: str, vocabulary: Vocabulary) -> None:
        self._name = name
        self._vocabulary = vocabulary
        self._open = [_Open(WHOLE)]
        self._used: set[str] = set()

    def cut(self, text: str) -> Piece:
        """Return the whole with its pieces inside."""
        for number, part in enumerate(SLOT.split(text)):
            if number % 2 == 0:
                self._open[-1].text += part
            elif part.startswith("begin_"):
                self._begin(part.removeprefix("begin_"))
            elif part.startswith("end_"):
                self._end(part.removeprefix("end_"))
            else:
                self._place(part)
        if len(self._open) > 1:
            self._fail(f"slot begin_{self._open[-1].name} has no end")
        missing = sorted(self._vocabulary.needed - self._used)
        if missing:
            self._fail(f"an Issue needs slot {missing[0]}", "the packaged template has it where it belongs")
        return self._open[0].piece()

    def _begin(self, name: str) -> None:
        self._check(name)
        if name != PROSE and name not in self._vocabulary.places:
            self._fail(f"slot {name} is a place, not a piece: it has no begin and no end")
        self._open.append(_Open(name))

    def _end(self, name: str) -> None:
        inner = self._open[-1]
        if len(self._open) == 1 or inner.name != name:
            self._fail(f"slot end_{name} ends nothing that began before it")
        self._open.pop()
        if name == PROSE:
            self._open[-1].dress = _learnt(inner.text)
        self._open[-1].leave(name, None if name == PROSE else inner.piece())

    def _place(self, name: str) -> None:
        self._check(name)
        if name in self._vocabulary.places:
            self._fail(f"slot {name} is a piece: it needs begin_{name} and end_{name}")
        self._open[-1].leave(name)

    def _check(self, name: str) -> None:
        known = self._vocabulary.known([piece.name for piece in self._open])
        if name not in known:
            self._fail(f"slot {name} has no meaning in {self._open[-1].name}", f"it knows {', '.join(sorted(known))}")
        self._used.add(name)

    def _fail(self, what: str, hint: str | None = None) -> NoReturn:
        raise BadTemplate(f"template error: {self._name}: {what}", hint=hint)


def _learnt(specimen: str) -> dict[str, str]:
    """Return the style attribute of each element of the specimen that got one."""
    return {tag[2]: style[0] for tag in TAG.finditer(specimen) if (style := STYLE.search(tag[3]))}
