"""`cnddigest serve` as readers meet it: files, personal feeds, and no way out of the folder."""

import datetime as dt
import gzip
import hashlib
import json
import signal
import socket
from email.utils import parsedate_to_datetime
from time import monotonic, sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gates
from commands import FIRST, OnDisk
from readers import Newsboat
from served import serving

pytestmark = pytest.mark.slow

ALL_OUT = "2026-11-25T04:00:00Z"
JOINED, PART_1, PART_2, OVER = (
    f"2026-12-0{day}T{at}:00Z" for day, at in ((1, "07:00"), (2, "08:00"), (3, "08:00"), (5, "00:00"))
)
FEEDS = {"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}
every_feed = pytest.mark.parametrize("name", FEEDS)


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> OnDisk:
    """All is public; one person follows on a timeline of their own from 2 December on."""
    disk = OnDisk.new(tmp_path_factory.mktemp("served") / "publication")
    assert disk.publish(FIRST).code == 0
    assert disk.publish(ALL_OUT, "--all").code == 0
    (disk.output / "large.bin").write_bytes(bytes(range(256)) * 20_000)
    (disk.output / ".hidden").write_text("nobody's")
    (disk.output / "out.txt").symlink_to(disk.configuration)
    (disk.output / "folder").mkdir()
    return disk


@pytest.fixture(scope="module")
def paths(publication) -> dict[str, str]:
    """Where the feeds of that timeline lie."""
    said = ["--start", "2026-12-02", "--every", "day", "--at", "08:00", "--timezone", "UTC"]
    done = publication.run("plan", "--replay", *said, "--json", "--now", JOINED)
    assert done.code == 0, done.err
    links = json.loads(done.out)["links"]
    names = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
    return {names[kind]: link.removeprefix("https://recaps.example.org") for kind, link in links.items()}


@pytest.fixture(scope="module")
def server(publication, paths):
    del paths  # minted before: the secret is there
    with serving(publication, "--now", OVER) as found:
        yield found


def test_a_file_is_served_as_it_is(publication, server):
    found = server.ask("/minato/rss.xml")

    data = (publication.output / "minato/rss.xml").read_bytes()
    assert (found.status, found.body) == (200, data)
    assert found.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert found.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    assert found.headers["cache-control"] == "public, max-age=3600"
    assert parsedate_to_datetime(found.headers["last-modified"]).timestamp() == int(
        (publication.output / "minato/rss.xml").stat().st_mtime
    )


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/minato/", "text/html; charset=utf-8"),
        ("/minato/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/minato/sessions/feed.json", "application/feed+json; charset=utf-8"),
        ("/minato/search.json", "application/json; charset=utf-8"),
        ("/minato/calendar.ics", "text/calendar; charset=utf-8"),
        ("/minato/issues/1.txt", "text/plain; charset=utf-8"),
        ("/assets/feed.css", "text/css; charset=utf-8"),
        ("/opml.xml", "text/x-opml; charset=utf-8"),
        ("/%6dinato/p%61rts/1.html", "text/html; charset=utf-8"),
        ("/minato/rss.xml?utm_source=x", "application/rss+xml; charset=utf-8"),
    ],
)
def test_every_kind_of_file_says_what_it_is(server, path, kind):
    found = server.ask(path)

    assert (found.status, found.headers["content-type"]) == (200, kind)


