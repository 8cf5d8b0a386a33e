"""`cnddigest preview` as an author meets it: a save, a word that something changed, and the new text."""

import http.client
import json
import re
import signal
from time import monotonic

import pytest

from commands import LIMIT, RECAP, SLUG, OnDisk
from previewed import Events, page, previewing
from served import ADDRESS

pytestmark = pytest.mark.slow
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def disk(tmp_path):
    return OnDisk.new(tmp_path / "publication")


@pytest.fixture
def server(disk):
    with previewing(disk) as found:
        page(found, f"/{SLUG}/1/page", "港の会議")
        yield found


def test_a_save_is_told_and_shown(disk, server):
    events = Events(server)
    first = events.next()

    disk.recap.write_text(RECAP.replace("灯台を二十年", "灯台を三十年"), "utf-8")
    told = events.next()

    assert told != first
    assert "灯台を三十年" in page(server, f"/_/site/{SLUG}/parts/1.html", "灯台を三十年")
    assert "灯台を三十年" in server.ask(f"/_/mail/{SLUG}/1/dark.html").body.decode()
    events.close()


def test_an_editor_that_replaces_the_file_is_followed_too(disk, server):
    beside = disk.recap.with_name("x.tmp")
    beside.write_text(RECAP.replace("霧笛", "鐘"), "utf-8")

    beside.replace(disk.recap)

    assert page(server, f"/_/site/{SLUG}/parts/2.html", "鐘")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda disk: disk.recap.write_text("", "utf-8"), "recap is empty: recaps/minato.md"),
        (lambda disk: disk.configure('parts = "day"', 'parts = "dya"'), "line 12"),
        (lambda disk: disk.template("part.html.j2", b"\n{{ nobody }}"), "part.html.j2, line 2"),
        (lambda disk: disk.template("page.html.j2", b"{% if %}"), "page.html.j2, line 1"),
        (lambda disk: disk.recap.unlink(), "paths are relative to the folder of cnddigest.toml"),
        (lambda disk: disk.configuration.write_text("[publication\n", "utf-8"), "cnddigest.toml, line 1, column 13"),
        (lambda disk: disk.template("part.html.j2", b"\xff\xfe"), "template is not UTF-8: part.html.j2"),
    ],
    ids=["recap", "configuration", "template", "frame", "gone", "no-toml", "no-text"],
)
def test_a_mistake_is_shown_beside_the_last_state_until_it_is_mended(disk, server, break_it, said):
    whole = disk.recap.read_text("utf-8"), disk.configuration.read_text("utf-8")

    break_it(disk)
    broken = page(server, f"/{SLUG}/1/page", 'role="alert"')
    still = server.ask(f"/_/site/{SLUG}/parts/1.html").body.decode()
    disk.recap.write_text(whole[0].replace("灯台を二十年", "灯台を三十年"), "utf-8")
    disk.configuration.write_text(whole[1], "utf-8")
    for template in (disk.folder / "templates").glob("*"):
        template.unlink()

    assert said in broken
    assert "灯台を二十年" in still
    assert page(server, f"/_/site/{SLUG}/parts/1.html", "灯台を三十年")
    assert 'role="alert"' not in page(server, f"/{SLUG}/1/page", "港の会議")


def test_a_preview_that_begins_with_a_mistake_waits_for_it_to_be_mended(disk):
    disk.recap.write_text("", "utf-8")

    with previewing(disk) as server:
        broken = page(server, "/", "recap is empty")
        disk.recap.write_text(RECAP, "utf-8")

        assert "<b>error:</b>" in broken
        assert page(server, f"/{SLUG}/1/page", "港の会議")


def test_a_file_alone_is_shown(disk):
    disk.configuration.unlink()

    with previewing(disk, "recaps/minato.md") as server:
        assert page(server, "/recap/2/findings", "霧の日の連絡")


def test_every_view_of_every_part_answers(server):
    for part in (1, 2):
        for view in ("page", "issue", "text", "headers", "size", "feeds", "findings", "calendar"):
            found = server.ask(f"/{SLUG}/{part}/{view}")

            assert found.status == 200, view
            frames = re.findall(r'<iframe[^>]* src="([^"]+)"', found.body.decode())
            assert [server.ask(src).status for src in frames] == [200] * len(frames)


