"""What is said where there is nothing, or no more for now: in the visitor's language, and the same for everybody."""

import re
import shutil
from urllib.parse import urljoin

import pytest

from cnddigest.usecases.joining import OF_SEARCHES
from commands import FIRST, OnDisk
from served import Got, Server, serving

pytestmark = pytest.mark.slow

NOTHING = {"ja": "ページが見つかりません", "en": "Page not found"}
WAIT = {"ja": "少しお待ちください", "en": "One moment, please"}
LINK = re.compile(r'(?:href|src)="([^"#:]+)"')


@pytest.fixture(scope="module")
def disk(tmp_path_factory) -> OnDisk:
    """The first day is out, the second is not."""
    made = OnDisk.new(tmp_path_factory.mktemp("signs") / "publication")
    assert made.publish(FIRST).code == 0
    return made


@pytest.fixture(scope="module")
def server(disk):
    with serving(disk, "--now", FIRST) as found:
        yield found


def heading(found: Got) -> str:
    matched = re.search("<h1>(.*?)</h1>", found.body.decode())
    assert matched
    return matched[1]


@pytest.mark.parametrize(("accepted", "language"), [("en", "en"), ("ja", "ja"), ("fr, en;q=0.5", "en"), ("", "en")])
def test_where_nothing_is_a_page_says_so_in_the_readers_language(server, accepted, language):
    found = server.ask("/minato/nowhere", accept_language=accepted)

    assert (found.status, found.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert heading(found) == NOTHING[language]
    assert f'<html lang="{language}">' in found.body.decode()
    assert "accept-language" in found.headers["vary"]
    assert "frame-ancestors 'none'" in found.headers["content-security-policy"]
    assert found.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/nowhere", "/minato/parts/99.html", "/a/b/c/d/", "/minato//x", "/replay/x/y"])
def test_its_links_lead_on_from_every_depth(server, path):
    page = server.ask(path)

    statuses = {server.ask(urljoin(f"http://x{path}", link).removeprefix("http://x")).status for link in links(page)}

    assert page.status == 404
    assert statuses == {200}


def links(page: Got) -> set[str]:
    return {link for link in LINK.findall(page.body.decode()) if not link.startswith("#")}


def test_what_is_not_out_is_no_other_nothing_than_what_never_was(server):
    never, later = server.ask("/minato/parts/77.html"), server.ask("/minato/parts/2.html")

    assert (never.status, never.body) == (later.status, later.body)


@pytest.mark.parametrize(
    "path", ["/nowhere.xml", "/minato/feed-9.json", "/wp-login.php", "/.env", "/a/b/c/d/e/f/g/h/i/j/k"]
)
def test_who_asks_for_no_page_is_told_in_a_line(server, path):
    found = server.ask(path)

    assert (found.status, found.body) == (404, b"no such page\n")
    assert found.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_look_at_the_head_of_nothing_has_no_body(server):
    found, whole = server.ask("/nowhere", "HEAD"), server.ask("/nowhere")

    assert (found.status, found.body) == (404, b"")
    assert found.headers["content-length"] == str(len(whole.body))


def test_nothing_of_an_address_stands_in_the_answer(server):
    found = server.ask("/%3Cscript%3Ealert(1)%3C/script%3E?q=%22onload")

    assert found.status == 404
    assert b"alert" not in found.body


def test_nothing_is_said_as_well_before_the_first_publish(tmp_path):
    new = OnDisk.new(tmp_path / "publication")

    with serving(new) as server:
        found = server.ask("/", accept_language="en")

    assert (found.status, heading(found)) == (404, NOTHING["en"])
    assert not new.record.exists()


def test_a_network_that_searches_without_an_end_is_asked_to_wait_and_others_are_not(disk, tmp_path):
    copy = disk.copy(tmp_path / "copy")

    def search(server: Server, network: str, path: str = "/search?q=x") -> Got:
        return server.ask(path, x_forwarded_for=network, accept_language="en")

    with serving(copy, "--now", FIRST) as server:
        within = {search(server, "192.0.2.1").status for _ in range(OF_SEARCHES.burst)}
        page, document = search(server, "192.0.2.2"), search(server, "192.0.2.1", "/search.json?q=x")
        other = search(server, "198.51.100.1")

    assert within == {200}
    assert (page.status, heading(page), page.headers["retry-after"]) == (429, WAIT["en"], "60")
    assert (document.status, document.headers["content-type"]) == (429, "text/plain; charset=utf-8")
    assert other.status == 200


def test_a_search_while_the_record_is_away_is_answered_with_a_page(disk, tmp_path):
    copy = disk.copy(tmp_path / "copy")

    with serving(copy, "--now", FIRST) as server:
        shutil.move(copy.record, tmp_path / "elsewhere")
        found = server.ask("/search?q=x", accept_language="ja")

    assert (found.status, heading(found), found.headers["retry-after"]) == (503, WAIT["ja"], "60")


def test_a_sign_that_can_not_be_made_is_told_once_and_visitors_get_a_line(disk, tmp_path):
    copy = disk.copy(tmp_path / "copy")
    copy.template("visit_note.html.j2", b"{{ misspelt }}")

    with serving(copy, "--now", FIRST) as server:
        found = [server.ask(path, accept_language="en") for path in ("/no", "/no/", "/no/no/no")]
        server.stop()
        said = server.said()

    assert {(each.status, each.body) for each in found} == {(404, b"nothing to be seen\n")}
    assert said.count("sign.failed") == 1
    assert "visit_note.html.j2" in said
