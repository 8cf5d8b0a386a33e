"""Every route that there is, walked: none is framed, none is changed by another site's form, none by a look."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import SLUG
from visitors import HARU, Visitors, a_publication, visiting

MORE = '\n[web]\nadmin = "write"\nhub = true\n'
ELSEWHERE = {"sec-fetch-site": "cross-site", "origin": "https://evil.example", "host": "localhost"}
FORM = {"serial": SLUG, "address": "natsu@example.net", "do": "hold", "sure": "yes", "part": "2", "deed": "pause"}
PROVED = {"bounces", "hub"}  # told by programs, which have a secret, or are asked back
SHORTEST_WALK = 20  # routes: fewer would mean that the walk finds them no more


@pytest.fixture
def visitors(tmp_path: Path) -> Iterator[Visitors]:
    with visiting(a_publication(tmp_path / "publication", more=MORE)) as found:
        found.enrol(HARU)
        yield found


def walk(visitors: Visitors) -> list[str]:
    """Return a path for each route, with a token that opens it."""
    number = visitors.person().subscription.number

    def path(pattern: str) -> str:
        first = pattern.split("/")[1]
        purpose = first if first in ("unsubscribe", "preferences", "replay") else "preferences"
        token = visitors.path("confirm").split("/")[-1] if first == "confirm" else visitors.tokens.make(purpose, number)  # type: ignore[arg-type]
        return re.sub(r"\{\w+\}", "rss.xml", re.sub(r"\{\w+:token\}", token, pattern))

    found = [path(re.sub(r"\{token\}", "{token:token}", route.path)) for route in visitors.site.routes]  # type: ignore[attr-defined]
    assert len(found) >= SHORTEST_WALK
    return found


def test_no_answer_can_be_framed_or_taken_for_another_kind(visitors: Visitors) -> None:
    asked = [(method, path) for path in walk(visitors) for method in ("GET", "POST")]

    answers = {each: visitors.ask(*each, client="127.0.0.1", headers={"host": "localhost"}) for each in asked}

    assert {each: found.status_code for each, found in answers.items() if found.status_code >= 500} == {}
    pages = {each: found.headers for each, found in answers.items() if "html" in found.headers.get("content-type", "")}
    assert len(pages) > SHORTEST_WALK / 2
    for each, headers in pages.items():
        assert "frame-ancestors 'none'" in headers["content-security-policy"], each
        assert headers["x-frame-options"] == "DENY", each
    ours = {each: found.headers for each, found in answers.items() if found.content}
    assert {each for each, headers in ours.items() if headers.get("x-content-type-options") != "nosniff"} == set()


def test_a_look_at_any_page_changes_nothing(visitors: Visitors) -> None:
    before = visitors.state

    for path in walk(visitors):
        for method in ("GET", "HEAD"):
            visitors.ask(method, path, client="127.0.0.1", headers={"host": "localhost"})

    assert visitors.state == before
    assert visitors.nudges == 0


def test_a_form_of_another_site_changes_nothing_where_no_token_is_in_the_address(visitors: Visitors) -> None:
    token = visitors.tokens.make("preferences", visitors.person().subscription.number)
    paths = [path for path in walk(visitors) if len(path.split("/")[-1]) < len(token) / 2 and path[1:] not in PROVED]
    before = visitors.state, visitors.opened.status(now=visitors.now)

    for path in paths:
        visitors.post(path, FORM, client="127.0.0.1", headers=ELSEWHERE)

    assert (visitors.state, visitors.opened.status(now=visitors.now)) == before
    assert visitors.nudges == 0
