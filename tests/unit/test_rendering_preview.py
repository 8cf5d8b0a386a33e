"""The preview's documents: a colour scheme that is settled, links that lead somewhere, images from here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON
from cnddigest.rendering.preview.model import PartLine, Shown
from cnddigest.rendering.preview.pages import nearest
from cnddigest.rendering.preview.routes import Place, at_home
from cnddigest.rendering.preview.schemes import forced

CSS = "<style>p{color:#000}@media (prefers-color-scheme: dark) { p{color:#fff} }</style>"
schemes = st.sampled_from(["light", "dark"])
PIECES = [
    CSS,
    "<style>@media not (prefers-color-scheme:light){a{}}:root{color-scheme:light dark}",
    "<meta name='color-scheme' content='light dark'>",
    '<source media="(prefers-color-scheme: dark)">',
    "<p style='color-scheme: dark light'>",
    "</style>",
    '<p title="a > b">',
    "(prefers-color-scheme: dark)",
    "<",
    "日",
]
documents = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)


def shown(slug: str, parts: int) -> Shown:
    lines = tuple(
        PartLine(number=number, title="", day="", sessions=(), release_at=NOON, is_out=False, page="")
        for number in range(1, parts + 1)
    )
    return Shown(slug=slug, title="", language="ja", parts=lines, archive="", front="", feeds=())


@pytest.mark.parametrize(("scheme", "condition"), [("dark", "(min-width: 0px)"), ("light", "(max-width: 0px)")])
def test_a_question_after_the_scheme_is_answered(scheme, condition):
    found = forced(CSS, scheme)

    assert found == CSS.replace("(prefers-color-scheme: dark)", condition)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_document_for_both_is_for_this_one(scheme):
    html = '<meta name="color-scheme" content="light dark"><style>:root { color-scheme: light dark; }</style>'

    found = forced(html, scheme)

    assert found == f'<meta name="color-scheme" content="{scheme}"><style>:root {{ color-scheme: {scheme}; }}</style>'


@pytest.mark.parametrize(
    "html",
    [
        '<meta name="color-scheme" content="light">',
        "<style>:root{color-scheme:only light}</style>",
        "<p>Ask with <code>@media (prefers-color-scheme: dark)</code> or color-scheme: light dark</p>",
        '<img alt="(prefers-color-scheme: dark)" src="a">',
        '<meta name="description" content="light dark">',
    ],
)
def test_what_a_reader_reads_and_what_is_for_one_scheme_alone_stays(html):
    assert forced(html, "dark") == html


@given(documents, schemes)
def test_settling_twice_is_settling_once(html, scheme):
    once = forced(html, scheme)

    assert forced(once, scheme) == once


@given(st.text().filter(lambda text: "<" not in text), schemes)
def test_text_stays(text, scheme):
    assert forced(text, scheme) == text


def test_a_link_to_a_part_that_is_gone_leads_to_the_last_there_is():
    found = nearest([shown("a", 2)], Place(serial="a", part=9, view="size"))

    assert found == Place(serial="a", part=2, view="size")


def test_a_link_to_what_never_was_leads_to_the_first_page():
    found = nearest([shown("a", 2), shown("b", 1)], Place(serial="zzz", part=0, view="nothing"))

    assert found == Place(serial="a", part=1, view="page")


def test_before_anything_was_built_there_is_no_place():
    assert nearest([], Place(serial="a")) is None


def test_another_part_is_shown_in_the_same_way():
    place = Place(serial="a", part=1, view="issue", pictures=False)

    assert place.at(2).href == "/a/2/issue?images=off"


def test_images_of_the_publication_come_from_the_preview():
    html = '<img src="https://r.example/a/images/x.png"> https://r.example/ <img src="https://other.example/y.png">'

    found = at_home(html, "https://r.example/")

    assert found == html.replace('"https://r.example/a', '"/_/site/a')
