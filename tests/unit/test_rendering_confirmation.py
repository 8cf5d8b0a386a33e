"""The message that asks first: short, in the reader's language, with one link and no list to leave."""

import pytest
from hypothesis import given
from lxml import html as parser

from builders import a_masthead, a_publication, some_templates, template_sources
from cnddigest.errors import BadTemplate
from cnddigest.rendering.confirmation import confirmation
from cnddigest.rendering.markup import width
from cnddigest.rendering.slots import SLOT, slot
from hostile import hostile


def asked(language="ja", *, days=30, own=None, **fields):
    return confirmation(some_templates(language, own=own), a_masthead(**fields), days=days)


def both(made):
    return made.text, "".join(map(str, parser.document_fromstring(made.html).itertext()))


def test_it_asks_in_the_subject():
    assert asked().subject == "購読の確認：港の会議 2026 まとめ"
    assert asked("en").subject == "Confirm your subscription: 港の会議 2026 まとめ"


@pytest.mark.parametrize(
    ("language", "heading"), [("ja", "購読の確認をお願いします"), ("en", "Please confirm your subscription")]
)
def test_its_heading_is_short_in_both_parts(language, heading):
    made = asked(language, title="長い題名" * 40)

    assert parser.document_fromstring(made.html).xpath("//h1/text()") == [heading]
    assert made.text.startswith(f"{heading}\n====")
    assert width(made.subject) <= 120


@pytest.mark.parametrize("language", ["ja", "en"])
def test_both_parts_say_the_same(language):
    text, page = both(asked(language))

    for line in filter(None, text.splitlines()):
        if not SLOT.search(line) and "https://" not in line and line.strip("="):
            assert line.removesuffix(":") in page


@pytest.mark.parametrize(("language", "end"), [("ja", "30日"), ("en", "after 30 days"), ("en", "after 1 day.")])
def test_it_says_when_the_request_ends(language, end):
    for body in both(asked(language, days=1 if "1" in end else 30)):
        assert end in body


def test_the_only_personal_thing_is_the_link():
    made = asked()

    assert SLOT.findall(made.text) == ["confirm"]
    assert SLOT.findall(made.html) == ["confirm"] * 3
    assert made.html.count(f'href="{slot("confirm")}"') == 2
    assert f"\n{slot('confirm')}\n" in made.text


def test_it_has_an_imprint_and_no_other_link_than_the_serial():
    made = asked()
    urls = parser.document_fromstring(made.html).xpath("//@href|//@src")

    assert urls == [slot("confirm"), slot("confirm"), "https://recaps.example.org/minato/"]
    for body in both(made):
        assert "港の編集部 · 東京都港区1-1 · desk@example.org" in body


def test_its_style_is_on_the_elements():
    made = asked()

    assert made.html.startswith("<!DOCTYPE html>\n<html")
    assert "max-width:640px" in made.html
    assert "mso-hide:all" in made.html


@given(hostile)
def test_a_title_stays_in_its_place(text):
    forged = f"{text}{slot('confirm')}"

    made = asked(title=forged, publication=a_publication(publisher_name=forged))

    assert SLOT.findall(made.text) == ["confirm"]
    assert SLOT.findall(made.html) == ["confirm"] * 3
    assert not SLOT.search(made.subject)
    assert not parser.document_fromstring(made.html).xpath("//script|//letter|//item")


def test_a_publication_may_write_its_own():
    own = {"confirmation.txt.j2": 'Hello!\n{{ slot("confirm") }}\n'}

    assert asked(own=own).text == f"Hello!\n{slot('confirm')}\n"


def test_an_error_in_it_is_told_with_its_place():
    with pytest.raises(BadTemplate, match=r"confirmation\.txt\.j2"):
        asked(own={"confirmation.txt.j2": "{{ nothing }}"})


def test_the_packaged_ones_are_there():
    assert {"confirmation.html.j2", "confirmation.txt.j2"} <= template_sources().keys()
