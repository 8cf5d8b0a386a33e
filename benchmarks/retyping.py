"""One plain-text recap as others might have typed it, each time with what a perfect reading of it is."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["title", "introduction", "day", "talk", "text", "closing", "end", "furniture"]
APART = ("title", "day", "talk", "closing")
NAME = "山田 太郎"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as typed, what it is, and for a talk's heading the title in it."""

    kind: Kind
    text: str
    title: str = ""


Lines = Sequence[Line]
Typed = tuple[Lines, bytes]


def lines_of(outline: Mapping[str, Any]) -> list[Line]:
    """Return the lines of the plain text that an outline is of, furniture at its end."""
    found = [Line(kind="title", text=outline["title"])]
    found += [Line(kind="introduction", text=text) for text in outline["introduction"]]
    for day in outline["days"]:
        found.append(Line(kind="day", text=day["label"]))
        found += [Line(kind="introduction", text=text) for text in day["introduction"]]
        for session in day["sessions"]:
            found.append(Line(kind="talk", text=session["heading"], title=session["title"]))
            found += [Line(kind="text", text=text) for text in session["paragraphs"]]
    if outline["closing"]["heading"]:
        found.append(Line(kind="closing", text=outline["closing"]["heading"]))
    found += [Line(kind="end", text=text) for text in outline["closing"]["paragraphs"]]
    return found + [Line(kind="furniture", text=line["text"]) for line in outline["dropped"]]


def variations(lines: Lines) -> Iterator[tuple[str, Lines, bytes]]:
    """Yield the name of each variation, its lines, and the file."""
    for name, change in _CHANGES.items():
        changed = list(change(lines))
        yield name, changed, "\n".join(line.text for line in changed).encode()
    plain = [line.text for line in lines]
    yield "CRLF and a byte order mark", lines, ("\ufeff" + "\r\n".join(plain)).encode()
    yield "a blank line after every line", lines, "\n\n".join(plain).encode()
    around = [f"\n{line.text}\n" if line.kind in APART else line.text for line in lines]
    yield "blank lines around headings", lines, "\n".join(around).encode()
    marked = [_by_hand(line) for line in lines]
    yield "## by hand", lines, "\n".join(marked).encode()


def _by_hand(line: Line) -> str:
    mark = {"title": "# ", "day": "## ", "talk": "### ", "closing": "## "}.get(line.kind, "")
    return mark + line.text


def _without(*kinds: Kind) -> Callable[[Lines], Iterable[Line]]:
    return lambda lines: (line for line in lines if line.kind not in kinds)


def _without_days(lines: Lines) -> Iterator[Line]:
    """Leave out the labels, and the introduction of every day but the first."""
    talks = False
    for line in lines:
        talks = talks or line.kind == "talk"
        if line.kind != "day" and not (talks and line.kind == "introduction"):
            yield line


def _ending(share: float, mark: str) -> Callable[[Lines], Iterable[Line]]:
    def change(lines: Lines) -> Iterator[Line]:
        chance = random.Random(1)  # noqa: S311  # no secret, the same every time
        for line in lines:
            ends = line.text.endswith("。") and chance.random() < share
            yield replace(line, text=line.text[:-1] + mark) if ends else line

    return change


def _days(*labels: str) -> Callable[[Lines], Iterable[Line]]:
    def change(lines: Lines) -> Iterator[Line]:
        rest = iter(labels)
        for line in lines:
            yield replace(line, text=next(rest)) if line.kind == "day" else line

    return change


def _each(**changes: Callable[[str], str]) -> Callable[[Lines], Iterable[Line]]:
    return lambda lines: (
        replace(line, text=changes[line.kind](line.text)) if line.kind in changes else line for line in lines
    )


def _numbered(lines: Lines) -> Iterator[Line]:
    count = iter(range(1, 1 + len(lines)))
    return (replace(line, text=f"{next(count)}. {line.text}") if line.kind == "talk" else line for line in lines)


def _with_pages(lines: Lines) -> Iterator[Line]:
    for line in lines:
        url = "\nhttps://event.example.org/talks" if line.kind == "talk" else ""
        yield replace(line, text=line.text + url)


def _split(lines: Lines) -> Iterator[Line]:
    """Put every sentence on a line of its own."""
    for line in lines:
        parts = [f"{part}。" for part in line.text.split("。")] if line.text.endswith("。") else [line.text]
        yield from (replace(line, text=part.strip()) for part in parts if part != "。")


def _joined(lines: Lines) -> Iterator[Line]:
    """Put the text of a talk into one line."""
    kept: Line | None = None
    for line in lines:
        if kept and kept.kind == "text" == line.kind:
            kept = replace(kept, text=kept.text + line.text)
            continue
        if kept:
            yield kept
        kept = line
    if kept:
        yield kept


_CHANGES: Mapping[str, Callable[[Lines], Iterable[Line]]] = {
    "as it is": iter,
    "no furniture": _without("furniture"),
    "no closing": _without("closing", "end", "furniture"),
    "no title": _without("title"),
    "no final 。 on 10 %": _ending(0.1, ""),
    "no final 。 on 30 %": _ending(0.3, ""),
    "no final 。 at all": _ending(1, ""),
    "! for 。 on 30 %": _ending(0.3, "!"),
    "Day 1, Day 2": _days("Day 1", "Day 2"),
    "Day One, Day Two": _days("Day One", "Day Two"),
    "第1日, 第2日": _days("第1日", "第2日"),
    "初日, 最終日": _days("初日", "最終日"),
    "dated labels": _days("2022/11/21 (Mon)", "2022/11/22 (Tue)"),
    "【1日目】11月21日(月)": _days("【1日目】11月21日(月)", "【2日目】11月22日(火)"),
    "no day headings": _without_days,
    "おわりに": _each(closing=lambda _: "おわりに"),
    "sentences on lines of their own": _split,
    "a talk's text on one line": _joined,
    "an address below each title": _with_pages,
    "numbered": _numbered,
    "「title」 - name": _each(talk=lambda title: f"「{title}」 - {NAME}"),
    "bulleted": _each(text="・{}".format),
    "bulleted with dashes": _each(text="- {}".format),
}
