"""Images as a page, a feed and an Issue show them."""

import pytest

from builders import a_masthead, a_part, a_release, a_session, some_templates
from cnddigest.recap.model import Prose
from cnddigest.recap.pictures import GALLERY
from cnddigest.rendering.content import part_entry
from cnddigest.rendering.issue import issue
from cnddigest.rendering.markup import Html
from cnddigest.rendering.page import part_page
from cnddigest.rendering.pictures import narrowed
from cnddigest.serial.model import Chapter, Release

PAGE, MAIL = "0123456789abcdef0123.webp", "0123456789abcdef0123-1200.png"
IMAGES = "https://recaps.example.org/minato/images/"


def a_release_with(html: str) -> Release:
    session = a_session(1, prose=Prose(paragraphs=("図です。",), html=f"<p>図です。</p>{html}"))
    return a_release(part=a_part(1, chapters=(Chapter(label="1日目", sessions=(session,)),)))


def a_picture(width: int = 1600, height: int = 800) -> str:
    return f'<p><img src="{GALLERY}{PAGE}/{MAIL}" alt="棒の図" width="{width}" height="{height}"></p>'


def test_a_page_shows_an_image_from_beside_it():
    page = part_page(some_templates(), a_masthead(), a_release_with(a_picture()), None)

    assert f' src="../images/{PAGE}" alt="棒の図" width="1600" height="800">' in page
    assert '<img loading="lazy" decoding="async" ' in page


def test_a_feed_shows_an_image_that_every_reader_knows_by_its_whole_address():
    entry = part_entry(some_templates(), a_masthead(), a_release_with(a_picture()), tag="tag:x,2026:minato")

    assert f'<img src="{IMAGES}{MAIL}" alt="棒の図" width="1600" height="800">' in entry.html


def test_an_issue_shows_an_image_no_wider_than_itself():
    made = issue(some_templates(), a_masthead(), a_release_with(a_picture()))

    assert f'<img src="{IMAGES}{MAIL}" alt="棒の図" width="600" height="300" style="max-width:100%' in made.html
    assert f"[棒の図]: {IMAGES}{MAIL}" in made.text


def test_an_image_in_the_gallery_is_nowhere_else():
    release = a_release_with(a_picture())

    texts = [
        part_page(some_templates(), a_masthead(), release, None),
        part_entry(some_templates(), a_masthead(), release, tag="t").html,
        issue(some_templates(), a_masthead(), release).html,
        issue(some_templates(), a_masthead(), release).text,
    ]

    assert not [text for text in texts if "picture.invalid" in text]


@pytest.mark.parametrize("name", ["../../x.png", "0123456789abcdef0123.png?x", 'x" onerror="alert(1)', "x/y/z"])
def test_only_names_that_we_give_are_hung(name):
    html = f'<img src="{GALLERY}{name}/{name}" alt="x">'

    page = part_page(some_templates(), a_masthead(), a_release_with(html), None)

    assert "../images/" not in page
    assert " onerror=" not in page


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ('<img src="a" alt="x > y" width="1200" height="300">', '<img src="a" alt="x > y" width="600" height="150">'),
        ('<img src="a" width="1200">', '<img src="a" width="600">'),
        ('<img src="a" width="99999" height="1">', '<img src="a" width="600" height="1">'),
        ('<img src="a" width="600" height="9000">', '<img src="a" width="600" height="9000">'),
        ('<img src="a" alt="">', '<img src="a" alt="">'),
    ],
)
def test_a_wide_image_becomes_narrower_in_its_proportions(tag, shown):
    assert narrowed(Html(tag)) == shown
