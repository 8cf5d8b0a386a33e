"""Lines that blogs read as more than CommonMark: cards, embeds, boxes, template tags (Zenn, Qiita, Hatena, Jekyll)."""

import re
from dataclasses import dataclass
from typing import Literal

FormKind = Literal[
    "card",  # an address alone on its line
    "embed",  # a player or widget that becomes a link
    "figure",  # a picture; `label` is what stands below it
    "box",  # the first or last line of a box; `label` is its title
    "code",  # the first line of liquid code; `label` is its language
    "furniture",  # a template's instruction; `label` is the line
]

# Display name, and the address of an id. Letters of the name are those of the author's word.
SERVICES: dict[str, tuple[str, str]] = {
    "speakerdeck": ("Speaker Deck", "https://speakerdeck.com/player/{}"),
    "youtube": ("YouTube", "https://www.youtube.com/watch?v={}"),
    "vimeo": ("Vimeo", "https://vimeo.com/{}"),
    "niconico": ("niconico", "https://www.nicovideo.jp/watch/{}"),
    "slideshare": ("SlideShare", "https://www.slideshare.net/slideshow/embed_code/key/{}"),
    "docswell": ("Docswell", "https://www.docswell.com/slide/{}/embed"),
    "twitter": ("Twitter", "https://twitter.com/i/status/{}"),
    "tweet": ("Tweet", "https://twitter.com/i/status/{}"),
    "gist": ("Gist", "https://gist.github.com/{}"),
    "jsfiddle": ("JSFiddle", "https://jsfiddle.net/{}"),
    "codepen": ("CodePen", "https://codepen.io/{}"),
    "stackblitz": ("StackBlitz", "https://stackblitz.com/edit/{}"),
    "codesandbox": ("CodeSandbox", "https://codesandbox.io/embed/{}"),
    "figma": ("Figma", "https://www.figma.com/file/{}"),
}
TITLED_BOXES = frozenset({"details", "notice", "admonition", "callout", "expand", "alert", "tab"})
QUIET_BOXES = frozenset({"message", "note", "info", "alert", "warn", "warning", "tip", "success"})

CARD = re.compile(r"<?(https?://[^\s<>]+)>?\Z")
SELF_LABELLED = re.compile(r"\[(https?://[^\s\[\]]+)\]\(<?(https?://[^\s<>()]+)>?\)\Z")
HATENA_CARD = re.compile(r"\[(https?://[^\s\[\]]+?):(?:embed|title|image|bookmark)[^\[\]]*\]\Z")
EMBED = re.compile(r"@\[([A-Za-z][A-Za-z0-9_-]{0,30})\]\(([^\s()<>\\]+)[^()<>\\]*\)\Z")
BOX = re.compile(r":{3,}\s*(?:([A-Za-z][A-Za-z0-9_-]*)\s*)?(?:\{[^{}]*\})?(.*)\Z")
CODE = re.compile(r"(?:\{%-?|\{\{[<%]) *highlight +([A-Za-z0-9_+#.-]+)?")
TAG = re.compile(r"(?:\{%[^{}]*%\}\s*)+\Z|\{: ?(?:[.#][\w-]|[\w-]+=)[^{}]*\}\Z")  # Jekyll's; kramdown's attributes
SHORTCODE = re.compile(r"\{\{[<%]\s*(/?)\s*([\w./-]{1,60})((?:\s[^{}]*)?)[>%]\}\}\Z")  # Hugo's
ARGUMENT = re.compile(r"""(?:([\w-]{1,40})=)?(?:"([^"]{0,1000})"|'([^']{0,1000})'|([^\s"'=/]\S{0,1000}))""")
FILE_NAME = re.compile(r"[A-Za-z0-9_+#.-]*:([^\s:]+)\Z")  # ```yaml:deployment.yaml
CONTENTS = re.compile(r"(?:@?\[\[?(?:toc|_toc_)\]\]?|\[:contents\]|\{:toc\})\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a line is, with the words and the address it shows."""

    kind: FormKind
    label: str = ""
    url: str = ""


def form(line: str) -> Form | None:
    """Recognise one line, without the spaces around it; None for ordinary markdown."""
    read = READERS.get(line[:1])
    return read(line) if read else None


def caption(info: str) -> str:
    """Return what blogs show above code: a file's name, or words that name no language."""
    name = FILE_NAME.match(info.strip())
    return name[1] if name else "" if info.isascii() else info.strip()


def _address(line: str) -> Form | None:
    found = CARD.match(line)
    return _card(found[1]) if found else None


def _bracket(line: str) -> Form | None:
    if CONTENTS.match(line):
        return Form(kind="furniture", label=line)
    if (found := SELF_LABELLED.match(line)) and found[1].rstrip("/") == found[2].rstrip("/"):
        return _card(found[2])
    found = HATENA_CARD.match(line)
    return _card(found[1]) if found else None


def _card(url: str) -> Form:
    plain = url.replace("&amp;", "&")
    return Form(kind="card", label=plain, url=plain)


def _embed(line: str) -> Form | None:
    if CONTENTS.match(line):
        return Form(kind="furniture", label=line)
    found = EMBED.match(line)
    if not found:
        return None
    service, target = found[1].lower(), found[2]
    if service == "card" and target.startswith(("https://", "http://")):
        return _card(target)
    return _service(found[1], target)


def _service(word: str, target: str) -> Form:
    name, address = SERVICES.get(word.lower(), (word, ""))
    if not target.startswith(("https://", "http://")):
        target = address.format(target)
    return Form(kind="embed", label=name, url=target)


def _box(line: str) -> Form | None:
    found = BOX.match(line)
    if not found:
        return None
    title = found[2].strip()
    quiet = (found[1] or "").lower() in QUIET_BOXES and title.lower() in QUIET_BOXES
    return Form(kind="box", label="" if quiet else title)


def _template(line: str) -> Form | None:
    if found := CODE.match(line):
        return Form(kind="code", label=found[1] or "")
    if found := SHORTCODE.match(line):
        return _shortcode(line, found)
    return Form(kind="furniture", label=line) if TAG.match(line) or CONTENTS.match(line) else None


def _shortcode(line: str, found: re.Match[str]) -> Form:
    """Read a tag of Hugo that stands alone: a player, a picture, a box with a title; else an instruction."""
    name = found[2].lower().rpartition("/")[2]
    given = [(match[1] or "", match[2] or match[3] or match[4] or "") for match in ARGUMENT.finditer(found[3])]
    named = dict(reversed(given))
    plain = [value for key, value in given if not key]
    target = named.get("id") or named.get("url") or "/".join(plain if name == "gist" else plain[:1])
    if found[1]:
        return Form(kind="furniture", label=line)
    if name in SERVICES and target:
        return _service(name, target)
    if name in ("figure", "image", "img") and (source := named.get("src") or named.get("")):
        label = " ".join(filter(None, (named.get("title"), named.get("caption"))))
        return Form(kind="figure", label=label, url=source)
    title = named.get("title") or named.get("summary") or (plain[-1] if plain and name in TITLED_BOXES else "")
    if title and title.lower() not in QUIET_BOXES:
        return Form(kind="box", label=title)
    return Form(kind="furniture", label=line)


READERS = {"h": _address, "<": _address, "[": _bracket, "@": _embed, ":": _box, "{": _template}
