"""A template is cut once; what comes out is what it would have been, piece by piece."""

import pytest

from cnddigest.errors import BadTemplate
from cnddigest.rendering.markup import TAGS, Html
from cnddigest.rendering.mould import SPECIMEN, WHOLE, Vocabulary, press_html, press_text
from cnddigest.rendering.slots import slot
from cnddigest.rendering.tags import TAG

WORDS = Vocabulary(
    places={
        WHOLE: frozenset({"title", "row"}),
        "row": frozenset({"name", "url", "text"}),
        "text": frozenset({"prose"}),
    },
    needed=frozenset({"row", "title"}),
)


def piece(name, inside):
    return slot(f"begin_{name}") + inside + slot(f"end_{name}")


def pressed(body, css=""):
    html = f"<html><head><title>t</title></head><body>{body}</body></html>"
    return press_html(html, css, name="own.html.j2", vocabulary=WORDS)


def body_of(html):
    return html.partition("<body>")[2].partition("</body>")[0]


ROW = piece("row", f'<p class="row"><a href="{slot("url")}">{slot("name")}</a></p>')
TEXT = piece("row", piece("text", f'<div class="prose">{slot("prose")}</div>'))


def test_a_piece_stands_as_often_as_there_is_something_for_it():
    mould = pressed(f"<h1>{slot('title')}</h1>{ROW}", ".row { margin: 0 }")

    html = mould.fill({"title": "T", "row": [{"name": "a", "url": "/a"}, {"name": "b", "url": "/b"}]})

    assert body_of(html) == (
        '<h1>T</h1><p class="row" style="margin:0"><a href="/a">a</a></p>'
        '<p class="row" style="margin:0"><a href="/b">b</a></p>'
    )


def test_a_piece_sees_the_values_around_it():
    mould = pressed(slot("title") + piece("row", f"<p>{slot('title')}</p>"))

    assert body_of(mould.fill({"title": "T", "row": [{}]})) == "T<p>T</p>"


def test_values_are_escaped():
    mould = pressed(f'<p title="{slot("title")}">{slot("title")}</p>{ROW}')

    assert body_of(mould.fill({"title": '<b>"&', "row": []})) == (
        '<p title="&lt;b&gt;&quot;&amp;">&lt;b&gt;&quot;&amp;</p>'
    )


def test_prose_wears_the_style_of_its_elements_and_no_attribute_is_taken_for_a_tag():
    mould = pressed(slot("title") + TEXT, '.prose p { font-family: "Yu Gothic" } .prose img { border: 0 } em { x: y }')
    prose = Html('<p title="<p>">a<br><em>b</em><img alt="<img>"></p>')

    html = mould.fill({"title": "", "row": [{"text": [{"prose": prose}]}]})

    assert body_of(html) == (
        """<div class="prose"><p title="<p>" style='font-family:"Yu Gothic"'>a<br><em style="x:y">b</em>"""
        """<img alt="<img>" style="border:0"></p></div>"""
    )


def test_the_specimen_has_every_element_that_prose_may_have():
    shown = {tag[2] for tag in TAG.finditer(SPECIMEN.replace("'", '"'))}

    # A text's headings begin below the Part's own; h1 never gets out of the cleaning.
    assert shown == TAGS - {"h1"}


@pytest.mark.parametrize("name", sorted(TAGS - {"h1"}))
def test_every_element_of_prose_learns_its_style(name):
    mould = pressed(slot("title") + TEXT, f".prose {name} {{ color: red }}")

    html = mould.fill({"title": "", "row": [{"text": [{"prose": Html(f"<{name}>")}]}]})

    assert f'<{name} style="color:red">' in html


def test_a_line_with_nothing_but_a_mark_leaves_no_line():
    text = f"{slot('title')}\n{slot('begin_row')}\n- {slot('name')}\n  {slot('end_row')}\nend\n"
    mould = press_text(text, name="own.txt.j2", vocabulary=WORDS)

    assert mould.fill({"title": "T", "row": [{"name": "<a>"}, {"name": "b"}]}) == "T\n- <a>\n- b\nend\n"
    assert mould.fill({"title": "T", "row": []}) == "T\nend\n"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (slot("title") + slot("begin_row"), "slot begin_row has no end"),
        (slot("title") + slot("end_row"), "slot end_row ends nothing"),
        (slot("title") + piece("row", slot("begin_text")) + slot("end_text"), "slot end_row ends nothing"),
        (slot("title") + slot("titel") + ROW, "slot titel has no meaning in issue"),
        (slot("name") + slot("title") + ROW, "slot name has no meaning in issue"),
        (slot("prose") + slot("title") + ROW, "slot prose has no meaning in issue"),
        (slot("title") + piece("nonsense", ""), "slot nonsense has no meaning in issue"),
        (piece("title", "") + ROW, "slot title is a place"),
        (slot("title") + slot("row"), "slot row is a piece"),
        (slot("title"), "an Issue needs slot row"),
        (ROW, "an Issue needs slot title"),
    ],
)
def test_a_template_that_cannot_be_cut_is_refused_in_one_sentence(body, why):
    with pytest.raises(BadTemplate) as caught:
        pressed(body)

    assert caught.value.message.startswith(f"template error: own.html.j2: {why}")


def test_a_wrong_name_is_answered_with_the_right_ones():
    with pytest.raises(BadTemplate) as caught:
        pressed(slot("titel"))

    assert caught.value.hint == "it knows row, title"
