"""The documented configurations of nginx, run by nginx itself: the folder alone, and in front of `serve`."""

import gzip
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commands import FIRST, SECOND, OnDisk
from conftest import ROOT
from served import Server, serving

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs/how-to/host-the-folder.md").read_text("utf-8")
KINDS = {
    "/": "text/html",
    "/minato/": "text/html",
    "/minato/rss.xml": "application/rss+xml",
    "/minato/sessions/atom.xml": "application/atom+xml",
    "/minato/feed.json": "application/feed+json",
    "/minato/calendar.ics": "text/calendar",
    "/minato/search.json": "application/json",
    "/minato/issues/1.txt": "text/plain",
    "/assets/style.css": "text/css",
    "/opml.xml": "text/x-opml",
}
every_way = pytest.mark.parametrize("front", ["static", "proxy"], indirect=True)


def documented(which: str) -> str:
    found = re.search(rf"<!-- {which} -->\n```nginx\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


@contextmanager
def nginx(program, folder: Path, configuration: str) -> Iterator[Server]:
    """Run nginx with one server of a page, listening on a free port of loopback."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    places = "".join(
        f"{each}_temp_path {folder}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{ }}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{places}"
        f"{configuration.replace('listen 80;', f'listen 127.0.0.1:{port};')}}}\n"
    )
    process = subprocess.Popen(
        [program("nginx"), "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Server(process, "127.0.0.1", port)
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> OnDisk:
    disk = OnDisk.new(tmp_path_factory.mktemp("nginx") / "publication")
    assert disk.publish(FIRST, "--all").code == 0
    (disk.output / ".hidden").write_text("nobody's")
    return disk


@pytest.fixture(scope="module")
def front(request, publication, tmp_path_factory, program):
    folder = tmp_path_factory.mktemp("front") / "nginx"
    if request.param == "static":
        configuration = documented("static").replace("/srv/recaps/feeds", str(publication.output))
        with nginx(program, folder, configuration) as found:
            yield found
        return
    with serving(publication, "--now", SECOND) as behind:
        configuration = documented("proxy").replace("127.0.0.1:8000", f"127.0.0.1:{behind.port}")
        with nginx(program, folder, configuration) as found:
            yield found


@every_way
def test_every_kind_of_file_says_what_it_is(front):
    found = {path: front.ask(path) for path in KINDS}

    assert {path: answer.status for path, answer in found.items()} == dict.fromkeys(KINDS, 200)
    assert {path: answer.headers["content-type"] for path, answer in found.items()} == {
        path: f"{kind}; charset=utf-8" for path, kind in KINDS.items()
    }
    assert all(answer.headers["x-content-type-options"] == "nosniff" for answer in found.values())
    assert all("max-age" in answer.headers["cache-control"] for answer in found.values())


@every_way
def test_whoever_has_a_feed_gets_no_body(front):
    first = front.ask("/minato/rss.xml", accept_encoding="gzip")

    again = front.ask("/minato/rss.xml", accept_encoding="gzip", if_none_match=first.headers["etag"])
    dated = front.ask("/minato/rss.xml", if_modified_since=first.headers["last-modified"])

    assert (again.status, again.body) == (304, b"")
    assert (dated.status, dated.body) == (304, b"")


@every_way
def test_a_feed_is_packed(publication, front):
    found = front.ask("/minato/rss.xml", accept_encoding="gzip")

    assert found.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in found.headers["vary"].lower()
    assert gzip.decompress(found.body) == (publication.output / "minato/rss.xml").read_bytes()


@every_way
@pytest.mark.parametrize(
    "path", ["/../cnddigest.toml", "/%2e%2e/cnddigest.toml", "/minato/..%2f..%2fcnddigest.toml", "/.hidden", "/nowhere"]
)
def test_there_is_no_way_out_of_the_folder(front, path):
    found = front.ask(path)

    assert found.status in (400, 404)
    assert b"[publication]" not in found.body
    assert b"nobody's" not in found.body


@pytest.mark.parametrize("front", ["proxy"], indirect=True)
def test_behind_nginx_nobody_is_on_this_machine(front):
    found = front.ask("/metrics")

    assert found.status == 401
