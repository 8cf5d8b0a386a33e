"""The ways from a text to other sessions, and links that stand alone as cards."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_masthead, a_part, a_release, a_session, some_templates
from cnddigest.recap.model import Prose, Related
from cnddigest.rendering.cards import cards
from cnddigest.rendering.markup import Html, safe, text_only
from cnddigest.rendering.page import part_page, session_page
from cnddigest.rendering.routes import MOST_RELATED, routes
from cnddigest.serial.mentions import placed, waiting
from cnddigest.serial.model import Chapter, Mention, Part
from hostile import hostile

TEMPLATES = some_templates()
REFERENCE = '<p>See <a href="session:talk-1">that talk</a>.</p>'


def a_part_that_names(number: int, *names: str, related: tuple[str, ...] = ()) -> Part:
    html = "".join(f'<p><a href="session:{name}">x</a></p>' for name in names)
    session = a_session(
        number,
        id=f"talk-{number}",
        prose=Prose(paragraphs=("x",), html=html),
        related=tuple(Related(session_id=name, terms=("港",)) for name in related),
    )
    return a_part(number, chapters=(Chapter(label="", sessions=(session,)),))


def test_a_reference_is_a_link_where_there_is_a_way_and_else_only_its_words():
    way = safe(REFERENCE, sessions={"talk-1": "../sessions/talk-1.html"})

    assert way == '<p>See <a href="../sessions/talk-1.html">that talk</a>.</p>'
    assert safe(REFERENCE, sessions={"talk-2": "x"}) == "<p>See that talk.</p>"
    assert safe(REFERENCE, base_url="https://example.org/minato") == "<p>See that talk.</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<a href="SESSION:talk-1">x</a>',
        '<a href=" session:talk-1">x</a>',
        '<a href="ses\tsion:talk-1">x</a>',
        '<a href="session:../talk-1">x</a>',
        '<a href="session:talk-1#x">x</a>',
        '<img src="session:talk-1" alt="x">',
        '<iframe src="session:talk-1"></iframe>',
        '<a title=">" href="session:talk-1">x</a>',
    ],
)
def test_our_own_scheme_never_leaves_the_house(html):
    for sessions in ({}, {"talk-1": "https://recaps.example.org/x"}):
        assert "session:" not in re.sub(r">[^<]*<", "><", safe(html, sessions=sessions).lower())


@given(
    st.lists(st.one_of(hostile, st.sampled_from([REFERENCE, '<a href="session:', "<a>", "</a>", "<table>"]))).map(
        "".join
    )
)
def test_without_ways_no_reference_is_left_in_any_tag(html):
    cleaned = safe(html)

    assert 'href="session:' not in "".join(re.findall(r"<[^<>]*>", cleaned))


def test_a_reference_in_a_text_with_a_player_survives_too():
    html = f'{REFERENCE}<iframe src="https://www.youtube.com/embed/x"></iframe>'

    assert '<a href="/there">that talk</a>' in safe(html, sessions={"talk-1": "/there"})


def test_a_part_knows_where_those_stand_that_it_names():
    first, second = placed(
        [a_part_that_names(1, "talk-2", "nobody"), a_part_that_names(2, "talk-1", related=("talk-1",))]
    )

    assert [(one.session_id, one.part) for one in first.mentioned] == [("talk-2", 2)]
    assert second.mentioned == (Mention(session_id="talk-1", title="発表その1", part=1),)


def test_only_later_parts_are_waited_for_and_only_by_references():
    first, second = placed([a_part_that_names(1, "talk-2", related=("talk-2",)), a_part_that_names(2, "talk-1")])

    assert waiting(first) == {"talk-1": [2]}
    assert waiting(second) == {}
    assert waiting(placed([a_part_that_names(1, related=("talk-2",)), a_part_that_names(2)])[0]) == {}


def test_the_way_ends_at_what_is_out():
    first, _, _ = placed(
        [a_part_that_names(1, "talk-1", "talk-2", "talk-3"), a_part_that_names(2), a_part_that_names(3)]
    )

    known = [set(routes(a_masthead(), first, page=True, out=out).urls) for out in (None, 2, 3)]

    assert known == [{"talk-1"}, {"talk-1", "talk-2"}, {"talk-1", "talk-2", "talk-3"}]


def test_a_page_shows_three_related_sessions_at_most_and_none_that_is_not_out():
    names = tuple(f"talk-{n}" for n in (6, 4, 3, 2, 1))
    parts = placed(
        [*(a_part_that_names(n) for n in range(1, 5)), a_part_that_names(5, related=names), a_part_that_names(6)]
    )
    release = a_release(5, part=parts[4])

    made = [
        part_page(TEMPLATES, a_masthead(), release, None),
        session_page(TEMPLATES, a_masthead(), release, 0, None),
    ]

    for page in made:
        assert re.findall(r'<li><a href="../sessions/([a-z0-9-]+).html">', page) == ["talk-4", "talk-3", "talk-2"]
        assert page.count("<small>港</small>") == MOST_RELATED


@pytest.mark.parametrize(
    ("url", "label", "expected"),
    [
        ("https://www.youtube.com/watch?v=x", "録画をみる", ["動画", "録画をみる", "youtube.com"]),
        ("https://speakerdeck.com/a/b", "https://speakerdeck.com/a/b", ["スライド", "speakerdeck.com/a/b"]),
        ("https://twitter.com/i/status/1", "Tweet", ["Tweet", "twitter.com"]),
        ("https://example.org/a?b=1&amp;c=2", "A &amp; B", ["A &amp; B", "example.org"]),
    ],
)
def test_a_link_alone_is_a_card_with_its_kind_its_words_and_its_host(url, label, expected):
    made = cards(safe(f'<p><a href="{url}">{label}</a></p>'), TEMPLATES.words)

    assert re.findall(r"<span[^>]*>([^<]*)</span>", made) == expected
    assert f'<p class="embed"><a href="{url}" rel="noopener">' in made


@pytest.mark.parametrize(
    "html",
    [
        '<p>See <a href="https://example.org/">this</a></p>',
        '<p><a href="mailto:a@example.org">a</a></p>',
        "<p>text</p>",
    ],
)
def test_any_other_paragraph_stays_as_it_is(html):
    cleaned = safe(html)

    assert cards(cleaned, TEMPLATES.words) == cleaned


@pytest.mark.parametrize("tag", ["iframe", "video", "embed"])
def test_players_are_cards_on_pages_and_load_nothing(tag):
    part = a_part(
        chapters=(
            Chapter(label="", sessions=(a_session(prose=Prose(html=f'<{tag} src="https://youtu.be/x"></{tag}>')),)),
        )
    )

    made = part_page(TEMPLATES, a_masthead(), a_release(part=part), None)

    assert '<p class="embed"><a href="https://youtu.be/x"' in made
    assert f"<{tag}" not in made


@given(hostile)
def test_cards_hide_no_word(text):
    cleaned = safe(f'<p><a href="https://example.org/">{text}</a></p>')

    made = cards(cleaned, TEMPLATES.words)

    assert isinstance(made, Html)
    assert text_only(cleaned) in text_only(made)
