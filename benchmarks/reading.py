"""How well recaps are read: precision and recall of talks, days and closings, against outlines made by hand."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.retyping import Lines, lines_of, variations
from benchmarks.stripping import stripped
from cnddigest.errors import BadRecap
from cnddigest.recap.model import Recap
from cnddigest.recap.outline import understood
from cnddigest.recap.sections import letters
from cnddigest.recap.source import SourceText, decode
from cnddigest.recap.wire import wire

ROOT = Path(__file__).resolve().parent.parent
REVIEWED = ROOT / "tests" / "golden" / "recaps"
NO_TALKS = ("event", "section")
# Precision and recall of the talks that a set must reach, from the project's own targets.
GOALS = {
    "seed retyped": 1.0,
    "invented": 1.0,
    "invented, stripped": 0.8,
    "invented, stripped, spaced": 0.8,
    "reviewed": 0.97,
    "reviewed, stripped": 0.8,
    "reviewed, stripped, spaced": 0.8,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many were found, wanted, and both."""

    found: int = 0
    wanted: int = 0
    both: int = 0

    @property
    def precision(self) -> float:
        """Return the share of the found that are right; 1 where nothing was found."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Return the share of the wanted that were found; 1 where nothing is wanted."""
        return self.both / self.wanted if self.wanted else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One recap, read. `exact`: every talk stands under its day, with its text, and the closing is the right one."""

    set_: str
    recap: str
    talks: Counts
    days: Counts
    closing: bool
    exact: bool

    def wire(self) -> dict[str, object]:
        """Return the JSON line."""
        return {
            "case": "reading",
            "set": self.set_,
            "recap": self.recap,
            "precision": round(self.talks.precision, 3),
            "recall": round(self.talks.recall, 3),
            "days_precision": round(self.days.precision, 3),
            "days_recall": round(self.days.recall, 3),
            "closing": self.closing,
            "exact": self.exact,
        }


def run(shared: Path) -> int:
    """Print a table, and a JSON line per recap to stderr; return 1 if a set stays below its goal, or none was there."""
    scores = [*_retyped(shared / "seed"), *_invented(shared / "fixtures" / "recaps"), *_reviewed()]
    for score in scores:
        print(json.dumps(score.wire(), ensure_ascii=False), file=sys.stderr)
    print(table(scores))
    return 0 if scores and all(_reaches(name, found) for name, found in _by_set(scores).items()) else 1


def table(scores: Iterable[Score]) -> str:
    """Return the results as a Markdown table, and the recaps that are not exact."""
    lines = [
        "| set | recaps | talks: precision | recall | days: precision | recall | closing | exact | goal | |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    lines += [_line(name, found) for name, found in _by_set(scores).items()]
    return "\n".join(lines)


def _line(name: str, scores: Sequence[Score]) -> str:
    talks, days = _sum(score.talks for score in scores), _sum(score.days for score in scores)
    closing, exact = sum(score.closing for score in scores), sum(score.exact for score in scores)
    return (
        f"| {name} | {len(scores)} | {talks.precision:.3f} | {talks.recall:.3f} | {days.precision:.3f} "
        f"| {days.recall:.3f} | {closing}/{len(scores)} | {exact}/{len(scores)} | {GOALS[name]:.2f} "
        f"| {'reached' if _reaches(name, scores) else 'below'} |"
    )


def _reaches(name: str, scores: Sequence[Score]) -> bool:
    talks, goal = _sum(score.talks for score in scores), GOALS[name]
    exact = goal < 1 or all(score.exact for score in scores)
    return talks.precision >= goal and talks.recall >= goal and exact


def _by_set(scores: Iterable[Score]) -> Mapping[str, list[Score]]:
    found: dict[str, list[Score]] = {}
    for score in scores:
        found.setdefault(score.set_, []).append(score)
    return found


def _sum(counts: Iterable[Counts]) -> Counts:
    known = list(counts)
    return Counts(
        found=sum(one.found for one in known),
        wanted=sum(one.wanted for one in known),
        both=sum(one.both for one in known),
    )


def _retyped(folder: Path) -> Iterator[Score]:
    for path in sorted(folder.glob("*.expected.json")):
        for name, lines, octets in variations(lines_of(json.loads(path.read_text("utf-8")))):
            yield _score("seed retyped", name, understood([decode("recap.txt", octets)]), _outline(lines))


def _outline(lines: Lines) -> dict[str, Any]:
    """Return what a perfect reading of typed lines holds, as far as it is compared."""
    days: list[dict[str, Any]] = []
    closing: str | None = None
    for line in lines:
        if line.kind == "day" or (line.kind == "talk" and not days):
            days.append({"label": line.text if line.kind == "day" else "", "sessions": []})
        if line.kind == "talk":
            session = {"title": line.title, "heading": line.text, "kind": "talk", "paragraphs": []}
            days[-1]["sessions"].append(session)
        elif line.kind == "text":
            days[-1]["sessions"][-1]["paragraphs"].append(line.text)
        elif line.kind == "closing":
            closing = line.text
    return {"days": days, "closing": {"heading": closing}}


def _invented(folder: Path) -> Iterator[Score]:
    """Read what has an expectation beside it; those that say they can't be solved are left out."""
    for path in sorted(folder.glob("**/*.expected.json")):
        expected = json.loads(path.read_text("utf-8"))
        recap = next((found for found in path.parent.glob(f"{path.name.partition('.')[0]}.*") if found != path), None)
        if recap and expected.get("solvable", True):
            yield from _read("invented", recap, expected)


