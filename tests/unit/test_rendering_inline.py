"""Styles reach the elements, or are refused; nothing is lost silently, opened or fetched."""

import socket

import pytest

from cnddigest.errors import BadTemplate
from cnddigest.rendering.inline import LARGEST_KEPT, inline, split

DOCUMENT = '<!DOCTYPE html>\n<html><head><title>t</title></head><body><p class="a">x</p><p>y</p></body></html>'


def inlined(css):
    return inline(DOCUMENT, css)


def test_a_rule_stands_on_the_elements_it_selects_and_nowhere_else():
    html = inlined(".a { color: #ff0000; margin: 0 }")

    assert '<p class="a" style="color:#f00; margin:0">x</p><p>y</p>' in html


@pytest.mark.parametrize("doctype", ["<!DOCTYPE html>", "<!doctype html>", ""])
def test_the_document_stays_a_document(doctype):
    html = inline(DOCUMENT.replace("<!DOCTYPE html>", doctype), "")

    assert html.startswith("<!DOCTYPE html>\n<html>")
    assert html.count("DOCTYPE") == 1


def test_a_media_rule_stays_with_its_importance():
    html = inlined("@media (prefers-color-scheme: dark) { .a { color: #ffffff !important } }")

    assert "@media (prefers-color-scheme: dark){\n.a{color: #ffffff !important}\n}" in html
    assert 'class="a">' in html


def test_custom_properties_are_resolved_through_each_other_and_by_their_fallback():
    html = inlined(":root { --ink: #123456; --text: var(--ink) } .a { color: var(--text); margin: var(--gap, 4px) }")

    assert 'style="color:#123456; margin:4px"' in html
    assert "var(" not in html


def test_later_and_more_exact_rules_win_as_in_a_browser():
    html = inlined(".a { color: red } p { color: blue } .a { margin: 0 } p { margin: 1px }")

    assert 'class="a" style="color:red; margin:0"' in html


def test_names_of_fonts_keep_their_quotes():
    assert 'font-family:"Yu Gothic", sans-serif' in inlined('.a { font-family: "Yu Gothic", sans-serif }')


def test_comments_may_stand_anywhere():
    assert 'style="color:red"' in inlined("/* a { */ .a { /* b: c } */ color: red } /* .a { color: blue } */")


@pytest.mark.parametrize(
    ("css", "what"),
    [
        ("@media print { .a { color: red } }", "color: red"),
        ("[data-ogsc] .a { color: red }", "color: red"),
        ("u + .bg .a { color: red }", "color: red"),
        (".a:hover { color: red }", "color: red"),
        ("@supports (color: red) { .a { color: red } }", "@supports"),
        ("@font-face { font-family: X; src: local(X) }", "@font-face"),
        ('@import url("http://127.0.0.1:9/x.css");', "@import"),
        ("@import url(file:///etc/passwd);", "@import"),
        ("p:first-of-type { color: red }", "p:first-of-type"),
        ("p:not(.a) { color: red }", "p:not(.a)"),
        ('a[href^="https:"] { color: red }', 'a[href^="https:"]'),
        (":is(h1, .a) { color: red }", ":is(h1"),
        (".a { color: var(--none) }", "custom property without a value"),
        (":root { --x: 1px; } .a { margin: 0 } :root { --x: 2px }", "--x has two values"),
        (".a { color: #11223344 }", "#11223344"),
        (".a { color: #1234 }", "#1234"),
        (".a { color: rgb(0 0 0 / 50%) }", "rgb(0 0 0 / 50%)"),
        ("@media print { @media screen { .a { color: red !important } } }", "inside @media"),
        (".a { color: red; & b { color: blue } }", "b"),
        (".a { color: red !important }", "!important"),
        (".a { background: url(https://e.example/x.png) }", "url"),
        ('.a { background: url("file:///etc/passwd") }', "url"),
        ("@media print { .a { background: url(https://e.example/x.png) !important } }", "url"),
        (".a { color red }", "line 1"),
        ("} .a { color: red }", "line 1"),
        (".a + p { color: red }", ".a + p"),
        (".a ~ p { color: red }", ".a ~ p"),
        (".a > p { color: red }", ".a > p"),
        (".a+p { color: red }", ".a+p"),
        (".a~.b { color: red }", ".a~.b"),
        (".a>p { color: red }", ".a>p"),
        ("blockquote p { color: red }", "blockquote p"),
        (".prose ul li { color: red }", ".prose ul li"),
        (".prose * p { color: red }", ".prose * p"),
        (".a, .b ul li { color: red }", ".b ul li"),
    ],
)
def test_what_mail_would_lose_is_refused(css, what):
    with pytest.raises(BadTemplate) as caught:
        split(css)

    assert what in caught.value.message
    assert "issue.css" in caught.value.message


def test_an_open_end_is_closed_as_every_browser_does():
    assert 'style="color:red"' in inlined(".a { color: red")


def test_a_second_value_is_found_on_its_line():
    with pytest.raises(BadTemplate, match=r"issue\.css, line 3: --x has two values"):
        split(":root { --x: 1px; --y: 0 }\n.a { margin: var(--y) }\n.b { --x: 2px }")


def test_the_line_of_the_fault_is_named_also_behind_comments_and_properties():
    css = "/* one\ntwo */\n:root {\n  --x: 1px;\n}\n.a { color: red }\np:not(.a) { color: red }\n"

    with pytest.raises(BadTemplate, match=r"issue\.css, line 7: p:not\(\.a\)"):
        split(css)


def test_more_kept_style_than_mail_programs_read_is_refused():
    rule = "@media print { .a { color: red !important } }\n"

    with pytest.raises(BadTemplate, match=str(LARGEST_KEPT)):
        split(rule * (LARGEST_KEPT // 20))


@pytest.mark.parametrize(
    "evil",
    [
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        "<style>.a { color: red }</style>",
        "<script>1</script>",
        '<form action="/x"></form>',
        "<svg></svg>",
        '<base href="https://e.example/">',
        '<p onclick="x()">',
    ],
)
def test_a_document_with_anything_alive_in_it_is_refused(evil):
    with pytest.raises(BadTemplate, match="mail can't show a document that has"):
        inline(DOCUMENT.replace("<p>", f"{evil}<p>"), "")


def test_outlooks_comments_may_hold_styles():
    mso = "<!--[if mso]><style>td {font-family: Meiryo}</style><![endif]-->"

    assert mso in inline(DOCUMENT.replace("</head>", f"{mso}</head>"), "")


def test_the_door_that_premailer_leaves_open_is_shut_too():
    import cssutils

    inlined(".a { color: red }")

    assert cssutils.util._defaultFetcher("http://127.0.0.1:9/x.css") is None


def test_no_connection_and_no_file_is_opened(monkeypatch):
    inlined(".a { color: red }")  # imports are done

    def refuse(*_args, **_options):
        raise AssertionError("opened something")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("builtins.open", refuse)

    html = inline(DOCUMENT.replace("<p>", '<img src="http://127.0.0.1:9/x.png" alt=""><p>'), ".a { color: red }")

    assert 'style="color:red"' in html
