"""What every peer written in Python sends, and the time it takes to."""

import json
import resource
import time
from contextlib import contextmanager
from pathlib import Path

SENDER = "Recaps <news@recaps.example.org>"
BOUNCES = "bounces@recaps.example.org"


def address(number):
    return f"reader{number:07d}@example.net"


class Letter:
    """Subject, text and HTML of the Issue; each reader's own link goes where `@@LINK@@` stands."""

    def __init__(self, folder):
        self.subject, self.html, self.text = (
            Path(folder, name).read_text("utf-8") for name in ("subject.txt", "issue.html", "issue.txt")
        )

    def bodies(self, number):
        link = self.link(number)
        return self.text.replace("@@LINK@@", link), self.html.replace("@@LINK@@", link)

    def headers(self, number):
        return {
            "Message-ID": f"<{number:032d}@recaps.example.org>",
            "List-Unsubscribe": f"<{self.link(number)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def link(self, number):
        return f"https://recaps.example.org/unsubscribe/{number:032d}"


@contextmanager
def timed(out):
    """Write down wall clock and CPU seconds of what is done meanwhile."""
    start, before = time.perf_counter(), _cpu()
    yield
    Path(out).write_text(json.dumps({"wall": time.perf_counter() - start, "cpu": _cpu() - before}))


def _cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
