"""The whole way of a person in a real browser, with real mail: in, at their own pace, out again, and forgotten.

Every step is taken with the keyboard alone, and every page is looked at: no wider than its window, no fault of
accessibility, a focus that can be seen, in light and dark.
"""

import email
import email.policy
import re
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller

from browser import chromium, fits, violations
from builders import some_words
from commands import OnDisk
from served import serving

pytestmark = pytest.mark.slow

HARU = "haru.with-a-rather-long-name.and-more-of-it@mail.subdomain.example.net"
RECAP = """\
# 港の会議 2026 まとめ

三つの発表の記録です。

## 1日目

### Kubernetesクラスタの運用を十年続けて分かった、可用性と費用と人のしあわせを同時に高めるための七つの方法

灯台を二十年守った人の話でした。

### 海図の読み方

海図は毎年描き直されるそうです。

### 霧の日の連絡

霧笛の代わりに何が使えるかという発表でした。
"""
MAIL = """
[mail]
from = "Recaps <recaps@example.org>"
transport = "smtp"
[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
"""
PATIENCE = 25.0  # seconds until a message is there; it takes two
FOCUSED = """() => {
    const it = document.activeElement;
    return {names: [it.id, it.name, (it.innerText || "").trim()], outline: getComputedStyle(it).outlineStyle};
}"""
URL = re.compile(r"http://127\.0\.0\.1:\d+/[^\s<>\"]+")


class Mailbox:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd calls it so
        self.taken.append(envelope.original_content)
        return "250 2.0.0 taken"


def a_free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Town:
    """A server with its scheduler, the mailbox of whoever comes, and their browser."""

    def __init__(self, disk: OnDisk, address: str, mailbox: Mailbox, tab: Any, language: str, *, scripts: bool) -> None:
        self.disk, self.address, self.tab, self.scripts = disk, address, tab, scripts
        self.mailbox = mailbox
        self.say = some_words(language).text
        self.read = 0

    def mail(self) -> EmailMessage:
        """Return the next message, as soon as it is there."""
        until = time.monotonic() + PATIENCE
        while len(self.mailbox.taken) <= self.read:
            assert time.monotonic() < until, "no message came"
            time.sleep(0.05)
        self.read += 1
        return email.message_from_bytes(self.mailbox.taken[self.read - 1], policy=email.policy.default)

    def go(self, url: str) -> None:
        self.tab.goto(url)
        self.look()

    def look(self) -> None:
        """Look at the page as it is shown on a phone, on a desk, and in the dark."""
        for width, scheme in ((320, "light"), (1280, "dark")):
            self.tab.set_viewport_size({"width": width, "height": 800})
            self.tab.emulate_media(color_scheme=scheme)
            title = self.tab.title()
            assert fits(self.tab), (title, width)
            if self.scripts:
                assert violations(self.tab) == [], (title, scheme)

    def reach(self, name: str) -> None:
        """Press Tab until what has this name, or identifier, has the focus."""
        for _ in range(80):
            self.tab.keyboard.press("Tab")
            focused = self.tab.evaluate(FOCUSED)
            if focused["names"] != ["", None, ""]:
                assert focused["outline"] != "none", focused
            if name in focused["names"]:
                self.tab.locator(":focus").scroll_into_view_if_needed()  # as browsers do, when they are done
                return
        pytest.fail(f"no way by Tab to {name}")

    def press(self, text: str, key: str = "Enter") -> None:
        """Press a button, or follow a link, by its text."""
        self.reach(self.say(text))
        with self.tab.expect_navigation():
            self.tab.keyboard.press(key)
        self.look()

    def unfold(self, text: str) -> None:
        """Open what is folded."""
        self.reach(self.say(text))
        self.tab.keyboard.press("Enter")
        self.look()

    def shows(self, text: str, **fields: object) -> None:
        assert self.say(text, **fields) in self.tab.inner_text("main")

    def says(self, text: str, **fields: object) -> None:
        """Expect a sentence; fields that are not named may say anything."""
        open_fields = dict.fromkeys(re.findall(r"\{(\w+)\}", text), "\0")
        sentence = re.escape(self.say(text, **open_fields | fields)).replace("\0", ".+")
        assert re.search(sentence, self.tab.inner_text("main"))

    @property
    def known(self) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.disk.record)) as record:
            return record.execute("select status, reason, run, replay, position from subscription").fetchall()


@contextmanager
def a_town(folder: Path, program: Callable[[str], str], language: str, *, scripts: bool) -> Iterator[Town]:
    mailbox, mail_port, port = Mailbox(), a_free_port(), a_free_port()
    disk = OnDisk.new(folder / "publication", RECAP)
    disk.configure("https://recaps.example.org/", f"http://127.0.0.1:{port}/")
    disk.configure('parts = "day"', 'parts = "session"')
    disk.configuration.write_text(disk.configuration.read_text("utf-8") + MAIL.format(port=mail_port), "utf-8")
    assert disk.run("publish", "--all", "--no-deliver").code == 0
    with ExitStack() as stack:
        controller = Controller(mailbox, hostname="127.0.0.1", port=mail_port)
        controller.start()
        stack.callback(controller.stop)
        server = stack.enter_context(serving(disk, "--bind", f"127.0.0.1:{port}", scheduler=True))
        context = stack.enter_context(chromium(program)).new_context(
            locale={"ja": "ja-JP", "en": "en-GB"}[language], java_script_enabled=scripts, bypass_csp=scripts
        )
        yield Town(disk, server.address, mailbox, context.new_page(), language, scripts=scripts)