@pytest.mark.parametrize(
    "path",
    [
        f"/_/site/../{SLUG}", "/_/site/%2e%2e/cnddigest.toml", "/_/mail/x/1/dark.html", f"/_/mail/{SLUG}/99/dark.html",
        f"/_/mail/{SLUG}/1/green.html", f"/_/entry/{SLUG}/parts/99.html", "/_/entry/x/parts/0.html", "/_/nothing",
        f"/{SLUG}/x/page", f"/{SLUG}/1/nothing", f"/{SLUG}/99999999999999999999/page", "/x/1/page", "/%00/1/page",
        f"/{SLUG}/1/feeds?entry=999999&as=x", f"/{SLUG}/1/feeds?entry=%C2%B2", "/_/site/%ff", "//", "/_/",
    ],
)  # fmt: skip
def test_a_strange_address_is_no_fault_of_ours(server, path):
    assert server.ask(path).status in {200, 303, 404}


def test_nothing_a_recap_says_may_run(disk, server):
    disk.recap.write_text(
        RECAP.replace("灯台の守り方", f"灯台 {HOSTILE}").replace("灯台を", f"{HOSTILE}灯台を"), "utf-8"
    )
    page(server, f"/{SLUG}/1/findings", "alert(2)")

    shown = [
        f"/_/site/{SLUG}/parts/1.html", f"/_/mail/{SLUG}/1/light.html", f"/_/entry/{SLUG}/parts/1.html"
    ]  # fmt: skip
    views = [f"/{SLUG}/1/{view}" for view in ("page", "issue", "text", "headers", "feeds", "findings", "calendar")]

    for path in (*shown, *views):
        found = server.ask(path)
        policy = found.headers["content-security-policy"]
        assert "<script>alert" not in found.body.decode(), path
        assert "<img src=x" not in found.body.decode(), path
        assert policy.startswith("default-src 'none'"), path
        assert ("sandbox" in policy) == (path in shown), path
        assert "unsafe-inline" not in policy or path in shown, path


def test_images_are_off_where_they_shall_be(server):
    on, off = (server.ask(f"/_/mail/{SLUG}/1/light.html{query}") for query in ("", "?images=off"))

    assert "img-src 'none'" not in on.headers["content-security-policy"]
    assert "img-src 'none'" in off.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.example", "[::", ""])
def test_a_page_elsewhere_that_takes_our_address_gets_nothing(server, host):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=LIMIT)
    connection.putrequest("GET", f"/{SLUG}/1/page", skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()

    found = connection.getresponse()

    assert found.status in {400, 421}
    assert "港" not in found.read().decode()
    connection.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_browsers_listening(server, number):
    events = Events(server)
    events.next()
    begun = monotonic()

    code = server.stop(number)

    assert code == 0
    assert monotonic() - begun < 5
    assert events.next() == "over"
    events.close()


def test_nothing_is_written(disk, server):
    server.ask(f"/{SLUG}/1/issue")

    assert server.stop() == 0
    assert {path.name for path in disk.folder.iterdir()} == {"cnddigest.toml", "recaps"}


def test_another_machine_is_refused(disk):
    done = disk.run("preview", "--bind", "0.0.0.0:0")

    assert done.code == 2
    assert done.err == ("error: preview listens on this machine alone: 0.0.0.0:0\nhint: bind it to 127.0.0.1:0\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.md"], "recap not found: nowhere.md"),
        (["--serial", "minoto"], "no such serial: minoto"),
        (["recaps/minato.md", "--serial", SLUG], "a file and a Serial are named"),
        (["-c", "cnddigest.toml", "commands.py"], "no serial has this recap: commands.py"),
    ],
)
def test_a_wrong_call_is_told_at_once(disk, arguments, said):
    done = disk.run("preview", *arguments)

    assert done.code == 2
    assert said in done.err


def test_programs_are_told_the_address(disk):
    process = disk.start("preview", "--json")
    assert process.stderr
    assert process.stdout
    process.stderr.readline()

    process.send_signal(signal.SIGTERM)
    document = json.loads(process.communicate()[0])

    assert document["schema"] == "cnddigest/preview/1"
    assert ADDRESS.search(document["address"].encode())


@pytest.mark.parametrize(
    ("path", "back"),
    [(f"/{SLUG}/99/page", f"/{SLUG}/2/page"), (f"/{SLUG}/1/nothing", f"/{SLUG}/1/page"), (f"/{SLUG}/first", "/")],
)
def test_what_is_not_there_is_not_found_and_leads_back(server, path, back):
    found = server.ask(path)

    assert found.status == 404
    assert f'<a href="{back}">' in found.body.decode()


def test_the_front_leads_to_the_first_part(server):
    found = server.ask("/")

    assert (found.status, found.headers["location"]) == (303, f"/{SLUG}/1/page")
