"""Images in the markup of a text: found, told apart by where they lie, and hung anew where they are published."""

import html as entities
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

GALLERY = "https://picture.invalid/"  # RFC 2606: nobody's address, so nobody's image is taken for one of ours
# Whole tags, so that one inside an attribute is none. Comments are not looked for: nobody sees what is in them.
TAG = re.compile(r"<(?:/?+[a-zA-Z])(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>")
IMAGE = re.compile(r"<img(?=[\s/>])", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""(?<![a-zA-Z-])([a-zA-Z-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]++))""")
SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
SIZE = re.compile(r"#=(\d{0,5})x(\d{0,5})\Z")  # the reader's form of `![](image.png =300x200)`
# Pelican's and Jekyll's words for the root of a site.
ROOT = re.compile(r"\A(?:\{(?:static|attach|filename)\}|\{\{\s?site\.(?:baseurl|url)\s?\}\})/?")
STATIC = ("", "static", "public")  # where Hugo, Zola and others keep what a page names from the root
BLANKS = re.compile(r"[\t\n\r]")
LONGEST = 1_000  # characters of an address: a file's path is shorter
MOST = 99_999

Whereabouts = Literal[
    "local",  # a path: a file of the author's
    "remote",  # at another site
    "inside",  # a data: address, the image itself
    "foreign",  # a file of the author's computer, or no address at all
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An image as a text names it. `width` and `height` are what the author asks for in pixels, 0 if not."""

    source: str
    alt: str | None
    title: str = ""
    width: int = 0
    height: int = 0

    @property
    def whereabouts(self) -> Whereabouts:
        """Return what kind of address it has."""
        if len(self.source) > LONGEST or "\0" in self.source:
            return "inside" if self.source.startswith("data:") else "foreign"
        if self.source.startswith("//"):
            return "remote"
        scheme = SCHEME.match(self.source)
        if not scheme:
            return "local" if self.path else "foreign"
        return {"http": "remote", "https": "remote", "data": "inside"}.get(scheme[1].lower(), "foreign")  # type: ignore[return-value]

    @property
    def path(self) -> str:
        """Return the path as a file system has it: decoded, with slashes, without query and fragment."""
        path = unquote(re.split("[?#]", self.source, maxsplit=1)[0]).replace("\\", "/")
        return "" if "\0" in path or SCHEME.match(path) else ROOT.sub("/", path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """Where an image hangs from now on, and its size in pixels, 0 by 0 if unknown."""

    address: str
    width: int
    height: int


def has_any(html: str) -> bool:
    """Say whether it is worth looking for images: a test that costs nothing where there are none."""
    return "<img" in html or "<IMG" in html


def references(html: str) -> Iterator[Reference]:
    """Yield the images of a text in order."""
    for tag in TAG.finditer(html) if has_any(html) else ():
        if IMAGE.match(tag[0]):
            yield _reference(tag[0])


def replaced(html: str, hang: Callable[[Reference], Hanging | None]) -> str:
    """Return the text with each image where `hang` puts it; None leaves its tag as it is.

    A tag that names our gallery itself is taken out: only `hang` may.
    """

    def tag(found: re.Match[str]) -> str:
        if not IMAGE.match(found[0]):
            return found[0]
        reference = _reference(found[0])
        if reference.source.lower().startswith(GALLERY):
            return ""
        hanging = hang(reference)
        return _tag(reference, hanging) if hanging else found[0]

    return TAG.sub(tag, html) if has_any(html) else html


def candidates(path: str, folders: Sequence[str]) -> Iterator[str]:
    """Yield where a local image may lie, relative to the publication, the likeliest first.

    `folders` are those of the recap's files, in the same form. A path from the root is looked for in each of them
    and in all above, with the folders in which sites keep such files. What leads out of the publication is left out.
    """
    rooted = path.startswith("/")
    seen: set[str] = set()
    for folder in folders:
        for base in _upwards(folder) if rooted else (folder,):
            for shelf in STATIC if rooted else ("",):
                found = _joined(base, shelf, path)
                if found and found not in seen:
                    seen.add(found)
                    yield found


def _reference(tag: str) -> Reference:
    known: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(tag):
        known.setdefault(name.lower(), entities.unescape(double or single or bare))
    source = BLANKS.sub("", known.get("src", "")).strip()
    size = SIZE.search(unquote(source))
    width, height = size.groups() if size else (known.get("width", ""), known.get("height", ""))
    return Reference(
        source=source[: source.rindex("#")] if size else source,
        alt=known.get("alt"),
        title=known.get("title", ""),
        width=_number(width),
        height=_number(height),
    )


def _number(text: str) -> int:
    text = text.strip().removesuffix("px")
    return min(int(text), MOST) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _tag(reference: Reference, hanging: Hanging) -> str:
    width, height = _size(reference, hanging)
    known = {
        "src": hanging.address,
        "alt": reference.alt or "",
        "title": reference.title,
        "width": str(width or ""),
        "height": str(height or ""),
    }
    written = "".join(f' {name}="{entities.escape(value)}"' for name, value in known.items() if value or name == "alt")
    return f"<img{written}>"


def _size(reference: Reference, hanging: Hanging) -> tuple[int, int]:
    """Return the size an author asks for, in the image's own proportions where one side is missing."""
    width, height = reference.width, reference.height
    if not hanging.width or (width and height):
        return width, height
    if width:
        return width, max(1, round(hanging.height * width / hanging.width))
    if height:
        return max(1, round(hanging.width * height / hanging.height)), height
    return hanging.width, hanging.height


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _joined(*pieces: str) -> str | None:
    """Return the path without steps back, None where they lead out."""
    steps: list[str] = []
    for step in "/".join(pieces).split("/"):
        if step == ".." and not steps:
            return None
        if step == "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
