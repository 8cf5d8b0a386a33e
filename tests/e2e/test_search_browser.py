"""Search in a real browser over a host that has nothing but files: found as it is typed, told aloud, safe."""

import functools
import http.server
import json
import threading

import pytest

from browser import fits, violations
from builders import a_masthead, some_templates, template_sources
from cnddigest.rendering import page
from cnddigest.rendering.slots import fill

pytestmark = pytest.mark.slow

SESSIONS = [
    {
        "title": "コンテナの<b>再放送</b>",
        "text": "Ｋｕｂｅｒｎｅｔｅｓを十年続けた話。ｶﾞｰﾄﾞﾚｰﾙも。",
        "speakers": ["山田"],
    },
    {"title": "別の話", "text": f"{'前置き。' * 40}ここでコンテナが出てくる。{'後書き。' * 40}", "speakers": []},
    {"title": "Lighthouse keeping", "text": "A quiet talk.", "speakers": ["Ada"]},
]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)


class Host(http.server.SimpleHTTPRequestHandler):
    """A host of files that forbids whatever is inline."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    templates, masthead = some_templates("ja"), a_masthead()
    slots = dict.fromkeys(("rows", "progress", "older", "coming"), "")
    records = [
        {"id": f"t{number}", "url": f"sessions/t{number}.html", "part": 1, "day": "1日目", **session}
        for number, session in enumerate(SESSIONS)
    ]
    files = {name: text for name, text in template_sources().items() if name.startswith("assets/")}
    files["minato/index.html"] = fill(page.archive_page(templates, masthead), slots)
    files["minato/search.json"] = json.dumps({"files": ["search/1.json", "search/2.json"]})
    files["minato/search/1.json"] = json.dumps({"sessions": records[:2]})
    files["minato/search/2.json"] = json.dumps({"sessions": records[2:]})
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/minato/", folder
        server.shutdown()


@pytest.fixture
def tab(browser, address):
    context = browser.new_context(viewport={"width": 320, "height": 800})
    context.set_default_timeout(10_000)
    tab = context.new_page()
    tab.goto(address[0])
    yield tab
    context.close()


def found(tab, query, said):
    """Type a query; the titles shown, once this was said."""
    tab.get_by_role("searchbox").fill(query)
    tab.get_by_role("status").get_by_text(said, exact=True).wait_for()
    return tab.locator(".search-found a").all_text_contents()


def test_what_is_typed_is_found_titles_first_and_told_aloud(tab):
    assert found(tab, "コンテナ", "見つかったセッション：2件") == ["コンテナの<b>再放送</b>", "別の話"]

    assert tab.locator(".search-found mark").all_text_contents() == ["コンテナ", "コンテナ"]
    assert tab.locator(".search-found b").count() == 0
    assert tab.locator(".search-found a").first.get_attribute("href") == "sessions/t0.html"
    assert fits(tab)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("kubernetes", "Ｋｕｂｅｒｎｅｔｅｓ"),
        ("がーどれーる", "ｶﾞｰﾄﾞﾚｰﾙ"),
        ("ＱＵＩＥＴ talk", "quiet"),
        ("こんてな 再放送", "コンテナ"),
    ],
)
def test_widths_cases_and_kana_are_one(tab, query, marked):
    assert len(found(tab, query, "見つかったセッション：1件")) == 1

    assert marked in tab.locator(".search-found mark").all_text_contents()


def test_nothing_found_is_said_and_an_empty_box_says_nothing(tab):
    from playwright.sync_api import expect

    assert found(tab, "どこにもない", "見つかりませんでした") == []

    tab.get_by_role("searchbox").fill("")
    expect(tab.get_by_role("status")).to_have_text("")


def test_the_keyboard_is_enough_and_the_page_stays(tab, address):
    tab.get_by_role("searchbox").focus()
    tab.keyboard.type("lighthouse")
    tab.keyboard.press("Enter")

    tab.locator(".search-found a").wait_for()
    assert tab.url == address[0]


def test_an_index_that_is_gone_is_told(tab):
    tab.route("**/search.json", lambda route: route.abort())

    assert found(tab, "コンテナ", "検索データを読み込めませんでした。しばらくしてからお試しください。") == []


def test_where_a_server_answers_it_is_asked(tab, address):
    tab.route("**/search", lambda route: route.fulfill(status=200, body=""))
    tab.route("**/search?*", lambda route: route.fulfill(status=200, body="answered"))
    tab.get_by_role("searchbox").fill("コンテナ")

    tab.keyboard.press("Enter")

    tab.wait_for_url("**/search?q=*")
    assert "serial=minato" in tab.url
    assert address[0] not in tab.url


def test_without_a_script_and_from_a_disk_there_is_no_box(browser, address):
    silent = browser.new_context(java_script_enabled=False)
    tab = silent.new_page()
    tab.goto(address[0])
    assert not tab.locator(".search").is_visible()
    silent.close()
    tab = browser.new_page()

    tab.goto((address[1] / "minato/index.html").as_uri())

    assert not tab.locator(".search").is_visible()
    tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_box_and_what_it_finds_break_no_rule_of_accessibility(browser, address, scheme):
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    tab = context.new_page()
    tab.goto(address[0])
    found(tab, "コンテナ", "見つかったセッション：2件")

    assert violations(tab) == []
    context.close()
