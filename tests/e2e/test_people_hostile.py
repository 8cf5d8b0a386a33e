"""Whoever means harm at people's pages: floods, forgeries, markup, endless bodies, and noise on every route."""

import datetime as dt
import re
import socket
import string
import time
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnddigest.audience.replay import Replay
from cnddigest.audience.schedule import Schedule
from cnddigest.audience.tokens import Control
from cnddigest.web import forms, pages
from commands import OnDisk
from served import Server, serving
from visitors import HARU, Visitors, a_publication, visiting

pytestmark = pytest.mark.slow

XSS = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}"
RECAP = f"""\
# {XSS}

はじめに。

## 1日目

### 題 {XSS}

本文 {XSS}

## 2日目

### もう一つ

本文。
"""
ROUTES = (
    "subscribe",
    "replay",
    "confirm/{}",
    "unsubscribe/{}",
    "preferences/{}",
    "preferences/{}/data.json",
    "pace/{}",
    "replay/{}/rss.xml",
    "replay/{}/feed.json",
    "replay/{}/atom-3.xml",
    "replay/{}/{}",
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    disk = a_publication(tmp_path_factory.mktemp("hostile") / "publication", recap=RECAP)
    disk.configure('language = "en"', 'language = "en"\npublisher = { name = "<b>&\\"", email = "x@example.org" }')
    return disk


@pytest.fixture(scope="module")
def visitors(published: OnDisk) -> Iterator[Visitors]:
    with visiting(published) as found:
        found.enrol("o'&{{7*7}}=x@example.net", name=XSS)
        found.advance()
        yield found


def links(visitors: Visitors) -> dict[str, str]:
    """Return the tokens of somebody who is active, by what they are for."""
    number = next(iter(visitors.audience.listeners())).subscription.number
    tokens = visitors.tokens
    found = {page: tokens.make(page, number) for page in ("unsubscribe", "preferences", "replay")}
    found["confirm"] = tokens.make_confirm(number, visitors.now + dt.timedelta(days=1))
    for wish in ("next", "pause", "slower", "faster", "contents"):
        found[wish] = tokens.make_control(Control(wish=wish, subscription=number, lap=1, part=1))
    found["stranger"] = tokens.make("preferences", 10**6)
    found["schedule"] = tokens.make_schedule(
        Schedule(serial="minato", began_at=visitors.now, settings=Replay(every="day", at="08:00", timezone="UTC"))
    )
    return found


# Markup


def test_no_markup_of_a_recap_an_address_or_a_query_is_a_pages_own(visitors: Visitors) -> None:
    known = links(visitors)
    paths = ["/subscribe", "/subscribe?" + urlencode({"serial": XSS, "lang": XSS, "address": XSS})]
    paths += [f"/{page}/{known[page]}?done={quote(XSS)}" for page in ("confirm", "unsubscribe", "preferences")]
    paths += [f"/pace/{known['pause']}", f"/pace/{known['slower']}", f"/preferences/{'A' * 40}"]

    answers = [visitors.get(path) for path in paths]
    answers += [visitors.join(XSS), visitors.join(form={"every": XSS, "at": XSS, "timezone": XSS})]
    answers += [visitors.post("/replay", {"serial": XSS, "every": "day"}), visitors.join(f'"{XSS}"@example.net')]

    for answer in answers:
        markup = re.sub(r'="[^"]*"', "", answer.text)
        assert "<script" not in markup.lower()
        assert "onerror" not in re.sub(r">[^<]*<", "><", markup)
        assert "49" not in re.findall(r"\d+", markup) or "{{7*7}}" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_no_page_has_a_script_or_a_style_of_its_own(visitors: Visitors) -> None:
    known = links(visitors)
    answers = [visitors.get(f"/{page}/{known[page]}") for page in ("confirm", "unsubscribe", "preferences")]

    for answer in [*answers, visitors.get("/subscribe")]:
        assert answer.status_code == 200
        assert not re.search(r"<(script|style)|\sstyle=|\son[a-z]+=|javascript:", answer.text, re.IGNORECASE)


# Noise

words = st.one_of(
    st.sampled_from(["do", "erase?", "next", "jump", "restart", "own", "pace", "undo", "pause", "resume", "minato"]),
    st.sampled_from(
        ["", "0", "-1", "99999999999999999999", "１", "mon,thu", "12h", "original", "9999d", "08:00", "24:00"]
    ),
    st.sampled_from([HARU, "x@[127.0.0.1]", '"a b"@example.net', "日本@例え.jp", "a@b\r\nBcc: c@d", "Asia/Tokyo", XSS]),
    st.text(max_size=30),
)
names = st.sampled_from(
    [
        "do",
        "serial",
        "address",
        "run",
        "every",
        "at",
        "per",
        "timezone",
        "start",
        "language",
        "seen",
        "part",
        "sure",
        "undo",
    ]
)
fields = st.dictionaries(st.one_of(names, st.text(max_size=10)), words, max_size=8).filter(
    lambda said: said.get("do") != "erase"
)
queries = st.dictionaries(st.sampled_from(["lang", "serial", "done", "x"]), words, max_size=3)
headers = st.dictionaries(
    st.sampled_from(
        ["accept-language", "x-forwarded-for", "origin", "sec-fetch-site", "content-type", "if-none-match", "referer"]
    ),
    st.one_of(
        st.text(string.printable.strip(), max_size=60),
        st.sampled_from(["ja", "127.0.0.1", "::1", "null", "*", forms.FORM, "multipart/form-data", "text/plain"]),
    ),
    max_size=4,
)
methods = st.sampled_from(["GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "X-Y"])


@st.composite
def tokens(draw: st.DrawFn, known: dict[str, str]) -> str:
    """A token that is right, of another purpose, cut off, altered, or none."""
    token = draw(st.sampled_from(sorted(known.values())))
    how = draw(st.sampled_from(["whole", "whole", "cut", "altered", "longer", "noise"]))
    if how == "cut":
        return token[: draw(st.integers(0, len(token) - 1))]
    if how == "altered":
        at = draw(st.integers(0, len(token) - 1))
        return token[:at] + draw(st.sampled_from(string.ascii_letters + string.digits + "-_")) + token[at + 1 :]
    if how == "longer":
        return token + draw(st.text(string.ascii_letters, min_size=1, max_size=300))
    return token if how == "whole" else quote(draw(st.text(max_size=40)), safe="")


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), method=methods, route=st.sampled_from(ROUTES), query=queries, said=headers, form=fields)
def test_nothing_from_outside_is_a_fault_and_every_answer_is_guarded(  # noqa: PLR0917  what a request has
    visitors: Visitors,
    data: st.DataObject,
    method: str,
    route: str,
    query: dict[str, str],
    said: dict[str, str],
    form: dict[str, str],
) -> None:
    token = data.draw(tokens(links(visitors)))
    raw = data.draw(st.one_of(st.none(), st.binary(max_size=200)))
    path = f"/{route.replace('{}', token)}?{urlencode(query)}"
    visitors.now += dt.timedelta(seconds=30)
    body = urlencode(form).encode() if raw is None else raw
    if method in ("POST", "PUT", "PATCH") and "content-type" not in said:
        said = {**said, "content-type": forms.FORM}

    answer = visitors.ask(method, path, body=body, headers=said)

    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert {name: answer.headers[name] for name in pages.GUARDS} == pages.GUARDS


def test_a_path_leads_out_of_no_folder(visitors: Visitors) -> None:
    known = links(visitors)
    ways = [
        "..%2f..%2fcnddigest.toml",
        "../../cnddigest.toml",
        "%2e%2e/%2e%2e/secret",
        "..\\..\\secret",
        "%00",
        "/etc/passwd",
    ]

    answers = [
        visitors.get(f"/{page}/{way}")
        for page, way in product(("confirm", "preferences", f"replay/{known['replay']}", "pace"), ways)
    ]

    assert {answer.status_code for answer in answers} <= {400, 404}
    assert all("base_url" not in answer.text for answer in answers)


# Over a wire


def talk(host: str, port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send pieces with pauses between them, and return all that comes back."""
    with socket.create_connection((host, port), timeout=30) as wire:
        for piece in pieces:
            try:
                wire.sendall(piece)
            except OSError:
                break
            time.sleep(pause)
        found = b""
        try:
            while piece := wire.recv(65536):
                found += piece
        except OSError:
            pass
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    disk = a_publication(tmp_path_factory.mktemp("wire") / "publication")
    with serving(disk) as found:
        yield found


def head(length: object, path: str = "/subscribe") -> bytes:
    said = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {forms.FORM}\r\n"
    return f"{said}Content-Length: {length}\r\n\r\n".encode()


def test_a_long_body_is_refused_before_it_is_read(server: Server) -> None:
    began = time.monotonic()

    found = talk(server.host, server.port, head(10_000_000))

    assert found.startswith(b"HTTP/1.1 413")
    assert time.monotonic() - began < forms.PATIENCE / 2


def test_an_endless_body_is_refused(server: Server) -> None:
    begin = b"POST /subscribe HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"

    found = talk(server.host, server.port, begin, *[b"2000\r\n" + b"x" * 0x2000 + b"\r\n"] * 50)

    assert found.startswith(b"HTTP/1.1 413")


def test_a_slow_body_is_given_up_and_others_are_served_meanwhile(server: Server) -> None:
    with socket.create_connection((server.host, server.port), timeout=forms.PATIENCE + 15) as slow:
        slow.sendall(head(100) + b"address=")
        meanwhile = server.ask("/subscribe")
        answer = slow.recv(65536)

    assert meanwhile.status == 200
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_flood_is_held_off_in_words_and_readers_are_not(server: Server) -> None:
    def body(n: int) -> bytes:
        return urlencode({"serial": "minato", "address": f"reader{n}@example.net"}).encode()

    answers = [talk(server.host, server.port, head(len(body(n))), body(n)) for n in range(45)]

    assert sum(answer.startswith(b"HTTP/1.1 200") for answer in answers) == 40
    assert answers[-1].startswith(b"HTTP/1.1 429")
    assert b"retry-after: 60" in answers[-1]
    assert b"try again" in answers[-1]
    assert server.ask("/minato/rss.xml").status == 200


def test_no_header_comes_from_a_form(server: Server) -> None:
    body = urlencode(
        {"serial": "minato", "address": "a@example.net\r\nX-Evil: 1", "language": "ja\r\nX-Evil: 1"}
    ).encode()

    found = talk(
        server.host, server.port, head(len(body), "/subscribe?lang=ja%0d%0aX-Evil:1&done=%0d%0aX-Evil:1"), body
    )

    assert b"x-evil" not in found.partition(b"\r\n\r\n")[0].lower()
