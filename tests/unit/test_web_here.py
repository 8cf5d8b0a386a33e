"""What may be seen on this machine alone: the rule, and that every door asks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.web import here
from cnddigest.web.watch import may_read

OURS = {b"host": b"localhost:8000"}
SIGNS = [
    b"forwarded",
    b"via",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"x-forwarded-proto",
    b"x-forwarded-server",
    b"x-original-forwarded-for",
    b"x-real-ip",
    b"cf-connecting-ip",
    b"cf-ray",
    b"cdn-loop",
    b"client-ip",
    b"fastly-client-ip",
    b"fly-client-ip",
    b"max-forwards",
    b"ngrok-trace-id",
    b"proxy-client-ip",
    b"true-client-ip",
    b"wl-proxy-client-ip",
    b"x-arr-log-id",
    b"x-azure-clientip",
    b"x-client-ip",
    b"x-cluster-client-ip",
    b"x-envoy-external-address",
    b"x-envoy-internal",
    b"x-original-host",
    b"x-proxyuser-ip",
]


def a_scope(address: str = "127.0.0.1", headers: dict[bytes, bytes] = OURS, version: str = "1.1") -> dict[str, object]:
    return {"type": "http", "client": (address, 40_000), "headers": [*headers.items()], "http_version": version}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:192.0.2.1", False),
        ("192.0.2.1", False),
        ("2001:db8::1", False),
        ("", False),
    ],
)
def test_this_machine_is_known_by_every_way_to_write_its_address(address, expected):
    scope = a_scope(address)

    found = here.is_here(scope)

    assert found == expected


@pytest.mark.parametrize("sign", SIGNS)
def test_what_a_proxy_passed_on_was_not_asked_here(sign):
    scope = a_scope(headers=OURS | {sign: b""})

    found = here.is_here(scope)

    assert not found


def test_the_old_version_is_a_proxys():
    scope = a_scope(version="1.0")

    found = here.is_here(scope)

    assert not found


@pytest.mark.parametrize("host", [b"localhost", b"LOCALHOST:1", b"127.0.0.1:8000", b"[::1]:8000", b"[::1]"])
def test_our_own_names_are_known(host):
    scope = a_scope(headers={b"host": host})

    found = here.is_here(scope)

    assert found


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b"evil.example",
        b"localhost.evil.example",
        b"evil.example@localhost",
        b"localhost@evil.example",
        b"localhost/..",
        b"localhost:80:80",
        b"[::1",
        b"127.0.0.1.evil.example",
        b"192.0.2.1",
        b"127.0.0.1%61.evil.example",
        b"127.0.0.1%00",
        b"127.0.0.1%25lo:8000",
        b"%6cocalhost",
        b"localhost, evil.example",
        "localhost\u0131".encode(),
    ],
)
def test_a_name_that_is_led_here_is_none_of_ours(host):
    scope = a_scope(headers={b"host": host})

    found = here.is_here(scope)

    assert not found


def test_two_names_or_none_are_none_of_ours():
    twice, none = a_scope(), a_scope(headers={})
    twice["headers"] = [(b"host", b"localhost")] * 2

    found = [here.is_here(scope) for scope in (twice, none)]

    assert found == [False, False]


@given(st.binary(max_size=40))
def test_no_host_is_a_fault(host):
    scope = a_scope(headers={b"host": host})

    found = here.name(scope)

    assert found == found.lower()


@pytest.mark.parametrize("headers", [{b"host": b"evil.example"}, *(OURS | {sign: b"x"} for sign in SIGNS)])
def test_figures_are_for_this_machine_by_the_same_rule(headers):
    scope = a_scope(headers=headers)

    found = may_read(scope, None)

    assert not found


def test_a_token_opens_them_anywhere():
    scope = a_scope("192.0.2.1", {b"host": b"evil.example", b"authorization": b"Bearer a-token-of-some-length"})

    found = may_read(scope, "a-token-of-some-length")

    assert found
