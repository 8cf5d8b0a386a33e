"""Invented recaps with a perfect reading of each, compared as their README says."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from cnddigest.recap.outline import read
from cnddigest.recap.source import decode
from cnddigest.recap.wire import wire

SOLVED = [
    "s01_plain_ja.txt",
    "s02_zenn_cards.md",
    "s03_plain_fr.txt",
    "s04_plain_en_by.txt",
    "s05_page.html",
    "s06_timetable.md",
    "s07_lists.rst",
    "s08_weekday_pelican.md",
    "s09_tracks_toml.md",
    "s10_codeblock.md",
    "s11_day_prefix.md",
    "s12_nospace_liquid.md",
    "s13_reviewers.md",
    "series/s14_campfire_day1.md",
    "series/s14_campfire_day2.md",
]
NO_TALKS = {"event", "section"}
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "―": "-", "〜": "~"})


def folded(text):
    return " ".join(unicodedata.normalize("NFKC", text or "").translate(QUOTES).split()).casefold()


def letters(text):
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def holds(found, expected):
    """Formats with markup: every expected paragraph is there, in order."""
    rest = letters("".join(found))
    for wanted in map(letters, expected):
        _, there, rest = rest.partition(wanted)
        if not there:
            return False
    return True


def same_text(found, expected, outline):
    if outline["format"] != "text":
        return holds(found, expected)
    if outline.get("wrapped"):
        return " ".join(found) == " ".join(expected)
    return [*map(folded, found)] == [*map(folded, expected)]


def outline_of(*paths: Path):
    return wire(read([decode(str(path), path.read_bytes()) for path in paths]))


def sessions(outline):
    return [(day["number"], session) for day in outline["days"] for session in day["sessions"]]


def names(session):
    return {folded(name) for name in (session["title"], session["heading"], *session.get("title_also", []))}


def matched(found, expected):
    """Pair each expected session with the first found one of its title or heading, in order."""
    rest = sessions(found)
    for day, wanted in sessions(expected):
        pair = next((one for one in rest if names(one[1]) & names(wanted)), None)
        if pair:
            rest.remove(pair)
        yield (day, wanted), pair


def faults_of_session(wanted, found, outline):
    titles = [folded(title) for title in (wanted["title"], *wanted.get("title_also", []))]
    yield "title", folded(found["title"]) in titles
    yield from (
        (name, wanted[name] == found[name]) for name in ("number", "kind", "starts_at", "url") if name in wanted
    )
    if "speakers" in wanted:
        yield "speakers", sorted(map(folded, wanted["speakers"])) == sorted(map(folded, found["speakers"]))
    for name in ("track", "group"):
        if wanted.get(name):
            yield name, folded(wanted[name]) in {folded(found["track"]), folded(found["group"])}
    addresses = {link["url"] for link in found["links"]} | {found["url"]}
    yield "links", {link["url"] for link in wanted.get("links", [])} <= addresses
    yield "paragraphs", same_text(found["paragraphs"], wanted["paragraphs"], outline)


def faults_of_whole(found, expected):
    titles = [folded(title) for title in (expected.get("title"), *expected.get("title_also", []))]
    yield "title", "title" not in expected or folded(found["title"]) in titles
    yield "language", found["language"] == expected["language"]
    yield "introduction", same_text(found["introduction"], expected["introduction"], expected)
    yield "closing", folded(found["closing"]["heading"]) == folded(expected["closing"]["heading"])
    yield "closing text", same_text(found["closing"]["paragraphs"], expected["closing"]["paragraphs"], expected)
    yield "days", [day["number"] for day in found["days"]] == [day["number"] for day in expected["days"]]
    for day, wanted in zip(found["days"], expected["days"], strict=False):
        yield "label", folded(day["label"]) == folded(wanted["label"])
        yield "date", wanted["date"] in {None, day["date"]}
        yield "day introduction", same_text(day["introduction"], wanted["introduction"], expected)
    severities = {finding["severity"] for finding in found["findings"]}
    yield "findings", {finding["severity"] for finding in expected["findings"]} <= severities
    yield from faults_of_dropped(found, expected)


def faults_of_dropped(found, expected):
    dropped = {(line["line"], folded(line["text"])) for line in found["dropped"]}
    kept = [line for line in expected["dropped"] if expected["format"] == "text"]
    yield "dropped", {(line["line"], folded(line["text"])) for line in kept} <= dropped


def faults(found, expected):
    wrong = [name for name, right in faults_of_whole(found, expected) if not right]
    for (day, wanted), pair in matched(found, expected):
        if not pair:
            wrong.append(f"missing: {wanted['heading']}")
            continue
        wrong += [f"{name}: {wanted['title']}" for name, ok in faults_of_session(wanted, pair[1], expected) if not ok]
        wrong += [f"day: {wanted['title']}"] if pair[0] != day else []
    extra = {id(one[1]) for one in sessions(found)} - {id(pair[1]) for _, pair in matched(found, expected) if pair}
    wrong += [f"extra: {one['heading']}" for _, one in sessions(found) if id(one) in extra and one["kind"] != "section"]
    return wrong


@pytest.mark.parametrize("name", SOLVED)
def test_an_invented_recap_is_read_exactly(shared, name):
    path = shared / "fixtures" / "recaps" / name
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))

    found = outline_of(path)

    assert faults(found, expected) == []


def test_a_series_is_read_as_one_recap(shared):
    folder = shared / "fixtures" / "recaps" / "series"
    expected = json.loads((folder / "s14_campfire.expected.json").read_text("utf-8"))

    found = outline_of(folder / "s14_campfire_day1.md", folder / "s14_campfire_day2.md")

    assert faults(found, expected) == []


def test_lists_that_lost_their_bullets_are_warned_about(shared):
    path = shared / "fixtures" / "recaps" / "s15_lost_bullets.txt"

    found = outline_of(path)

    assert {(finding["rule"], finding["severity"]) for finding in found["findings"]} >= {
        ("unclear-structure", "warning")
    }
    assert found["title"] == "入江フロントエンド会議 2026 メモ"


def test_the_seed_is_read_exactly(shared):
    path = shared / "seed" / "cndt2022.txt"
    expected = json.loads((shared / "seed" / "cndt2022.expected.json").read_text("utf-8"))

    found = outline_of(path)

    found["source"]["path"] = Path(found["source"]["path"]).name
    found["findings"] = []
    for _, session in sessions(found):
        del session["id"]
    assert found == expected


def test_doubts_about_the_seed_are_told(shared):
    found = outline_of(shared / "seed" / "cndt2022.txt")

    told = {(finding["rule"], finding["line"]) for finding in found["findings"]}
    assert told >= {
        ("dangling-reference", 4),
        ("dangling-reference", 45),
        ("dangling-reference", 74),
        ("relative-time", 28),
        ("low-confidence", 16),
    }