def links(message: EmailMessage) -> list[str]:
    """Return every address in a message, those of its headers too."""
    bodies = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return URL.findall("\n".join([*bodies, *map(str, message.values())]).replace("&amp;", "&"))


def link(message: EmailMessage, page: str) -> str:
    return next(url for url in links(message) if f"/{page}/" in url)


def scan(message: EmailMessage) -> None:
    """Follow every link, as programs do that guard mailboxes."""
    for url in links(message):
        assert httpx.head(url).status_code < 400, url
        assert httpx.get(url, follow_redirects=True).status_code < 400, url


@pytest.mark.parametrize(("language", "scripts"), [("ja", False), ("ja", True), ("en", True)])
def test_a_person_comes_reads_at_their_pace_leaves_and_is_forgotten(
    tmp_path: Path, program: Callable[[str], str], language: str, scripts: bool
) -> None:
    with a_town(tmp_path, program, language, scripts=scripts) as town:
        confirm(town)
        first = town.mail()
        assert "Kubernetes" in first["subject"]
        before = town.known
        scan(first)
        assert town.known == before
        set_the_pace(town, first)
        leave_and_come_back(town, first)
        be_forgotten(town, first)
        time.sleep(2)
        assert len(town.mailbox.taken) == town.read


def confirm(town: Town) -> None:
    """Subscribe by the form, and press the button of the message that comes."""
    town.go(f"{town.address}subscribe")
    town.reach("address")
    town.tab.keyboard.type("nobody")
    town.press("Subscribe by email") if town.tab.evaluate("document.forms[0].noValidate") else None
    town.tab.keyboard.press("Control+A")
    town.tab.keyboard.type(HARU)
    town.press("Subscribe by email")
    town.shows("Check your inbox")
    asking = town.mail()
    scan(asking)
    assert [row[0] for row in town.known] == ["pending"]
    town.go(link(asking, "confirm"))
    town.press("Yes, subscribe me")
    town.shows("The first part is on its way to {address}.", address=HARU)


def set_the_pace(town: Town, first: EmailMessage) -> None:
    """Press every button of a person's own page."""
    town.go(link(first, "preferences"))
    town.press("Send the next part now")
    town.says("Part {part} went out to you on {when}.", part=2)
    assert "海図" in town.mail()["subject"]
    town.reach("every")
    town.tab.keyboard.press("Home")
    town.press("Set this pace")
    town.says("Your pace: {pace}.")
    town.press("Pause")
    town.shows("Paused. Nothing comes until you resume.")
    town.press("Resume")
    town.says("Part {part} comes to you on {when}.", part=3)
    town.unfold("Jump to another part, or start over")
    town.reach("part")
    town.tab.keyboard.press("Control+A")
    town.tab.keyboard.type("3")
    town.press("Jump to this part")
    town.says("Part {part} comes to you on {when}.", part=3)
    town.unfold("Jump to another part, or start over")
    town.press("Start over from part 1")
    again = town.mail()
    assert again["subject"] == first["subject"]
    assert again["message-id"] != first["message-id"]
    town.go(link(first, "pace"))


def leave_and_come_back(town: Town, first: EmailMessage) -> None:
    """Leave by a mail program's one click and by the page's; take it back."""
    url = str(first["list-unsubscribe"]).strip("<>").partition(">")[0]  # the word for one click needs https, RFC 8058
    for sent in ({"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": (None, "One-Click")}}):
        assert httpx.post(url, **sent).status_code == 200
        assert [row[:2] for row in town.known] == [("ended", "unsubscribed")]
        town.go(url)
        town.shows("You have unsubscribed")
        town.press("Undo")
        town.shows("You are subscribed again.")
        assert [row[0] for row in town.known] == ["active"]
    town.go(url)
    town.press("Unsubscribe")
    town.shows("You have unsubscribed")
    town.press("Get a feed address")
    feed = town.tab.inner_text("dd code >> nth=0")
    assert httpx.get(feed).status_code == 200


def be_forgotten(town: Town, first: EmailMessage) -> None:
    """Erase all, from the page of somebody who has left."""
    town.go(link(first, "preferences"))
    town.unfold("Erase my data")
    town.reach("sure")
    town.tab.keyboard.press("Space")
    town.press("Erase everything")
    town.shows("Your data has been erased")
    assert town.known == []
    town.go(link(first, "preferences"))
    town.shows("This link doesn't work")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_went_wrong_is_said_on_a_page_that_everybody_can_use(
    tmp_path: Path, program: Callable[[str], str], language: str
) -> None:
    with a_town(tmp_path, program, language, scripts=True) as town:
        for path in ("confirm/" + "x" * 40, "subscribe?serial=nothing", "pace/" + "x" * 40):
            town.go(town.address + path)
        town.go(f"{town.address}subscribe")
        town.tab.evaluate("document.forms[0].noValidate = true")
        town.press("Subscribe by email")
        town.shows("This doesn't look like an email address.")
        assert town.tab.get_attribute("#address", "aria-invalid") == "true"
