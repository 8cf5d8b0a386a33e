"""Every address answers a method that it does not know in one way."""

import pytest
from starlette.routing import Route

from visitors import HARU, a_publication, visiting

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "QUERY")
FILES = ("/", "/minato/rss.xml", "/assets/mark.svg", "/nothing")
TOKEN = "a" * 40


@pytest.fixture(scope="module")
def visitors(tmp_path_factory):
    with visiting(
        a_publication(tmp_path_factory.mktemp("routes") / "publication", more="\n[web]\nhub = true\n")
    ) as found:
        found.enrol()
        yield found


def the_routes(visitors) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for route in visitors.site.routes:
        assert isinstance(route, Route)
        path = route.path.replace("{token:token}", TOKEN).replace("{name}", "rss.xml")
        known.setdefault(path, set()).update(route.methods or METHODS)
    return known | {file: {"GET", "HEAD"} for file in FILES}


def test_what_an_address_does_not_know_is_refused_with_what_it_knows_and_all_guards(visitors):
    routes = the_routes(visitors)
    odd = [(path, method) for path, known in routes.items() for method in METHODS if method not in known]

    answers = {each: visitors.ask(each[1], each[0]) for each in odd}

    assert len(routes) > 20
    for (path, method), answer in answers.items():
        assert answer.status_code == 405, (path, method)
        assert set(answer.headers["allow"].split(", ")) == routes[path], (path, method)
        assert answer.headers["cache-control"] == "no-store", (path, method)
        assert answer.headers["x-content-type-options"] == "nosniff", (path, method)
        assert "default-src 'none'" in answer.headers["content-security-policy"], (path, method)


def test_no_answer_can_be_run_or_framed_whatever_is_asked(visitors):
    routes = the_routes(visitors)

    answers = {(path, method): visitors.ask(method, path) for path in routes for method in ("GET", "POST")}

    for asked, answer in answers.items():
        assert answer.status_code < 500, asked
        assert answer.headers["x-content-type-options"] == "nosniff", asked


@pytest.mark.parametrize("page", ["confirm", "unsubscribe", "preferences"])
def test_a_token_with_the_end_of_a_line_behind_it_is_none(visitors, page):
    path = visitors.path(page, HARU)

    answers = [visitors.get(path), visitors.get(f"{path}%0a"), visitors.post(f"{path}%0A")]

    assert [answer.status_code for answer in answers] == [200, 404, 404]


@pytest.mark.parametrize("path", ["/subscribe", "/healthz", "/admin/", "/search"])
def test_an_address_with_the_end_of_a_line_behind_it_is_another(visitors, path):
    assert visitors.get(f"{path}%0a").status_code == 404
