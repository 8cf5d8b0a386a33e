"""The publisher's pages as they and strangers meet them: who gets in, what is shown, and what a button does."""

import http.client
import json
import re
import sqlite3
from contextlib import closing
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from browser import LANGUAGES, SCHEMES, fits, violations
from cnddigest.usecases import admission
from commands import FIRST, LIMIT, OnDisk
from served import Got, Server, serving

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery"  # noqa: S105
PROXIED = {"x_forwarded_for": "192.0.2.7"}
FORM = "application/x-www-form-urlencoded"
TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')
NOW = "2026-11-25T04:00:00Z"


def a_publication(folder, *, admin: str = "write") -> OnDisk:
    """Part 1 is out; two people follow, one of whom could not be reached."""
    disk = OnDisk.new(folder)
    with disk.configuration.open("a", encoding="utf-8") as file:
        file.write(f'\n[web]\nadmin = "{admin}"\n')
    for address in ("haru@example.net", "natsu@example.net"):
        said = ["--confirmed", "--consent-source", "asked", "--now", FIRST]
        assert disk.run("subscribers", "add", address, "--serial", "minato", *said).code == 0
    assert disk.publish(FIRST).code == 0
    with closing(sqlite3.connect(disk.record)) as db:
        reply = "550 5.1.1 <natsu@example.net>: no such user"
        db.execute(
            "update delivery set status = 'bounced', reply = ? where address = 'natsu@example.net' and status = 'sent'",
            [reply],
        )
        db.commit()
    return disk


def set_password(disk: OnDisk, password: str = PASSWORD) -> None:
    (disk.folder / "admin-password").write_text(admission.hashed(password, b"s" * 16) + "\n")


@pytest.fixture
def disk(tmp_path) -> OnDisk:
    return a_publication(tmp_path / "publication")


@pytest.fixture
def server(disk):
    with serving(disk, "--now", NOW) as found:
        yield found


def post(server: Server, path: str, fields: dict[str, str], **headers: str) -> Got:
    body = urlencode(fields).encode()
    return server.ask(path, "POST", body, **({"content_type": FORM} | headers))


def host(server: Server) -> str:
    return f"127.0.0.1:{server.port}"


def get(server: Server, path: str = "/admin/", **headers: str) -> Got:
    return server.ask(path, "GET", None, **headers)


