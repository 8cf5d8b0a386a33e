"""Real feed readers, run as their users run them, and a folder served on loopback for them."""

import functools
import http.server
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of loopback; yield its address, with a slash at the end."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


class Newsboat:
    def __init__(self, program, home, *addresses):
        self.home = home / "newsboat"
        self.home.mkdir()
        (self.home / "config").touch()
        (self.home / "urls").write_text("".join(f"{address}\n" for address in addresses))
        self.program = program("newsboat")

    def run(self, *arguments):
        files = ["-u", str(self.home / "urls"), "-c", str(self.home / "cache.db"), "-C", str(self.home / "config")]
        return subprocess.run(
            [self.program, *files, *arguments],
            env={"HOME": str(self.home), "TERM": "xterm", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
            text=True,
            timeout=60,
        ).stdout

    def unread(self):
        return int(self.run("-q", "-x", "reload", "print-unread").split()[0])

    def rows(self):
        with closing(sqlite3.connect(self.home / "cache.db")) as cache:
            return cache.execute("select guid, title, pubDate, content from rss_item order by pubDate").fetchall()


class Mailer:
    def __init__(self, program, home, address):
        self.home, self.program = home / "r2e", program("r2e")
        (self.home / "md").mkdir(parents=True)
        (self.home / "c.cfg").write_text(
            "[DEFAULT]\nfrom = r2e@example.org\nto = reader@example.org\nemail-protocol = maildir\n"
            f"maildir-path = {self.home}/md\nmaildir-mailbox = inbox\nhtml-mail = True\nactive = True\n"
        )
        self.run("add", "demo", address, "reader@example.org")

    def run(self, *arguments):
        files = ["-c", str(self.home / "c.cfg"), "-d", str(self.home / "d.json")]
        subprocess.run(
            [self.program, *files, *arguments],
            env={"HOME": str(self.home), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
            timeout=60,
        )

    def mails(self):
        self.run("run")
        return len(list((self.home / "md" / "inbox" / "new").iterdir()))


class Liferea:
    """A desktop reader without a desktop: a screen that nobody sees, a session bus, and its own words on it.

    `heard` tells how many octets have come in so far: Liferea does not say when it is done.
    """

    PROGRAMS = ("liferea", "xvfb-run", "dbus-run-session", "gdbus")
    FEEDS = (
        '<?xml version="1.0"?><opml version="1.0"><body>'
        '<outline text="demo" title="demo" type="rss" xmlUrl="{}" updateInterval="-1"/></body></opml>'
    )

    def __init__(self, home, address, heard):
        self.home, self.heard = home / "liferea", heard
        (self.home / ".config/liferea").mkdir(parents=True)
        (self.home / ".config/liferea/feedlist.opml").write_text(self.FEEDS.format(address))
        environment = {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "GSETTINGS_BACKEND": "keyfile",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # root has none; it sees only this page
        }
        inside = 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec liferea --mainwindow-state=hidden'
        self.process = subprocess.Popen(
            ["xvfb-run", "-a", "dbus-run-session", "--", "sh", "-c", inside],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        bus = self.process.stdout.readline().strip()
        self.environment = {**environment, "DBUS_SESSION_BUS_ADDRESS": bus}
        self.ask("wait")

    def close(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.communicate(timeout=60)

    def ask(self, method):
        reader = "org.gnome.feed.Reader"
        if method == "wait":
            command = ["gdbus", "wait", "--session", "--timeout", "60", reader]
        else:
            command = ["gdbus", "call", "--session", "--dest", reader]
            command += ["--object-path", "/org/gnome/feed/Reader", "--method", f"{reader}.{method}"]
        return subprocess.run(
            command, env=self.environment, capture_output=True, check=True, text=True, timeout=60
        ).stdout

    def unread(self):
        before = self.heard()
        self.ask("Refresh")
        heard, deadline = [before], time.monotonic() + 30
        while heard[-1] == before or heard[-1] != heard[-2]:  # until something came, and nothing more comes
            assert time.monotonic() < deadline, "Liferea does not ask, or without an end"
            time.sleep(0.4)
            heard.append(self.heard())
        return int(self.ask("GetUnreadItems").strip("(),\n"))
