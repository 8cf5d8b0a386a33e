"""The newsletter as its people meet it: taken in, confirmed, mailed through a real server, and let go."""

import email
import email.policy
import json
import os
import re
import shlex
import socket
import subprocess
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from pathlib import Path
from time import monotonic

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from commands import FIRST, PROGRAM, SECOND, OnDisk, Outcome
from conftest import ROOT

pytestmark = pytest.mark.slow

HARU, NATSU, AKI = "haru@example.net", "natsu@example.net", "a..ki.@docomo.ne.jp"
MAIL = """
[mail]
from = "港の再放送 <recaps@example.org>"
bounces = "bounces@example.org"
"""
RELAY = """
transport = "smtp"
[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = 2
"""


class Mailroom:
    """A server that keeps what it takes, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, bytes]] = []
        self.says: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802  aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        said = self.says.get(address, "250 2.1.5 ok")
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        content = envelope.original_content or b""
        self.taken += [(envelope.mail_from or "", address, content) for address in envelope.rcpt_tos]
        return "250 2.0.0 taken"

    def message(self, address: str) -> Message:
        (found,) = [content for _, recipient, content in self.taken if recipient == address]
        return email.message_from_bytes(found)


@pytest.fixture
def mailroom() -> Iterator[tuple[Mailroom, int]]:
    room = Mailroom()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(room, hostname="127.0.0.1", port=port)
    controller.start()
    yield room, port
    controller.stop()


@pytest.fixture
def publication(tmp_path: Path) -> OnDisk:
    made = OnDisk.new(tmp_path / "publication")
    made.configuration.write_text(made.configuration.read_text("utf-8") + MAIL, "utf-8")
    return made


def relayed(publication: OnDisk, port: int) -> OnDisk:
    publication.configure("[mail]\n", f"[mail]\n{RELAY.format(port=port).split('[mail.smtp]')[0]}")
    text = publication.configuration.read_text("utf-8")
    relay = f"[mail.smtp]{RELAY.format(port=port).split('[mail.smtp]')[1]}"
    publication.configuration.write_text(text + relay, "utf-8")
    return publication


def add(publication: OnDisk, address: str, *more: str, confirmed: bool = True) -> Outcome:
    consent = ["--confirmed", "--consent-source", "paper form"] if confirmed else []
    done = publication.run("subscribers", "add", address, "--now", FIRST, "--json", *consent, *more)
    assert done.code == 0, done.err
    return done


def account(publication: OnDisk, *more: str) -> list[dict[str, object]]:
    done = publication.run("deliveries", "--json", "--now", SECOND, *more)
    assert done.code == 0, done.err
    found: list[dict[str, object]] = json.loads(done.out)["deliveries"]
    return found


def bodies(message: Message) -> list[str]:
    """Return the text and the HTML."""
    found = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return [part.decode("utf-8") for part in found if isinstance(part, bytes)]


# Into a folder


def test_publishing_writes_a_message_for_each_subscriber_into_the_outbox(publication: OnDisk) -> None:
    for address in (HARU, NATSU, AKI):
        add(publication, address, "--name", "港 花子")

    done = publication.publish(FIRST, "--json")

    messages = [email.message_from_bytes(path.read_bytes()) for path in (publication.folder / "outbox").glob("*.eml")]
    report = json.loads(done.out)
    assert done.code == 0
    assert report["delivery"]["sent"] == report["released"][0]["deliveries"] == len(messages) == 3
    assert {str(make_header(decode_header(message["Subject"]))) for message in messages} == {
        json.loads(publication.run("plan", "--json", "--now", FIRST).out)["serials"][0]["parts"][0]["title"]
    }
    assert all("灯台を二十年守った人の話でした" in part for message in messages for part in bodies(message))
    assert not any(message.defects for message in messages)


def test_publishing_twice_mails_once(publication: OnDisk) -> None:
    add(publication, HARU)
    publication.publish(FIRST)
    before = {path: path.stat().st_mtime_ns for path in (publication.folder / "outbox").iterdir()}

    done = publication.publish(FIRST, "--json")

    assert json.loads(done.out)["delivery"] == dict.fromkeys(
        ("sent", "deferred", "failed", "suppressed", "in_doubt", "queued"), 0
    )
    assert {path: path.stat().st_mtime_ns for path in (publication.folder / "outbox").iterdir()} == before


def test_a_dry_run_tells_how_many_would_get_it_and_mails_nobody(publication: OnDisk) -> None:
    add(publication, HARU)

    done = publication.publish(FIRST, "--dry-run", "--json")

    assert json.loads(done.out)["released"][0]["deliveries"] == 1
    assert not (publication.folder / "outbox").exists()
    assert account(publication) == []


def test_queueing_and_delivering_are_two_steps_if_wanted(publication: OnDisk) -> None:
    add(publication, HARU)

    queued = publication.publish(FIRST, "--no-deliver", "--json")
    sent = publication.run("deliver", "--json", "--now", FIRST)

    assert json.loads(queued.out)["delivery"]["queued"] == 1
    assert json.loads(sent.out) == {
        "schema": "cnddigest/deliver/1",
        "sent": 1,
        "deferred": 0,
        "failed": 0,
        "suppressed": 0,
        "in_doubt": 0,
        "queued": 0,
    }


# Joining and leaving


def test_taking_in_who_is_suppressed_says_that_nothing_is_mailed(publication: OnDisk) -> None:
    publication.run("subscribers", "suppress", HARU, "--reason", "complaint")
    (publication.folder / "people.csv").write_text(f"address,consent_at\n{HARU},2026-11-01\n")

    added = publication.run("subscribers", "add", HARU, "--confirmed", "--consent-source", "form")
    listed = publication.run("subscribers", "import", "people.csv")
    shown = publication.run("subscribers", "show", HARU, "--json")

    assert "suppressed, complaint: nothing is mailed there" in added.err
    assert "no mail goes there: 1;" in listed.err
    assert json.loads(shown.out)["suppressed"] == "complaint"


def test_people_are_asked_in_their_own_language(publication: OnDisk) -> None:
    add(publication, HARU, "--language", "ja", confirmed=False)
    add(publication, NATSU, confirmed=False)

    publication.run("deliver", "--now", FIRST)

    asked = [email.message_from_bytes(path.read_bytes()) for path in (publication.folder / "outbox").glob("*.eml")]
    assert {message["To"]: message["Content-Language"] for message in asked} == {HARU: "ja", NATSU: "en"}
    assert all(f'<html lang="{message["Content-Language"]}"' in bodies(message)[1] for message in asked)


def test_a_language_without_texts_is_refused(publication: OnDisk) -> None:
    done = publication.run("subscribers", "add", HARU, "--language", "xx")

    assert (done.code, done.err.splitlines()[0]) == (2, "error: there are no texts in this language: xx")


@pytest.mark.parametrize("source", [b"\xff", b" ", b"\x07"])
def test_a_source_of_consent_that_nobody_can_read_is_none(publication: OnDisk, source: bytes) -> None:
    consent = ["--confirmed", "--consent-source", os.fsdecode(source)]

    done = publication.run("subscribers", "add", HARU, *consent)

    assert (done.code, done.err.splitlines()[0]) == (2, "error: no source of the consent")


def test_nobody_gets_anything_but_a_question_before_they_confirm(publication: OnDisk) -> None:
    shown = json.loads(add(publication, HARU, confirmed=False).out)

    publication.publish(FIRST)

    (asked,) = account(publication)
    (path,) = (publication.folder / "outbox").glob("*.eml")
    message = email.message_from_bytes(path.read_bytes())
    link = shown["subscriptions"][0]["links"]["confirm"]
    assert shown["subscriptions"][0]["status"] == "pending"
    assert (asked["kind"], asked["part"], asked["status"]) == ("confirmation", None, "sent")
    assert all(link in part for part in bodies(message))
    assert not any(name.lower().startswith("list-") for name in message)


def test_people_can_be_asked_before_anything_is_published(publication: OnDisk) -> None:
    add(publication, HARU, confirmed=False)

    done = publication.run("deliver", "--json", "--now", FIRST)

    assert json.loads(done.out)["sent"] == 1
    assert json.loads(publication.run("status", "--json", "--now", FIRST).out)["serials"][0]["parts"]["released"] == 0
    assert json.loads(publication.publish(FIRST, "--json").out)["released"][0]["part"] == 1


def test_the_link_of_the_question_confirms_and_the_next_part_comes(publication: OnDisk) -> None:
    link = json.loads(add(publication, HARU, confirmed=False).out)["subscriptions"][0]["links"]["confirm"]
    publication.publish(FIRST)

    confirmed = publication.run("subscribers", "confirm", link.rpartition("/")[2], "--now", SECOND, "--json")
    publication.publish(SECOND)

    person = json.loads(confirmed.out)["subscriptions"][0]
    assert (person["status"], person["consent"]["source"]) == ("active", "confirmed by mail")
    assert [(line["part"], line["status"]) for line in account(publication)] == [(None, "sent"), (2, "sent")]


def test_a_confirmation_link_that_was_changed_or_is_too_old_does_nothing(publication: OnDisk) -> None:
    token = json.loads(add(publication, HARU, confirmed=False).out)["subscriptions"][0]["links"]["confirm"][-40:]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")

    refused = publication.run("subscribers", "confirm", changed, "--now", SECOND)
    late = publication.run("subscribers", "confirm", token, "--now", "2027-02-01T00:00:00Z")

    assert (refused.code, late.code) == (2, 2)
    assert json.loads(publication.run("subscribers", "list", "--json").out)["subscribers"][0]["status"] == "pending"


def test_the_link_of_a_message_unsubscribes_and_doing_it_twice_is_fine(publication: OnDisk) -> None:
    add(publication, HARU)
    publication.publish(FIRST)
    (path,) = (publication.folder / "outbox").glob("*.eml")
    message = email.message_from_bytes(path.read_bytes())
    url = re.findall("<(https://[^>]+)>", message["List-Unsubscribe"])[0]

    for _ in range(2):
        done = publication.run("subscribers", "unsubscribe", url.rpartition("/")[2], "--now", SECOND, "--json")
        assert done.code == 0
    publication.publish(SECOND)

    assert all(url in part for part in bodies(message))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [line["part"] for line in account(publication)] == [1]


def test_an_erased_person_is_in_no_file_of_the_record_and_stays_counted(publication: OnDisk) -> None:
    add(publication, HARU)
    add(publication, NATSU)
    publication.publish(FIRST)

    done = publication.run("subscribers", "remove", HARU, "--erase", "--now", SECOND)

    bytes_left = b"".join(path.read_bytes() for path in publication.folder.glob("cnddigest.sqlite3*"))
    assert done.code == 0
    assert b"haru" not in bytes_left
    assert [line["status"] for line in account(publication)] == ["sent", "sent"]


def test_a_list_goes_in_and_out_and_in_again(publication: OnDisk) -> None:
    rows = [
        "address,name,consent_at,consent_source",
        f"{HARU},港 春,2026-11-01T00:00:00Z,form",
        f"{NATSU},,,",
        "not an address,,,",
        f"{HARU.upper()},,2026-11-01T00:00:00Z,form",
    ]
    (publication.folder / "people.csv").write_text("\n".join(rows), "utf-8")

    first = publication.run("subscribers", "import", "people.csv", "--json", "--now", FIRST)
    exported = publication.run("subscribers", "export", "--csv", "--now", FIRST)
    (publication.folder / "again.csv").write_bytes(exported.out)
    second = publication.run("subscribers", "import", "again.csv", "--json", "--now", SECOND)

    report = json.loads(first.out)
    assert first.code == 1
    assert (report["added"], [row["line"] for row in report["rejected"]]) == (2, [4])
    assert json.loads(second.out) == {
        "schema": "cnddigest/import/1",
        "added": 0,
        "updated": 0,
        "unchanged": 2,
        "rejected": [],
    }


def test_an_order_not_to_mail_a_stranger_goes_along_with_the_list(publication: OnDisk, tmp_path: Path) -> None:
    publication.run("subscribers", "suppress", HARU, "--now", FIRST)
    exported = publication.run("subscribers", "export", "--csv", "--now", FIRST)
    other = OnDisk.new(tmp_path / "other")
    (other.folder / "people.csv").write_bytes(exported.out)

    taken = other.run("subscribers", "import", "people.csv", "--json", "--now", FIRST)
    add(other, HARU)
    other.publish(FIRST)

    assert json.loads(taken.out)["added"] == 0
    assert [line["status"] for line in account(other)] == ["suppressed"]


# Through a relay


def test_everybody_gets_their_own_message_through_a_relay(publication: OnDisk, mailroom: tuple[Mailroom, int]) -> None:
    room, port = mailroom
    for address in (HARU, NATSU, AKI):
        add(publication, address)

    done = relayed(publication, port).publish(FIRST, "--json")

    assert json.loads(done.out)["delivery"]["sent"] == 3
    assert {address for _, address, _ in room.taken} == {HARU, NATSU, AKI}
    senders = {sender for sender, _, _ in room.taken}
    assert len(senders) == 3
    assert all(re.fullmatch(r"bounces\+[0-9a-f]{40}@example\.org", sender) for sender in senders)
    assert room.message(HARU)["To"] == HARU
    assert {line["reply"] for line in account(publication)} == {"250 2.0.0 taken"}


def test_each_answer_is_kept_with_the_person_it_is_about(publication: OnDisk, mailroom: tuple[Mailroom, int]) -> None:
    room, port = mailroom
    room.says = {HARU: "550 5.1.1 no such user", NATSU: "450 4.2.0 mailbox is busy"}
    for address in (HARU, NATSU, "aki@example.net"):
        add(publication, address)

    done = relayed(publication, port).publish(FIRST, "--json")
    missed = account(publication, "--missed")

    assert done.code == 1
    assert json.loads(done.out)["delivery"] == {
        "sent": 1,
        "deferred": 1,
        "failed": 1,
        "suppressed": 0,
        "in_doubt": 0,
        "queued": 1,
    }
    assert {(line["address"], line["status"], line["reply"]) for line in missed} == {
        (HARU, "failed", "550 5.1.1 no such user"),
        (NATSU, "deferred", "450 4.2.0 mailbox is busy"),
    }


def test_a_resend_reaches_those_who_missed_it_with_the_same_message_id(
    publication: OnDisk, mailroom: tuple[Mailroom, int]
) -> None:
    room, port = mailroom
    room.says = {HARU: "550 5.7.1 not today"}
    add(publication, HARU)
    add(publication, NATSU)
    relayed(publication, port).publish(FIRST)
    (before,) = account(publication, "--missed")
    room.says = {}

    asked = publication.run("resend", "--part", "1", "--missed", "--now", SECOND, "--json")
    publication.run("deliver", "--now", SECOND)

    assert json.loads(asked.out)["queued"] == 1
    assert room.message(HARU)["Message-ID"] == before["message_id"]
    assert len(room.taken) == 2


@pytest.mark.parametrize(
    "arguments",
    [("--missed",), ("--part", "1"), ("--part", "2", "--missed"), ("--part", "1", "--to", "stranger@example.net")],
)
def test_a_resend_that_makes_no_sense_is_refused(publication: OnDisk, arguments: tuple[str, ...]) -> None:
    add(publication, HARU)
    publication.publish(FIRST)

    done = publication.run("resend", *arguments, "--now", FIRST)

    assert done.code == 2
    assert len(done.err.splitlines()) == 2


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_part_that_does_not_exist_has_no_account(publication: OnDisk, form: tuple[str, ...]) -> None:
    add(publication, HARU)
    publication.publish(FIRST)

    done = publication.run("deliveries", "--part", "99", "--now", FIRST, *form)

    assert (done.code, done.out) == (2, b"")
    assert done.err == "error: no such part: 99\nhint: the last one is part 2\n"


def test_a_resend_to_somebody_who_waits_already_says_so(publication: OnDisk) -> None:
    add(publication, HARU)
    publication.publish(FIRST, "--no-deliver")

    done = publication.run("resend", "--part", "1", "--to", HARU, "--now", FIRST)

    assert (done.code, done.err) == (0, "")
    assert done.out == b"waits already for 1; `cnddigest deliver` sends it\n"


def test_a_relay_that_is_away_is_told_once_and_the_queue_is_kept(publication: OnDisk) -> None:
    add(publication, HARU)
    add(publication, NATSU)

    done = relayed(publication, 1).publish(FIRST, "--json")

    assert done.code == 1
    assert done.err.count("error: ") == 1
    assert json.loads(done.out)["delivery"]["queued"] == 2
    assert {(line["status"], line["attempts"]) for line in account(publication)} == {("queued", 0)}


def test_a_rate_is_kept_even_where_the_clock_stands_still(publication: OnDisk, mailroom: tuple[Mailroom, int]) -> None:
    room, port = mailroom
    for number in range(12):
        add(publication, f"reader{number}@example.net")
    relayed(publication, port).configure("connections = 2", 'connections = 2\nrate = "10/s"')
    began = monotonic()

    publication.publish(FIRST)

    took = monotonic() - began
    assert len(room.taken) == 12
    assert took > 1.0


def test_a_key_that_is_away_stops_the_mail_and_not_what_was_published(publication: OnDisk) -> None:
    add(publication, HARU)
    key = '[[mail.dkim]]\ndomain = "example.org"\nselector = "s1"\nkey_file = "nowhere.pem"\n'
    publication.configuration.write_text(publication.configuration.read_text("utf-8") + key, "utf-8")

    done = publication.publish(FIRST, "--json")

    report = json.loads(done.out)
    assert done.code == 2
    assert done.err.count("error: ") == 1
    assert (report["released"][0]["part"], report["delivery"]["queued"]) == (1, 1)


def test_an_issue_too_large_to_mail_is_refused_before_anybody_is_queued(publication: OnDisk) -> None:
    add(publication, HARU)
    page = (ROOT / "templates" / "issue.html.j2").read_text("utf-8")
    publication.template("issue.html.j2", page.replace("</body>", f"<p>{'x' * 5_000_000}</p></body>").encode())

    done = publication.publish(FIRST)

    assert done.code == 2
    assert len(done.err.splitlines()) == 2
    assert account(publication) == []


def test_an_author_is_told_once_of_an_issue_that_leads_on_to_the_web(publication: OnDisk) -> None:
    add(publication, HARU)
    text = publication.recap.read_text("utf-8")
    publication.recap.write_text(
        text.replace("灯台を二十年守った", "灯台を二十年守った" + "長い話。" * 20_000), "utf-8"
    )

    first, again = publication.publish(FIRST), publication.publish(FIRST)

    assert "warning: part 1 is longer than mail programs show, its Issue leads on to the web: " in first.err
    assert again.err == ""


def test_the_status_counts_issues_and_people(publication: OnDisk) -> None:
    add(publication, HARU)
    add(publication, NATSU, confirmed=False)
    publication.publish(FIRST)

    (serial,) = json.loads(publication.run("status", "--json", "--now", FIRST).out)["serials"]

    assert serial["subscriptions"] == {"pending": 1, "active": 1, "ended": 0}
    assert serial["deliveries"] == {"sent": 1}


def test_what_stands_in_a_title_or_a_name_adds_no_header(publication: OnDisk) -> None:
    publication.recap.write_text("# 港の\u2028Bcc: x@example.com 会議\n\n## 発表\n\n本文です。\n", "utf-8")
    add(publication, HARU, "--name", 'Haru\r\nBcc: y@example.com, "<z@example.com>')

    publication.publish(FIRST)

    (path,) = (publication.folder / "outbox").glob("*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == [HARU]


# What comes back


def returned(publication: OnDisk, room: Mailroom, address: str, *, status: str) -> Path:
    """Write what a far side sends back to the envelope sender of somebody's message."""
    (sender,) = [sender for sender, recipient, _ in room.taken if recipient == address]
    path = publication.folder / f"{status}.eml"
    path.write_text(
        f"From: MAILER-DAEMON@relay.example\nTo: {sender}\nSubject: Undelivered\nAuto-Submitted: auto-replied\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 {status} said the far side\n\n--b--\n",
        "ascii",
    )
    return path