def named(server: Server, *names: str) -> int:
    """Ask for the pages by these names, and return the status."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=LIMIT)
    connection.putrequest("GET", "/admin/", skip_host=True)
    for name in names:
        connection.putheader("host", name)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def token(page: Got) -> str:
    found = TOKEN.search(page.body.decode())
    assert found, page
    return found[1]


def login(server: Server, password: str = PASSWORD, **headers: str) -> Got:
    return post(server, "/admin/login", {"password": password}, **(PROXIED | headers))


def cookie(answer: Got) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


def do(server: Server, name: str, **fields: str) -> Got:
    """Press a button, and the one that says yes."""
    said = {"do": name, "serial": "minato", "token": token(get(server, "/admin/person")), **fields}
    asked = post(server, "/admin/deed", said)
    assert asked.status == 200, asked
    return post(server, "/admin/deed", said | {"sure": "yes"})


# Who gets in


def test_on_this_machine_it_needs_no_password(server):
    found = get(server)

    assert found.status == 200
    assert "港の会議" in found.body.decode()
    assert found.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "sign",
    [
        {"x_forwarded_for": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"},
        {"via": "1.1 proxy"},
        {"x_real_ip": "127.0.0.1"},
        {"x_forwarded_host": "localhost"},
        {"x_forwarded_proto": "https"},
    ],
    ids=lambda sign: next(iter(sign)),
)
def test_whoever_comes_through_a_proxy_is_not_on_this_machine(server, sign):
    found = get(server, **sign)

    assert found.status == 403
    assert "港の会議" not in found.body.decode()


@pytest.mark.parametrize("name", ["evil.example", "recaps.example.org", "127.0.0.1.evil.example", "", "[::", "a b"])
def test_a_name_that_is_not_this_machines_leads_nobody_in(server, name):
    found = named(server, name)

    assert found in (400, 403)


def test_two_names_at_once_lead_nobody_in(server):
    found = named(server, "evil.example", host(server))

    assert found in (400, 403)


def test_a_proxy_that_says_nothing_but_speaks_the_old_version_is_seen(server):
    import socket

    with socket.create_connection((server.host, server.port), timeout=10) as line:
        line.sendall(f"GET /admin/ HTTP/1.0\r\nHost: {host(server)}\r\n\r\n".encode())

        assert line.recv(4096).split(b"\r\n")[0].endswith(b"403 Forbidden")


def test_elsewhere_a_password_leads_in_and_leaving_leads_out(disk, server):
    set_password(disk)
    before = get(server, **PROXIED)
    let_in = login(server)
    page = get(server, cookie=cookie(let_in), **PROXIED)
    left = post(server, "/admin/logout", {"token": token(page)}, cookie=cookie(let_in), **PROXIED)
    after = get(server, cookie=cookie(let_in), **PROXIED)

    assert (before.status, before.headers["location"]) == (303, "login")
    assert (let_in.status, let_in.headers["location"]) == (303, "./")
    assert page.status == 200
    assert left.status == 303
    assert "max-age=0" in left.headers["set-cookie"].lower()
    assert after.status == 303


def test_who_set_a_password_is_asked_for_it_on_this_machine_too(disk, server):
    set_password(disk)

    before, metrics = get(server), get(server, "/metrics")
    let_in = post(server, "/admin/login", {"password": PASSWORD})
    page = get(server, cookie=cookie(let_in))

    assert (before.status, before.headers["location"]) == (303, "login")
    assert metrics.status == 200
    assert "secure" not in let_in.headers["set-cookie"].lower()
    assert page.status == 200


def test_the_cookie_is_for_these_pages_alone_and_no_script(disk, server):
    set_password(disk)

    said = {each.strip().lower() for each in login(server).headers["set-cookie"].split(";")}

    assert {"httponly", "samesite=strict", "path=/admin", "secure"} <= said


def test_no_visit_is_taken_over_from_before_the_login(disk, server):
    set_password(disk)
    planted = "cnddigest_admin=" + "A" * 43

    first, second = login(server, cookie=planted), login(server, cookie=planted)

    assert len({planted, cookie(first), cookie(second)}) == 3
    assert get(server, cookie=planted, **PROXIED).status == 303


def test_the_record_holds_nothing_that_lets_somebody_in(disk, server):
    set_password(disk)
    shown = cookie(login(server)).partition("=")[2]

    with closing(sqlite3.connect(disk.record)) as db:
        names = [name for (name,) in db.execute("select name from admission")]

    assert names
    assert shown not in names
    assert all(get(server, cookie=f"cnddigest_admin={name}", **PROXIED).status == 303 for name in names)


def test_another_password_ends_the_visits_of_the_old_one(disk, server):
    set_password(disk)
    shown = cookie(login(server))

    set_password(disk, "another horse battery")

    assert get(server, cookie=shown, **PROXIED).status == 303


def test_who_guesses_is_stopped_and_others_are_not(disk, server):
    set_password(disk)

    tries = [login(server, f"guess {n}").status for n in range(7)]

    assert tries == [422] * 5 + [429] * 2
    assert login(server).status == 429
    assert login(server, x_forwarded_for="198.51.100.9").status == 303


# What is shown


def test_people_are_shown_masked_and_so_is_what_the_far_side_said(server):
    found = get(server, "/admin/part?serial=minato&part=1&status=bounced").body.decode()

    assert "n***@example.net" in found
    assert "550 5.1.1" in found
    assert "natsu" not in found


def test_a_person_is_found_by_their_very_address_and_by_no_part_of_it(server):
    said = {"token": token(get(server, "/admin/person"))}

    found = post(server, "/admin/person", said | {"address": "Haru@Example.net"})
    others = [post(server, "/admin/person", said | {"address": each}) for each in ("haru", "%@example.net", "x" * 9999)]

    assert "subscribed" in found.body.decode()
    assert [each.status for each in others] == [422, 200, 422]
    assert all("subscribed" not in each.body.decode() for each in others)


# What a button does


def test_a_part_comes_out_when_the_publisher_says_so(disk, server):
    answer = do(server, "release", part="2")
    done = get(server, "/admin/" + answer.headers["location"].removeprefix("./"))
    published = json.loads(disk.publish(NOW, "--json").out)

    assert answer.status == 303
    assert "Part 2 goes out now." in done.body.decode()
    assert [(each["part"], each["release_at"]) for each in published["released"]] == [(2, NOW)]


def test_a_hold_is_respected_by_publish_and_run_and_ends(disk, server):
    do(server, "hold")
    held = json.loads(disk.publish("2026-11-30T00:00:00Z", "--json").out)
    run = json.loads(disk.run("run", "--once", "--json", "--now", "2026-11-30T00:00:00Z").out)
    shown = get(server).body.decode()
    do(server, "unhold")
    freed = json.loads(disk.publish("2026-11-30T00:00:00Z", "--json").out)

    assert (held["released"], held["next"]) == ([], None)
    assert run["publish"]["released"] == []
    assert "On hold since" in shown
    assert [each["part"] for each in freed["released"]] == [2]


def test_what_is_out_and_held_can_go_on(disk, server):
    disk.publish(NOW, "--all")
    do(server, "hold")

    shown = get(server).body.decode()

    assert "stays on hold until you resume" in shown
    assert 'value="unhold"' in shown
    assert 'value="hold"' not in shown


def test_who_missed_it_gets_it_once_more(disk, server):
    do(server, "missed", part="1")

    found = json.loads(disk.run("deliveries", "--part", "1", "--json").out)["deliveries"]

    assert {each["address"]: each["status"] for each in found if each["kind"] == "issue"} == {
        "haru@example.net": "sent",
        "natsu@example.net": "queued",
    }


def test_a_person_can_be_left_alone_for_good(disk, server):
    do(server, "suppress", address="haru@example.net")

    found = json.loads(disk.run("subscribers", "show", "haru@example.net", "--json").out)

    assert found["suppressed"] == "manual"


def test_nothing_happens_before_somebody_says_yes(disk, server):
    said = {"do": "hold", "serial": "minato", "token": token(get(server, "/admin/person"))}

    asked = post(server, "/admin/deed", said)

    assert asked.status == 200
    assert b'name="sure" value="yes"' in asked.body
    assert "held_at" not in json.loads(disk.run("plan", "--json").out)["serials"][0]


def test_without_leave_the_pages_only_show(tmp_path):
    disk = a_publication(tmp_path / "read", admin="read")
    with serving(disk, "--now", NOW) as server:
        page = get(server)
        said = {"do": "hold", "serial": "minato", "sure": "yes", "token": token(get(server, "/admin/person"))}

        answer = post(server, "/admin/deed", said)

    assert b'action="deed"' not in page.body
    assert answer.status == 403
    assert "held_at" not in json.loads(disk.run("plan", "--json").out)["serials"][0]


# Forms of others


@pytest.mark.parametrize(
    "origin",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
    ids=str,
)
def test_a_form_of_another_site_does_nothing(disk, server, origin):
    said = {"do": "hold", "serial": "minato", "sure": "yes", "token": token(get(server, "/admin/person"))}

    assert post(server, "/admin/deed", said, **origin).status == 403
    assert "held_at" not in json.loads(disk.run("plan", "--json").out)["serials"][0]


@pytest.mark.parametrize("wrong", ["", "0" * 32, "é", None])
def test_a_form_without_the_token_of_its_visit_does_nothing(disk, server, wrong):
    said = {"do": "hold", "serial": "minato", "sure": "yes"} | ({} if wrong is None else {"token": wrong})

    assert post(server, "/admin/deed", said).status == 403
    assert "held_at" not in json.loads(disk.run("plan", "--json").out)["serials"][0]


def test_the_token_of_one_visit_is_none_of_another(disk, server):
    set_password(disk)
    shown = [cookie(login(server)) for _ in range(2)]
    tokens = [token(get(server, "/admin/person", cookie=each, **PROXIED)) for each in shown]
    said = {"do": "hold", "serial": "minato", "sure": "yes", "token": tokens[0]}

    answers = [post(server, "/admin/deed", said, cookie=each, **PROXIED).status for each in reversed(shown)]

    assert answers == [403, 303]


WORDS = st.text(max_size=40)
FIELDS = st.dictionaries(
    st.sampled_from(["do", "serial", "part", "address", "sure", "token", "password", "x"]),
    WORDS | st.sampled_from(["release", "hold", "missed", "minato", "1", "2", "-1", "9" * 30, "yes"]),
    max_size=7,
)
PATHS = st.sampled_from(
    [f"/admin/{each}" for each in ("", "part", "person", "bounces", "deed", "login", "logout", "x")]
)


@pytest.mark.parametrize("has_password", [False, True])
def test_no_route_fails_whatever_comes(disk, has_password):
    if has_password:
        set_password(disk)
    with serving(disk, "--now", NOW) as server:
        own = "" if has_password else token(get(server, "/admin/person"))

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(PATHS, FIELDS, FIELDS, st.booleans(), st.booleans())
        def ask(path, query, fields, posted, ours):
            where = f"{path}?{urlencode(query, errors='replace')}"
            said = fields | ({"token": own} if ours else {})
            body = urlencode(said, errors="replace").encode()
            found = server.ask(where, "POST", body=body, content_type=FORM) if posted else get(server, where)
            assert found.status < 500, (where, said, found)

        ask()


# In a browser


PAGES = (  # every page there is, with what makes it look otherwise
    "",
    "?done=hold&n=1",
    "part?serial=minato&part=1&status=in_doubt",
    "part?serial=minato&part=1&status=bounced",
    "part?serial=minato&part=1&status=deferred",
    "part?serial=minato&part=2",
    "part?serial=minato&part=9",
    "person",
    "bounces",
)


def trouble(disk: OnDisk) -> None:
    """Let there be everything that may go wrong, for everybody and at their own pace."""
    with closing(sqlite3.connect(disk.record)) as db:
        (main,) = db.execute("select id from issue where kind = 'issue'").fetchone()
        db.execute("insert into issue values (900, 'issue', 'minato', 'r9', 1, 1764000000000000)")
        reply = "451 4.7.1 come later, and not too soon: https://help.example.org/" + "x" * 80
        rows = [(main, 91, "deferred"), (main, 92, "in_doubt"), (main, 93, "suppressed"), (900, 9, "bounced")]
        for issue, person, status in rows:
            db.execute(
                "insert into delivery (issue, subscription, address, status, due_at, at, since, reply) "
                "values (?, ?, 'someone@a-rather-long-name.example.net', ?, 0, 1764000000000000, 0, ?)",
                (issue, person, status, reply),
            )
        db.execute("insert into bounce (key, kind, code, at, digest) values ('a@example.net', 'hard', '5.1.1', 1, 'x')")
        db.commit()


def test_a_part_says_who_got_it_with_everybody_and_who_at_their_own_pace(disk, server):
    trouble(disk)

    found = get(server, "/admin/part?serial=minato&part=1&status=bounced").body.decode()

    assert "Sent to 1 of 5 people." in found
    assert "Sent to 0 of 1 person." in found
    assert "<td>with everyone</td>" in found
    assert "<td>at their own pace</td>" in found


def test_what_waits_is_not_missed(disk, server):
    with closing(sqlite3.connect(disk.record)) as db:
        db.execute("delete from delivery where status <> 'sent'")
        db.execute("update delivery set status = 'queued'")
        db.commit()

    front, part = (get(server, f"/admin/{path}").body.decode() for path in ("", "part?serial=minato&part=1"))

    assert "<dt>waiting</dt><dd>1</dd>" in part
    assert 'value="missed"' not in part
    assert "to check" not in front


def test_what_comes_next_says_of_which_serial(server):
    found = get(server).body.decode()

    assert "港の会議 2026 まとめ" in found.split("Coming next")[1].split("</ol>")[0]


def test_what_is_in_doubt_is_told_first_in_the_readers_words(disk, server):
    trouble(disk)

    found = get(server, accept_language="ja").body.decode()

    assert "：届いたかどうか不明なメールが1通あります（最新は第1回）。" in found
    assert "minato：" not in found
    assert found.index("不明なメール") < found.index("これからの予定")
    assert "in doubt: minato" not in found


@pytest.fixture(params=[(language, scheme) for language in LANGUAGES for scheme in SCHEMES], ids="-".join)
def tab(request, browser):
    language, scheme = request.param
    context = browser.new_context(color_scheme=scheme, locale=language, bypass_csp=True)
    yield context.new_page()
    context.close()


def look(tab, where: str) -> None:
    """Look at a page on a phone, where it must fit, and on a desk."""
    for each in tab.query_selector_all("details"):
        each.evaluate("each => each.open = true")
    for width in (1280, 320):
        tab.set_viewport_size({"width": width, "height": 700})
        assert fits(tab), (where, width)
    assert violations(tab) == [], where


def test_a_browser_finds_nothing_wrong(disk, server, tab):
    trouble(disk)

    for path in PAGES:
        tab.goto(f"{server.address}admin/{path}")
        look(tab, path)
    for address in ("haru@example.net", "nobody@example.net", "wrong"):
        tab.goto(f"{server.address}admin/person")
        tab.fill("#address", address)
        with tab.expect_navigation():
            tab.press("#address", "Enter")
        look(tab, address)
    tab.goto(f"{server.address}admin/")
    with tab.expect_navigation():
        tab.click("button[value=hold]")
    look(tab, "sure")
    set_password(disk)
    tab.goto(f"{server.address}admin/login")
    look(tab, "login")
    tab.fill("#password", "wrong")
    with tab.expect_navigation():
        tab.press("#password", "Enter")
    look(tab, "wrong password")


def test_it_can_be_worked_by_keyboard_alone_without_script(disk, server, browser):
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{server.address}admin/")
    page.focus("button[value=hold]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/deed")
    page.focus("button[value=yes]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/?done=hold*")
    said = page.inner_text(".done")
    context.close()

    assert said == "On hold: nothing is released until you resume."
    assert refused == []
    assert "held_at" in json.loads(disk.run("plan", "--json").out)["serials"][0]