@pytest.mark.parametrize("path", ["/minato/rss.xml", "/large.bin"])
def test_whoever_has_it_gets_no_body(server, path):
    first = server.ask(path)

    known = [
        server.ask(path, if_none_match=first.headers["etag"]),
        server.ask(path, if_none_match=f'W/"x", W/{first.headers["etag"]}'),
        server.ask(path, if_none_match="*"),
        server.ask(path, if_modified_since=first.headers["last-modified"]),
        server.ask(path, if_modified_since="Fri, 31 Dec 2999 00:00:00 GMT"),
    ]
    others = [
        server.ask(path, if_none_match='"x"', if_modified_since=first.headers["last-modified"]),
        server.ask(path, if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT"),
        server.ask(path, if_modified_since="yesterday"),
        server.ask(f"{path}?x", if_modified_since="Mon, 01 Jan 99999999999999999999 00:00:00 GMT"),
    ]

    assert {(found.status, found.body) for found in known} == {(304, b"")}
    assert all(found.headers["etag"] == first.headers["etag"] for found in known)
    assert all("cache-control" in found.headers for found in known)
    assert {(found.status, found.body) for found in others} == {(200, first.body)}


def test_head_says_the_same_without_a_body(server):
    for path in ("/minato/", "/large.bin", "/nowhere"):
        whole, head = server.ask(path), server.ask(path, "HEAD")

        assert head.body == b""
        assert (head.status, head.headers | {"date": ""}) == (whole.status, whole.headers | {"date": ""})


def test_a_large_file_comes_whole(publication, server):
    found = server.ask("/large.bin")

    assert found.body == (publication.output / "large.bin").read_bytes()
    assert found.headers["content-length"] == str(len(found.body))


@pytest.mark.parametrize(
    "path",
    [
        "/../cnddigest.toml",
        "/%2e%2e/cnddigest.toml",
        "/minato/..%2f..%2fcnddigest.toml",
        "/minato/../../cnddigest.toml",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/..%5ccnddigest.toml",
        "/.hidden",
        "/out.txt",
        "/folder",
        "/folder/",
        "/minato/rss.xml/",
        "/minato//rss.xml",
        "/minato/%00",
        "/minato/\xff".encode("latin-1").decode("latin-1").replace("\xff", "%ff"),
        "/" + "a" * 5000,
        "/" + "a/" * 3000,
        "/replay/x/rss.xml",
        "/replay/AAAAAAABcgHr7PIp8EcAZefE6wv7z_P3/rss.xml",
        "/cnddigest.sqlite3",
    ],
)
def test_there_is_no_way_out_of_the_folder(server, path):
    found = server.ask(path)

    assert found.status == 404
    assert found.headers["x-content-type-options"] == "nosniff"
    assert len(found.body) < 100 or b"<h1>Page not found</h1>" in found.body


def test_a_folder_is_shown_below_its_own_address(server):
    found = server.ask("/minato")

    assert (found.status, found.headers["location"]) == (308, "./minato/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_reading_is_allowed(server, paths, method):
    for path in ("/minato/rss.xml", "/nowhere", paths["rss.xml"]):
        found = server.ask(path, method)

        assert (found.status, found.headers["allow"]) == (405, "GET, HEAD")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "..",
                    ".",
                    "/",
                    "minato",
                    "rss.xml",
                    "%2e",
                    "%2F",
                    "%00",
                    "%",
                    "%zz",
                    "replay",
                    "A" * 32,
                    "?",
                    ";",
                    "~",
                ]
            ),
            st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=8),
        ),
        max_size=8,
    ),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
)
def test_no_path_whatever_breaks_it(server, pieces, method):
    found = server.ask("/" + "".join(pieces), method)

    assert found.status in (200, 304, 308, 400, 404, 405)
    assert b"[publication]" not in found.body


@every_feed
def test_a_personal_feed_follows_the_clock(publication, paths, name):
    states = []
    for now in (JOINED, PART_1, PART_2, OVER):
        with serving(publication, "--now", now) as server:
            states.append(server.ask(paths[name]))

    assert {found.status for found in states} == {200}
    assert [[found.rpartition("/")[2] for found in gates.ids(each.body)] for each in states] == [
        ["begins"],
        ["part-1"],
        ["part-2", "part-1"],
        ["end", "part-2", "part-1"],
    ]
    assert len({each.headers["etag"] for each in states}) == 4
    assert states[0].headers["content-type"] == f"{FEEDS[name]}; charset=utf-8"
    if name != "feed.json":
        url = "https://recaps.example.org" + paths[name]
        for each in states:
            assert not gates.gate(each.body, each.body, parsedate("2027-01-01"), url)
            assert not list(gates.w3c(each.body))


def parsedate(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_a_personal_feed_is_good_until_its_next_moment(publication, paths):
    with serving(publication, "--now", "2026-12-02T07:50:00Z") as server:
        found = server.ask(paths["rss.xml"])

    assert found.headers["cache-control"] == "public, max-age=600"
    assert found.headers["x-robots-tag"] == "noindex"
    assert found.headers["referrer-policy"] == "no-referrer"


@every_feed
def test_whoever_has_a_personal_feed_gets_no_body(server, paths, name):
    first = server.ask(paths[name])

    again, head = server.ask(paths[name], if_none_match=first.headers["etag"]), server.ask(paths[name], "HEAD")

    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(first.body)))


@every_feed
def test_a_personal_feed_is_packed_and_shown_as_the_public_one_is(server, paths, name):
    plain = server.ask(paths[name])

    packed, shown = server.ask(paths[name], accept_encoding="gzip"), server.ask(paths[name], accept="text/html")
    again = server.ask(paths[name], accept_encoding="gzip", if_none_match=packed.headers["etag"])

    assert gzip.decompress(packed.body) == shown.body == plain.body
    assert (again.status, again.headers["vary"]) == (304, plain.headers["vary"])
    assert packed.headers["etag"] != plain.headers["etag"]
    assert (shown.headers["content-type"] == "application/xml; charset=utf-8") == (name != "feed.json")


def test_the_date_of_a_personal_feed_moves_with_it_and_is_never_ahead(publication, paths):
    dates, known = [], []
    for now in (JOINED, PART_1, PART_2, OVER):
        with serving(publication, "--now", now) as server:
            dates.append(server.ask(paths["rss.xml"]).headers["last-modified"])
            known.append(server.ask(paths["rss.xml"], if_modified_since=dates[-1]).status)

    moments = [parsedate_to_datetime(each) for each in dates]
    assert moments == sorted(set(moments))
    assert all(
        at <= dt.datetime.fromisoformat(now) for at, now in zip(moments, (JOINED, PART_1, PART_2, OVER), strict=True)
    )
    assert set(known) == {304}


