"""Somebody else's web server on loopback: it keeps what it was asked, and answers as it was told."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


Answer = tuple[int, bytes]


def agrees(asked: Asked) -> Answer:
    """Answer as a WebSub subscriber that wishes what it is asked about."""
    return 200, asked.query.get("hub.challenge", "").encode()


class Far:
    """`asked` is what came; `answers` may be changed at any time."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/"
        self.asked: list[Asked] = []
        self.answers: Callable[[Asked], Answer] = agrees

    def of(self, method: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == method]


@contextmanager
def a_far_server(answers: Callable[[Asked], Answer] = agrees) -> Iterator[Far]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(method=self.command, path=self.path, headers=headers, body=body)
            far.asked.append(asked)
            status, said = far.answers(asked)
            try:
                self.send_response(status)
                self.send_header("content-length", str(len(said)))
                if 300 <= status < 400:
                    self.send_header("location", f"{far.url}elsewhere")
                self.end_headers()
                self.wfile.write(said)
            except OSError:
                pass  # whoever asked has hung up

        do_POST = do_GET  # noqa: N815  http.server calls it so

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    far = Far(server.server_port)
    far.answers = answers
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield far
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def until(holds: Callable[[], object], seconds: float = 15.0) -> None:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never happens")