def _reviewed() -> Iterator[Score]:
    """Read what was reviewed; what its author corrects is no measure of our reading."""
    for case in sorted(path for path in REVIEWED.iterdir() if not (path / "recap.outline.toml").exists()):
        recap = next(path for path in case.iterdir() if path.stem == "recap")
        yield from _read("reviewed", recap, json.loads((case / "outline.json").read_text("utf-8")))


def _read(name: str, path: Path, expected: Mapping[str, Any]) -> Iterator[Score]:
    """Score a file as it is and, where it has markup, without that."""
    source = decode(path.name, path.read_bytes())
    label = path.parent.name if path.stem == "recap" else path.name
    found = _understood(source)
    yield _score(name, label, found, expected)
    if source.format == "text" or not found:
        return
    for kind, spaced in (("stripped", False), ("stripped, spaced", True)):
        text = stripped(source, spaced=spaced)
        yield _score(f"{name}, {kind}", label, understood([decode("recap.txt", text.encode())]), expected)


def _understood(source: SourceText) -> Recap | None:
    try:
        return understood([source])
    except BadRecap as error:
        print(f"not read: {error}", file=sys.stderr)
        return None


def _score(name: str, label: str, recap: Recap | None, expected: Mapping[str, Any]) -> Score:
    found: Mapping[str, Any] = wire(recap) if recap else {"days": [], "closing": {"heading": None}}
    closing = letters(found["closing"]["heading"] or "") == letters(expected["closing"]["heading"] or "")
    return Score(
        set_=name,
        recap=label,
        talks=_counts(_talks(found), _talks(expected)),
        days=_labels(found, expected),
        closing=closing,
        exact=closing and _is_exact(found, expected),
    )


def _talks(outline: Mapping[str, Any]) -> list[frozenset[str]]:
    """Return by which names each talk may be recognised: its title, its heading, other good spellings."""
    return [
        frozenset(map(letters, (one["title"], one["heading"], *one.get("title_also", ()))))
        for day in outline["days"]
        for one in day["sessions"]
        if one["kind"] not in NO_TALKS
    ]


def _counts(found: Sequence[frozenset[str]], wanted: Sequence[frozenset[str]]) -> Counts:
    rest = list(found)
    both = 0
    for names in wanted:
        pair = next((one for one in rest if one & names), None)
        if pair:
            rest.remove(pair)
            both += 1
    return Counts(found=len(found), wanted=len(wanted), both=both)


def _labels(found: Mapping[str, Any], expected: Mapping[str, Any]) -> Counts:
    ours, theirs = (Counter(letters(day["label"]) for day in outline["days"]) for outline in (found, expected))
    return Counts(found=ours.total(), wanted=theirs.total(), both=(ours & theirs).total())


def _is_exact(found: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Say whether the same talks stand under the same days, each with its text."""
    ours, theirs = _by_day(found), _by_day(expected)
    if [len(day) for day in ours] != [len(day) for day in theirs]:
        return False
    pairs = [pair for mine, other in zip(ours, theirs, strict=True) for pair in zip(mine, other, strict=True)]
    return all(
        letters(one["title"]) in {letters(title) for title in (wanted["title"], *wanted.get("title_also", ()))}
        and _holds(one["paragraphs"], wanted["paragraphs"])
        for one, wanted in pairs
    )


def _by_day(outline: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    return [[one for one in day["sessions"] if one["kind"] not in NO_TALKS] for day in outline["days"]]


def _holds(found: Sequence[str], expected: Sequence[str]) -> bool:
    """Say whether every expected paragraph is there, in order; what else stands between is markup's."""
    rest = letters("".join(found))
    for wanted in map(letters, expected):
        _, there, rest = rest.partition(wanted)
        if wanted and not there:
            return False
    return True
