"""The page on letting people subscribe tells the truth: its web server hands on whom it saw, and its numbers hold."""

import http.client
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cnddigest.audience.consent import CONFIRM_WITHIN
from cnddigest.usecases import joining
from cnddigest.web import forms, visitor
from conftest import ROOT
from served import serving
from visitors import a_publication

PAGE = (ROOT / "docs/how-to/let-people-subscribe.md").read_text("utf-8")
MAIN = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{server}
}}
"""


def test_its_numbers_are_those_of_the_program() -> None:
    network, address = joining.OF_NETWORK, joining.OF_ADDRESS

    assert f"{network.burst} times at once" in PAGE
    assert network.every == timedelta(minutes=1)
    assert address.burst * address.every == timedelta(days=1)
    assert address.burst == 3
    assert f"IPv4 /{visitor.V4}, IPv6 /{visitor.V6}" in PAGE
    assert f"{forms.MOST // 1024} KB and {forms.PATIENCE:.0f} seconds" in PAGE
    assert f"Valid for {CONFIRM_WITHIN.days} days" in PAGE


@pytest.fixture
def front(tmp_path: Path, program: Callable[[str], str]) -> Iterator[int]:
    """Run the page's web server before ours, on a port without TLS."""
    (server,) = re.findall(r"```nginx\n(.*?)```", PAGE, re.DOTALL)
    with socket.socket() as free, serving(a_publication(tmp_path / "publication")) as behind:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        server = server.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace(":8000;", f":{behind.port};")
        (tmp_path / "nginx.conf").write_text(MAIN.format(folder=tmp_path, server=server), "utf-8")
        process = subprocess.Popen(
            [program("nginx"), "-p", tmp_path, "-c", tmp_path / "nginx.conf"], stderr=subprocess.PIPE
        )
        try:
            yield port
        finally:
            process.terminate()
            process.communicate(timeout=10)


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> int:
    said = {"Host": "recaps.example.org", "Content-Type": forms.FORM}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    until = time.monotonic() + 10
    while True:
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            wire.request(method, path, body, said)
            return wire.getresponse().status
        except ConnectionRefusedError:  # it has just begun
            assert time.monotonic() < until
            time.sleep(0.05)
        finally:
            wire.close()


@pytest.mark.slow
def test_behind_its_web_server_nobody_makes_up_where_they_come_from(front: int) -> None:
    page = ask(front, "GET", "/subscribe")
    long = ask(front, "POST", "/subscribe", b"x" * 20_000)

    sent = [
        ask(
            front,
            "POST",
            "/subscribe",
            urlencode({"serial": "minato", "address": f"reader{n}@example.net"}).encode(),
            X_Forwarded_For=f"203.0.{n}.1",
            Origin="https://recaps.example.org",
        )
        for n in range(joining.OF_NETWORK.burst + 1)
    ]

    assert (page, long) == (200, 413)
    assert sent == [200] * joining.OF_NETWORK.burst + [429]
