"""A host is what RFC 3986 calls one, and nothing that only looks like a name of ours."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.web.head import straight
from cnddigest.web.host import host


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("localhost", "localhost"),
        ("LocalHost:8000", "localhost"),
        ("localhost:", "localhost"),
        ("my_app:80", "my_app"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "::1"),
        ("[0:0:0:0:0:0:0:1]", "::1"),
        ("recaps.example.org.", "recaps.example.org."),
        ("a%2Fb", None),
        ("", ""),
        ("evil@localhost", None),
        ("localhost:x", None),
        ("localhost:80:80", None),
        ("localhost:65536", None),
        ("localhost/", None),
        ("localhost?x", None),
        ("localhost#x", None),
        ("localhost\\x", None),
        ("localhost\n", None),
        ("localhost, localhost", None),
        ("local host", None),
        ("::1", None),
        ("[::1", None),
        ("[::1%eth0]", None),
        ("[1.2.3.4]", None),
        ("127.0.0.1%61.evil.example", None),
        ("港", None),
        ("１２７.0.0.1", None),
    ],
)
def test_a_host_is_read_from_what_has_one(said: str, expected: str | None) -> None:
    assert host(said) == expected


@given(st.ip_addresses(v=6), st.integers(0, 65535))
def test_every_address_is_read_whatever_the_port(address: ipaddress.IPv6Address, port: int) -> None:
    assert host(f"[{address.exploded}]:{port}") == str(address)


@given(st.text(max_size=40))
def test_what_is_read_as_a_host_has_nothing_in_it_that_ends_one(said: str) -> None:
    found = host(said)

    assert found is None or not set(found) & set("@/?#\\ \t\r\n[]")


def test_a_whole_address_says_which_host_is_meant() -> None:
    fields = [(b"accept", b"*/*"), (b"host", b"other")]

    target = straight(b"http://Name:80?q=1#x", fields)

    assert (target, fields) == (b"/?q=1", [(b"accept", b"*/*"), (b"host", b"Name:80")])