def test_a_mailbox_that_does_not_exist_is_never_mailed_again(
    publication: OnDisk, mailroom: tuple[Mailroom, int]
) -> None:
    room, port = mailroom
    add(publication, HARU)
    add(publication, NATSU)
    relayed(publication, port).publish(FIRST)
    path = returned(publication, room, HARU, status="5.1.1")

    done = [publication.run("bounces", path.name, "--json", "--now", SECOND) for _ in range(2)]
    publication.publish(SECOND)

    first, again = (json.loads(each.out)["bounces"][0] for each in done)
    assert first == {
        "source": path.name,
        "address": HARU,
        "serial": "minato",
        "part": 1,
        "kind": "hard",
        "code": "5.1.1",
        "action": "suppressed",
    }
    assert again["action"] == "none"
    assert {(line["part"], line["address"], line["status"]) for line in account(publication)} == {
        (1, HARU, "bounced"),
        (1, NATSU, "sent"),
        (2, NATSU, "sent"),
    }


def test_whom_the_relay_does_not_know_is_not_tried_with_the_next_issue(
    publication: OnDisk, mailroom: tuple[Mailroom, int]
) -> None:
    room, port = mailroom
    room.says = {HARU: "550 5.1.1 no such user", NATSU: "550 5.7.1 we do not like you"}
    for address in (HARU, NATSU, "aki@example.net"):
        add(publication, address)
    relayed(publication, port).publish(FIRST)

    publication.publish(SECOND)

    assert {(line["part"], line["address"]) for line in account(publication)} >= {(2, NATSU), (2, "aki@example.net")}
    assert (2, HARU) not in {(line["part"], line["address"]) for line in account(publication)}


