"""`POST /bounces` as Providers meet it: believed with their signature, once for each event; strangers learn nothing."""

import datetime as dt
import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hooks
from cnddigest.audience.tokens import Tokens
from commands import FIRST, LIMIT, OnDisk
from hooks import BASIC, REQUESTS, SECRET, Told
from served import Got, Server, serving

pytestmark = pytest.mark.slow

PEOPLE = ("haru", "natsu", "aki", "fuyu")
SHARED = ("brevo", "mailjet", "postmark", "sparkpost", "rfc822")  # those that show a password
NOW = dt.datetime.fromisoformat("2026-11-25T03:10:00Z")
MAIL = """
[mail]
from = "Recaps <recaps@example.org>"
bounces = "bounces@example.org"
"""
REPORT = """\
From: MAILER-DAEMON@relay.example.org
To: {to}
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; x@example.net
Action: failed
Status: {status}

--b--
"""


def own_secret(name: str) -> bytes:
    """No two that show a password have the same one: else the first would read what another says."""
    (given,) = hooks.key(name).secrets
    return f"{SECRET.decode()} {name}".encode() if name in SHARED else given


def authorization(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {own_secret(name).decode()}"} if name in SHARED else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A publication whose Issue went to some people, and its server."""

    disk: OnDisk
    server: Server

    def post(self, name: str, told: Told) -> Got:
        request = REQUESTS[name](told)
        return self.send(request.body, **(dict(request.fields) | authorization(name)))

    def send(self, body: bytes, **fields: str) -> Got:
        return self.server.ask("/bounces", "POST", body, **fields)

    def show(self, who: str) -> Mapping[str, Any]:
        done = self.disk.run("subscribers", "show", f"{who}@example.net", "--json")
        assert done.code == 0, done.err
        found: Mapping[str, Any] = json.loads(done.out)
        return found

    def delivery(self, who: str) -> Mapping[str, Any]:
        done = self.disk.run("deliveries", "--json")
        found: list[Mapping[str, Any]] = json.loads(done.out)["deliveries"]
        return next(each for each in found if each["address"] == f"{who}@example.net")


def publication(folder) -> OnDisk:
    disk = OnDisk.new(folder)
    configuration = disk.configuration.read_text("utf-8") + MAIL
    for name in (*REQUESTS, "rfc822"):
        (disk.folder / f"{name}.key").write_bytes(own_secret(name))
        configuration += f'\n[[web.webhooks]]\nprovider = "{name}"\nsecret_file = "{name}.key"\n'
        configuration += f'topic = "{hooks.TOPIC}"\n' if name == "ses" else ""
    disk.configuration.write_text(configuration, "utf-8")
    people = "".join(f"{who}@example.net,2026-11-01T00:00:00Z,form\n" for who in PEOPLE)
    (disk.folder / "people.csv").write_text(f"address,consent_at,consent_source\n{people}")
    assert disk.run("subscribers", "import", "people.csv", "--now", FIRST).code == 0
    assert disk.publish(FIRST).code == 0
    return disk


@pytest.fixture
def house(tmp_path):
    disk = publication(tmp_path / "publication")
    with serving(disk, "--now", NOW.isoformat()) as server:
        yield House(disk=disk, server=server)


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    """One in which nothing is changed."""
    disk = publication(tmp_path_factory.mktemp("still") / "publication")
    with serving(disk, "--now", NOW.isoformat()) as server:
        yield House(disk=disk, server=server)


@pytest.mark.parametrize("name", REQUESTS)
def test_whoever_does_not_exist_is_never_mailed_again(house, name):
    told = Told(at=NOW, message_id=house.delivery("haru")["message_id"])

    answers = [house.post(name, told) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200], answers[0].body
    assert [json.loads(answer.body)["suppressed"] for answer in answers] == [1, 0]
    assert house.show("haru")["suppressed"] == "hard_bounce"
    assert house.show("haru")["subscriptions"][0]["status"] == "ended"
    assert "suppressed" not in house.show("natsu")
    traced = name in {"mailgun", "sendgrid", "ses", "brevo", "resend"}  # the others do not tell our Message-ID
    assert house.delivery("haru")["status"] == ("bounced" if traced else "sent")


def test_a_complaint_counts_at_once_and_a_full_mailbox_at_the_fifth_time(house):
    full = Told(kind="soft", code="5.2.2", words="552 5.2.2 full", address="natsu@example.net", at=NOW)

    complaint = house.post("postmark", Told(kind="complaint", at=NOW))
    soft = [house.post("mailgun", replace(full, event=f"e-{count}")) for count in (1, 2, 2, 2, 2, 2, 2)]
    before = house.show("natsu")
    more = [house.post("sendgrid", replace(full, event=f"e-{count}")) for count in (3, 4, 5)]

    assert {answer.status for answer in (complaint, *soft, *more)} == {200}
    assert house.show("haru")["suppressed"] == "complaint"
    assert "suppressed" not in before
    assert house.show("natsu")["suppressed"] == "soft_bounce"


def test_a_relay_pipes_what_came_back(house):
    tokens = Tokens((house.disk.folder / "secret").read_bytes().split())
    body = REPORT.format(to=f"bounces+{tokens.make_verp(1, 1)}@example.org", status="5.1.1").encode()

    answer = house.send(body, content_type="message/rfc822", **authorization("rfc822"))

    assert (answer.status, json.loads(answer.body)) == (200, {"read": 1, "suppressed": 1})
    assert house.show("haru")["suppressed"] == "hard_bounce"
    assert house.delivery("haru")["status"] == "bounced"


def test_an_address_alone_in_a_piped_message_touches_nobody(house):
    body = REPORT.format(to="bounces@example.org", status="5.1.1").replace("x@", "haru@").encode()

    answer = house.send(body, content_type="message/rfc822", **authorization("rfc822"))

    assert json.loads(answer.body) == {"read": 1, "suppressed": 0}
    assert "suppressed" not in house.show("haru")


def test_a_mistake_can_be_lifted_and_the_person_asked_again(house):
    house.post("sendgrid", Told(at=NOW))
    refused = house.disk.run("subscribers", "suppress", "haru@example.net", "--lift")
    lift = ("subscribers", "suppress", "haru@example.net", "--lift", "--reason", "a mistake")

    lifted = house.disk.run(*lift, "--json")
    again = house.disk.run("subscribers", "add", "haru@example.net", "--json")
    told_again = house.post("sendgrid", Told(at=NOW))
    nothing = house.disk.run(*lift)

    assert (refused.code, nothing.code) == (2, 2)
    assert json.loads(lifted.out)["was"] == "hard_bounce"
    assert json.loads(again.out)["subscriptions"][0]["status"] == "pending"
    assert json.loads(told_again.body) == {"read": 1, "suppressed": 0}
    assert house.show("haru")["lifted"][0]["reason"] == "a mistake"


def test_a_flood_of_a_thousand_events_is_recorded(house):
    told = [
        Told(kind="soft", code="4.2.2", words="", at=NOW, event=f"e-{count}", address=f"{who}@example.net")
        for count, who in zip(range(1000), PEOPLE * 250, strict=True)
    ]
    request = hooks.sendgrid(*told)

    began = monotonic()
    answer = house.send(request.body, **dict(request.fields))
    took = monotonic() - began

    assert json.loads(answer.body)["read"] == 1000
    assert {house.show(who)["suppressed"] for who in PEOPLE} == {"soft_bounce"}
    assert took < LIMIT
    assert house.server.ask("/minato/").status == 200


def test_while_the_record_is_away_they_are_told_to_come_again(house):
    aside = house.disk.record.with_suffix(".aside")
    house.disk.record.rename(aside)

    away = house.post("mailgun", Told(at=NOW))
    aside.rename(house.disk.record)
    back = house.post("mailgun", Told(at=NOW))

    assert (away.status, away.headers["retry-after"]) == (503, "60")
    assert (back.status, house.show("haru")["suppressed"]) == (200, "hard_bounce")


def test_amazon_tells_the_operator_where_to_confirm(house):
    url = "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    names = {"Message": "you", "MessageId": "m", "SubscribeURL": url, "Timestamp": "2026-11-25T03:10:00Z"}
    request = hooks.envelope(**names, Token="t", TopicArn=hooks.TOPIC, Type="SubscriptionConfirmation")  # noqa: S106

    answer = house.send(request.body, **dict(request.fields))

    assert answer.status == 200
    house.server.stop()
    assert f"webhook.unconfirmed provider=ses visit={url}".encode() in house.server.process.stderr.read()


# Strangers


@pytest.mark.parametrize("name", REQUESTS)
def test_a_stranger_learns_nothing(still, name):
    request = REQUESTS[name](Told(at=NOW))
    fields = dict(request.fields) | {"authorization": BASIC["authorization"]}
    fields |= {field: "AAAA" for field in fields if field.endswith("signature")}
    forged = request.body.replace(b'"signature": "', b'"signature": "0').replace(b'"Signature": "', b'"Signature": "A')

    answers = [still.send(forged, **fields), still.send(b"", **fields), still.send(b"{}")]

    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1


def test_ten_megabytes_are_too_many(still):
    answers = [still.send(b"x" * size) for size in (10_000_000, (1 << 20) + 1, 1 << 20)]

    assert [answer.status for answer in answers] == [413, 413, 401]


def test_a_body_of_no_told_length_is_cut_off_too(still):
    connection = http.client.HTTPConnection(still.server.host, still.server.port, timeout=LIMIT)
    try:
        connection.request("POST", "/bounces", iter([b"x" * (1 << 16)] * 400), encode_chunked=True)
        status = connection.getresponse().status
    except OSError:  # it was cut off before all was sent
        status = 413
    connection.close()

    assert status == 413
    assert still.send(b"{}").status == 401


def test_a_client_that_leaves_in_the_middle_disturbs_nobody(still):
    with socket.create_connection((still.server.host, still.server.port)) as opened:
        opened.sendall(b"POST /bounces HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")

    assert still.send(b"{}").status == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_it_is_only_to_be_posted_to(still, method):
    assert still.server.ask("/bounces", method).status in {404, 405}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(SHARED),
    kind=st.sampled_from(["application/json", "message/rfc822", "multipart/report", "text/plain", ""]),
    body=st.one_of(
        st.binary(max_size=400),
        st.recursive(
            st.one_of(st.none(), st.integers(), st.text(max_size=8), st.just("nobody@example.net"), st.just("\ud800")),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(["event", "email", "msys", "Email", "time"]), inner, max_size=4),
            ),
            max_leaves=12,
        ).map(lambda value: json.dumps(value).encode()),
    ),
)
def test_whatever_is_posted_is_never_our_fault(still, name, kind, body):
    with_secret = still.send(body, content_type=kind, **authorization(name))
    without = still.send(body, content_type=kind)

    assert with_secret.status in {200, 401}
    assert without.status == 401


def test_a_secret_that_is_missing_is_told_before_anything_is_served(tmp_path):
    disk = publication(tmp_path / "publication")
    (disk.folder / "mailgun.key").unlink()

    done = disk.run("serve", "--no-scheduler", "--bind", "127.0.0.1:0")

    assert done.code == 2
    assert "secret_file of [[web.webhooks]] mailgun" in done.err
