"""Templates come from outside: they are escaped, fenced in, and blamed by line."""

import pytest
from hypothesis import given

from builders import NOON, some_templates
from cnddigest.errors import BadTemplate
from cnddigest.rendering.markup import Html
from cnddigest.rendering.slots import fill
from hostile import hostile


def rendered(source, *, name="own.html.j2", **values):
    return some_templates(own={name: source}).render(name, **values)


@given(hostile)
def test_what_a_template_prints_cannot_break_out(text):
    page = rendered('<p title="{{ text }}">{{ text }}</p>', text=text)

    assert page.count("<") == page.count(">") == 2
    assert page.count('"') == 2


@given(hostile)
def test_no_text_can_forge_a_slot(text):
    assert "X" not in fill(rendered("{{ text }}", text=text.replace("X", "")), dict.fromkeys(["items", "next"], "X"))


def test_a_slot_stays_open_until_it_is_filled():
    page = rendered('<b>{{ slot("next") }}</b>')

    assert fill(page, {"next": "<i>x</i>"}) == "<b><i>x</i></b>"


def test_a_slot_stays_open_in_text_too():
    assert fill(rendered('{{ slot("next") }}', name="own.txt.j2"), {"next": "x"}) == "x"


def test_html_goes_out_as_it_is_and_text_templates_escape_nothing():
    assert rendered("{{ a }}{{ b }}", a=Html("<b>"), b="<b>") == "<b>&lt;b&gt;"
    assert rendered("{{ a }}", name="own.txt.j2", a="<b> & \u202e") == "<b> & "


def test_filters_write_values_of_their_kind():
    source = "{{ at | moment }} {{ at | instant }} {{ 12345 | number }} {{ url | address is none }}"

    assert rendered(source, at=NOON, url="javascript:x") == "2026年11月25日(水) 12:00 2026-11-25T03:00:00Z 12,345 True"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a\n{% if %}", "template error: own.html.j2, line 2: Expected an expression, got 'end of statement block'"),
        ("a\nb\n{{ nobody }}", "template error: own.html.j2, line 3: 'nobody' is undefined"),
        ("{{ 1 + 'a' }}", "template error: own.html.j2, line 1: unsupported operand type(s) for +: 'int' and 'str'"),
        ('\n{% include "none.j2" %}', "template error: own.html.j2, line 2: no such template: none.j2"),
        ('{% extends "page.html.j2" %}{% block text %}\n{{ x.y }}{% endblock %}', "page.html.j2, line "),
        ('{{ _("Part {number}") }}', "template error: own.html.j2, line 1: 'number'"),
        ("{{ ''.__class__.__mro__ }}", "template error: own.html.j2, line 1: access to attribute '__class__'"),
        ("{{ (1).__class__.__base__.__subclasses__() }}", "template error: own.html.j2, line 1: access to attribute"),
        ("{% for n in range(10 ** 9) %}x{% endfor %}", "template error: own.html.j2, line 1: Range too big"),
        ("{{ [1].append(2) }}", "template error: own.html.j2, line 1"),
    ],
)
def test_a_bad_template_is_named_with_its_line(source, message):
    with pytest.raises(BadTemplate) as caught:
        rendered(source)

    assert message in caught.value.message
    assert "\n" not in caught.value.message


def test_the_blame_goes_to_the_template_that_was_included():
    own = {"own.html.j2": '{% include "inner.html.j2" %}', "inner.html.j2": "\n\n{{ nobody }}"}

    with pytest.raises(BadTemplate, match=r"template error: inner\.html\.j2, line 3: 'nobody' is undefined"):
        some_templates(own=own).render("own.html.j2")


@pytest.mark.parametrize("name", ["missing.html.j2", "../pyproject.toml", "/etc/passwd"])
def test_no_template_comes_from_the_disk(name):
    with pytest.raises(BadTemplate, match="no such template"):
        some_templates().render(name)

    with pytest.raises(BadTemplate, match="no such template"):
        some_templates().source(name)


def test_equal_pieces_are_rendered_once():
    templates = some_templates(own={"own.html.j2": "<b>{{ n }}</b>"})

    assert templates.render_once("own.html.j2", n=1) is templates.render_once("own.html.j2", n=1)
    assert templates.render_once("own.html.j2", n=2) == "<b>2</b>"
