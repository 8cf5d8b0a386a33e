"""Real feed readers, run as their users run them, and a folder served on loopback for them."""

import functools
import http.server
import sqlite3
import subprocess
import threading
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