def test_who_left_or_is_suppressed_is_not_mailed_again_by_a_resend(
    publication: OnDisk, mailroom: tuple[Mailroom, int]
) -> None:
    _, port = mailroom
    add(publication, HARU)
    add(publication, NATSU)
    relayed(publication, port).publish(FIRST)
    publication.run("subscribers", "suppress", HARU, "--now", FIRST)

    done = publication.run("resend", "--part", "1", "--to", HARU, "--now", SECOND)

    assert done.code == 2
    assert {line["status"] for line in account(publication)} == {"sent"}


def test_a_reader_of_the_account_may_leave_before_its_end(publication: OnDisk) -> None:
    add(publication, HARU)
    publication.publish(FIRST)

    done = subprocess.run(
        ["bash", "-c", f"{shlex.join(PROGRAM)} deliveries --json | head -c 10"],
        cwd=publication.folder,
        capture_output=True,
        timeout=30,
        check=False,
    )

    assert done.stdout.startswith(b'{"schema"')


def test_a_question_is_answered_once_and_by_who_was_asked_last(publication: OnDisk) -> None:
    token = json.loads(add(publication, HARU, confirmed=False).out)["subscriptions"][0]["links"]["confirm"][-40:]
    leave = json.loads(publication.run("subscribers", "show", HARU, "--json").out)["subscriptions"][0]["links"]
    publication.run("subscribers", "confirm", token, "--now", FIRST)
    publication.run("subscribers", "unsubscribe", leave["unsubscribe"][-32:], "--now", FIRST)

    again = publication.run("subscribers", "confirm", token, "--now", SECOND)

    assert again.code == 2


def test_what_was_never_confirmed_ends_with_the_next_delivery(publication: OnDisk) -> None:
    add(publication, HARU, confirmed=False)
    publication.publish("2027-01-15T00:00:00Z")

    (person,) = json.loads(publication.run("subscribers", "list", "--json").out)["subscribers"]

    assert person["status"] == "ended"


def test_a_full_mailbox_is_counted_and_a_stranger_s_word_touches_nobody(
    publication: OnDisk, mailroom: tuple[Mailroom, int]
) -> None:
    room, port = mailroom
    add(publication, HARU)
    relayed(publication, port).publish(FIRST)
    path = returned(publication, room, HARU, status="5.2.2")
    forged = publication.folder / "forged.eml"
    forged.write_text(re.sub(r"bounces\+[0-9a-f]+", "bounces+" + "a" * 40, path.read_text("ascii")), "ascii")

    done = publication.run("bounces", path.name, forged.name, "--json", "--now", SECOND)

    assert [(line["address"], line["action"]) for line in json.loads(done.out)["bounces"]] == [
        (HARU, "counted"),
        (None, "none"),
    ]
    assert account(publication)[0]["status"] == "sent"