def test_a_changed_address_names_nothing(server, paths):
    path = paths["rss.xml"]
    for place in (8, 12, 30, len(path) - 12):
        changed = path[:place] + ("A" if path[place] != "A" else "B") + path[place + 1 :]

        assert server.ask(changed).status == 404


def test_a_persons_own_feed_is_private_and_ends_with_their_subscription(publication, tmp_path):
    disk = publication.copy(tmp_path / "own")
    who = ["haru@example.net", "--serial", "minato"]
    added = disk.run(
        "subscribers", "add", *who, "--confirmed", "--consent-source", "desk", "--replay", "--now", ALL_OUT
    )
    assert added.code == 0, added.err
    path = f"/replay/{personal_token(disk)}/rss.xml"

    with serving(disk, "--now", "2026-11-25T05:00:00Z") as server:
        first = server.ask(path)
        disk.run("subscribers", "remove", who[0])
        then = server.ask(path)

    assert first.status == 200
    assert first.headers["cache-control"].startswith("private, max-age=")
    assert [found.rpartition("/")[2] for found in gates.ids(first.body)] == ["part-1"]
    assert then.status == 404
    assert then.headers["content-type"] == "text/plain; charset=utf-8"


def personal_token(disk: OnDisk) -> str:
    from cnddigest.audience.tokens import Tokens
    from cnddigest.config import load
    from cnddigest.config.secret import secrets

    settings = load(str(disk.configuration), {})
    return Tokens(secrets(settings.web)).make("replay", 1)


def test_reading_leaves_the_record_as_it_was(publication, paths, tmp_path):
    disk = publication.copy(tmp_path / "read")
    before = dump(disk)

    with serving(disk, "--now", OVER) as server:
        for path in paths.values():
            assert server.ask(path).status == 200
        server.stop()

    assert dump(disk) == before


def dump(disk: OnDisk) -> list[str]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(disk.record)) as db:
        return list(db.iterdump())


def test_what_is_published_meanwhile_is_there_at_once(tmp_path):
    disk = OnDisk.new(tmp_path / "publication")
    disk.publish(FIRST)
    minted = json.loads(disk.run("plan", "--replay", "--every", "1m", "--json", "--now", FIRST).out)
    path = minted["links"]["atom"].removeprefix("https://recaps.example.org")

    with serving(disk, "--now", OVER) as server:
        before = [server.ask(path).body, server.ask("/minato/rss.xml").body]
        disk.publish(ALL_OUT, "--all")
        after = [server.ask(path).body, server.ask("/minato/rss.xml").body]

    assert [[found.rpartition("/")[2] for found in gates.ids(each)] for each in before] == [["part-1"]] * 2
    assert [[found.rpartition("/")[2] for found in gates.ids(each)] for each in after] == [
        ["end", "part-2", "part-1"],
        ["part-2", "part-1"],
    ]


def test_before_the_first_publish_it_serves_all_the_same(tmp_path):
    disk = OnDisk.new(tmp_path / "publication")

    with serving(disk) as server:
        found = [server.ask(path).status for path in ("/", f"/replay/{'A' * 40}/rss.xml")]

    assert found == [404, 503]
    assert not disk.record.exists()


def test_a_server_publishes_meanwhile_unless_it_is_told_not_to(tmp_path):
    disk = OnDisk.new(tmp_path / "publication")

    with serving(disk, scheduler=True) as server:
        for _ in range(200):
            if (found := server.ask("/minato/rss.xml").status) == 200:
                break
            sleep(0.1)
        code = server.stop()

    assert (found, code) == (200, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well_though_a_connection_is_open(publication, number):
    with serving(publication) as server, socket.create_connection((server.host, server.port)) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        began = monotonic()
        code = server.stop(number)

    assert code == 0
    assert monotonic() - began < 10


def test_a_place_that_is_taken_is_told(publication):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = publication.run("serve", "--no-scheduler", "--bind", f"127.0.0.1:{taken.getsockname()[1]}")

    assert done.code == 1
    assert done.err.startswith("error: cannot listen, address already in use: 127.0.0.1:")


@pytest.mark.parametrize("bind", ["", "8000", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", ":80"])
def test_a_senseless_place_is_wrong_use(publication, bind):
    done = publication.run("serve", "--no-scheduler", "--bind", bind)

    assert (done.code, done.err.splitlines()[1:]) == (2, ["hint: write it like 127.0.0.1:8000"])


def test_newsboat_shows_a_timeline_as_it_comes(publication, paths, tmp_path, program):
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    newsboat = Newsboat(program, tmp_path, f"http://{place}{paths['rss.xml']}")
    unread = []

    for now in (JOINED, PART_1, PART_1, PART_2, OVER):
        with serving(publication, "--bind", place, "--now", now):
            unread.append(newsboat.unread())

    assert unread == [1, 2, 2, 3, 4]
    assert [row[0].rpartition("/")[2] for row in newsboat.rows()] == ["begins", "part-1", "part-2", "end"]
