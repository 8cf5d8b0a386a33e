"""`GET /search` as a visitor meets it: what is out is found, and nothing that anybody types or writes breaks it."""

import json
import re
from html.parser import HTMLParser
from itertools import count
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands import FIRST, RECAP, OnDisk
from served import serving

pytestmark = pytest.mark.slow

VISITORS = (f"10.{n >> 8 & 255}.{n & 255}.1" for n in count())  # each from a network of their own
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
TALK = f"""
### 海の `{HOSTILE}` 守り方

`{HOSTILE}` という題の話でした。Kubernetesの上で動きます。
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The first day is out, the second is not."""
    before, heading, after = RECAP.partition("\n## 2日目")
    disk = OnDisk.new(tmp_path_factory.mktemp("search") / "publication", before + TALK + heading + after)
    assert disk.publish(FIRST).code == 0
    with serving(disk, "--now", FIRST) as found:
        yield found


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def ask(server, asked: str, **headers: str):
    return server.ask(f"/search?q={quote(asked)}", x_forwarded_for=next(VISITORS), **headers)


def sessions(server, asked: str) -> list[dict[str, object]]:
    got = server.ask(f"/search.json?q={quote(asked)}", x_forwarded_for=next(VISITORS))
    found: list[dict[str, object]] = json.loads(got.body)["sessions"]
    return found


def test_the_form_stands_alone_before_anything_was_asked(server):
    found = server.ask("/search", x_forwarded_for=next(VISITORS))

    page = found.body.decode()
    assert found.status == 200
    assert '<form class="search" action="search" method="get" role="search">' in page
    assert 'role="status"' not in page


def test_what_is_out_is_found_with_its_words_marked(server):
    found = ask(server, "灯台 二十年")

    page = found.body.decode()
    assert found.status == 200
    assert "1 session found" in page
    assert "<mark>灯台</mark>の守り方" in page
    assert "<mark>二十年</mark>" in page
    assert "No session contains all of this" not in page


def test_a_hit_leads_to_its_page(server):
    page = ask(server, "海図").body.decode()

    found = re.search(r'<h2><a href="(minato/sessions/[^"]+)"><mark>海図</mark>の読み方', page)
    assert found
    assert server.ask(f"/{found[1]}").status == 200


def test_what_is_not_out_is_nowhere(server):
    page = ask(server, "霧").body.decode()

    assert "No session contains all of this: 霧" in page
    assert sessions(server, "霧") == []
    assert sessions(server, "霧笛 OR 海図") == []


def test_nobody_smuggles_anything_in(server):
    for asked in (HOSTILE, "海", "kube", f'"{HOSTILE}', "' onfocus=alert(1) autofocus x='"):
        found = ask(server, asked)

        tags = Tags(found.body.decode()).seen
        assert found.status == 200
        assert not [tag for tag, _ in tags if tag in ("script", "style")]
        assert not [attrs for _, attrs in tags if any(name.startswith("on") or name == "style" for name in attrs)]
        assert [attrs["src"] for tag, attrs in tags if tag == "img"] == ["assets/mark.svg"]
        assert "default-src 'none'" in found.headers["content-security-policy"]
        assert "'unsafe-inline'" not in found.headers["content-security-policy"]


def test_too_much_is_told_and_not_looked_for(server):
    found = ask(server, "x" * 5000)

    assert found.status == 400
    assert 'role="alert"' in found.body.decode()
    assert len(found.body) < 5000
    assert server.ask(f"/search.json?q={'x' * 201}", x_forwarded_for=next(VISITORS)).status == 400


def test_a_visitor_is_spoken_to_in_their_language(server):
    assert '<html lang="ja">' in ask(server, "海図", accept_language="ja").body.decode()
    assert '<html lang="en">' in ask(server, "海図", accept_language="en").body.decode()


def test_search_engines_are_kept_out_and_caches_stay_short(server):
    headers = ask(server, "海図").headers

    assert headers["x-robots-tag"] == "noindex"
    assert headers["cache-control"] == "public, max-age=60"
    assert headers["vary"] == "accept-language"


def test_programs_get_the_same_as_json(server):
    found = server.ask(f"/search.json?q={quote('Kubernetes')}", x_forwarded_for=next(VISITORS))

    (hit,) = json.loads(found.body)["sessions"]
    assert found.headers["content-type"] == "application/json"
    assert hit["url"].startswith("https://recaps.example.org/minato/sessions/")
    assert {"text": "Kubernetes", "marked": True} in hit["excerpt"]
    assert HOSTILE in "".join(piece["text"] for piece in hit["title"])


def test_a_browser_can_add_it_to_its_searches(server):
    page, found = server.ask("/search", x_forwarded_for=next(VISITORS)).body.decode(), server.ask("/opensearch.xml")

    described = ET.fromstring(found.body)  # noqa: S314  it is our own
    spaces = {"os": "http://a9.com/-/spec/opensearch/1.1/"}
    url = described.find("os:Url[@type='text/html']", spaces)
    assert 'rel="search" type="application/opensearchdescription+xml" href="opensearch.xml"' in page
    assert found.headers["content-type"] == "application/opensearchdescription+xml"
    assert url is not None
    assert url.get("template") == "https://recaps.example.org/search?q={searchTerms}"


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("POST", 405), ("PUT", 405)])
def test_it_is_only_to_be_read(server, method, status):
    found = server.ask("/search?q=a", method, x_forwarded_for=next(VISITORS))

    assert (found.status, bool(found.body)) == (status, status != 200)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/search", "/search.json"]),
    query=st.one_of(
        st.text(max_size=60).map(lambda text: "q=" + quote(text.encode("utf-8", "surrogatepass"))),
        st.binary(max_size=40).map(lambda data: "q=" + quote(data)),
        st.lists(st.sampled_from(['"', "*", "NEAR(", "AND", "OR", "NOT", "^", ":", "{", "title", "-", "a", "海"])).map(
            lambda words: "q=" + quote(" ".join(words))
        ),
        st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=30),
    ),
    more=st.sampled_from(["", "&page=2", "&page=-1", "&page=99999999999", "&page=x", "&serial=minato", "&serial=%00"]),
)
def test_no_question_whatever_breaks_it(server, path, query, more):
    found = server.ask(f"{path}?{query}{more}", x_forwarded_for=next(VISITORS))

    assert found.status in (200, 400)
