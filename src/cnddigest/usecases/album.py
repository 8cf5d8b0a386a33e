"""An Album: what was seen of the image files of one Serial, kept as JSON, so that none is read twice."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

from cnddigest.errors import BadPicture, BadRecord
from cnddigest.ports.files import Inputs

WAY = 1  # how published images are made from their files: count up, and all of them are made anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen where an image was looked for.

    `mark` is how the file looked, `""` where there was none; `path` is `""` once the file of a published image is
    gone. `page` and `mail` are the names under which it is published, `""` with the `reason` why it can't be.
    `part` is the number of the first Part that shows it, 0 for none. `plain` says that it should be converted, and
    nothing is installed that could.
    """

    path: str
    mark: str
    page: str = ""
    mail: str = ""
    width: int = 0
    height: int = 0
    reason: str = ""
    part: int = 0
    plain: bool = False


def written(sights: Iterable[Sight]) -> list[list[str | int]]:
    """Return sights as JSON can hold them."""
    return [list(astuple(sight)) for sight in sights]


def sights(about: str) -> tuple[Sight, ...]:
    """Return the sights noted in a Serial's `about`; raises BadRecord for what nobody here wrote."""
    if '"pictures": ' not in about:  # the case of most, and it should cost nothing
        return ()
    try:
        return tuple(_read(*values) for values in json.loads(about).get("pictures", ()))
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRecord("record is damaged: pictures", hint="put a copy of it back") from error


def mark(inputs: Inputs, path: str) -> str:
    """Return how a file looks, and what would be made of it here; `""` without a file."""
    from cnddigest.picture import scaling

    seen = inputs.mark(path)
    return f"{WAY}{'+' if scaling.is_available() else '-'} {seen}" if seen else ""


class Album:
    """The images of one reading; a file that looks as it did at the last one is not opened."""

    def __init__(self, inputs: Inputs, before: Sequence[Sight]) -> None:
        """Look below the publication's folder; `before` is what was seen the last time."""
        self._inputs = inputs
        self._before = before
        self._known = {(sight.path, sight.mark): sight for sight in before if sight.path}
        self._seen: dict[str, Sight] = {}

    @property
    def unconverted(self) -> int:
        """Return how many images should be smaller or in another format, and can't be."""
        return sum(sight.plain for sight in self._seen.values())

    def find(self, paths: Iterable[str]) -> Sight | None:
        """Return the first of these files that is there."""
        return next((sight for path in paths if (sight := self._look(path)).mark), None)

    def noted(self, places: Iterable[tuple[str, int]]) -> tuple[Sight, ...]:
        """Return what to keep: everything looked at, and the images that are shown but no longer in the recap.

        `places` are the names of images on pages, each with the number of a Part that shows it, in order.
        """
        first: dict[str, int] = {}
        for page, part in places:
            first.setdefault(page, part)
        seen = [replace(sight, part=first.get(sight.page, 0)) for sight in self._seen.values()]
        shown = {sight.page for sight in seen}
        gone = {sight.page: sight for sight in self._before if sight.page in first.keys() - shown}
        return (*seen, *(self._kept(sight, first[page]) for page, sight in gone.items()))

    def _kept(self, sight: Sight, part: int) -> Sight:
        """Return a sight from before, without its path where another file lies now, or none."""
        there = sight.path and mark(self._inputs, sight.path) == sight.mark
        return replace(sight, part=part, path=sight.path if there else "")

    def _look(self, path: str) -> Sight:
        if path not in self._seen:
            seen = mark(self._inputs, path)
            self._seen[path] = self._known.get((path, seen)) or self._opened(path, seen)
        return self._seen[path]

    def _opened(self, path: str, mark: str) -> Sight:
        """Look through a file; each variant is made once, to prove that it can be before anything is recorded."""
        from cnddigest.picture import reading, scaling
        from cnddigest.picture.variants import make, stem, variants

        if not mark:
            return Sight(path=path, mark=mark)
        try:
            data = self._inputs.picture(path)
            picture = reading.read(data)
            names = variants(picture, stem(data), can_convert=scaling.is_available())
            for name in {names.page, names.mail}:
                make(name, data)
        except BadPicture as error:
            return Sight(path=path, mark=mark, reason=error.message)
        wanted = names if scaling.is_available() else variants(picture, stem(data), can_convert=True)
        return Sight(
            path=path,
            mark=mark,
            page=names.page,
            mail=names.mail,
            width=names.width,
            height=names.height,
            plain=(names.page, names.mail) != (wanted.page, wanted.mail),
        )


def _read(*values: str | int) -> Sight:
    names = ("path", "mark", "page", "mail", "width", "height", "reason", "part", "plain")
    return Sight(**dict(zip(names, values, strict=True)))  # type: ignore[arg-type]
