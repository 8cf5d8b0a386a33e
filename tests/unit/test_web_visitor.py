"""Who asks: a network for the limits, whatever a visitor writes into headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from cnddigest.audience.model import LANGUAGES
from cnddigest.web import visitor


def a_request(client: str | None, *forwarded: str, headers: dict[str, str] | None = None) -> Request:
    raw = [(b"x-forwarded-for", each.encode("latin-1")) for each in forwarded]
    raw += [(name.encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    return Request(
        {"type": "http", "headers": raw, "client": client and (client, 1), "query_string": b"", "method": "GET"}
    )


@pytest.mark.parametrize(
    ("client", "forwarded", "network"),
    [
        ("203.0.113.77", (), "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", (), "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", (), "203.0.113.0/24"),
        ("fe80::1%eth0", (), "fe80::/48"),
        ("127.0.0.1", ("203.0.113.77",), "203.0.113.0/24"),
        ("::1", ("203.0.113.77",), "203.0.113.0/24"),
        (None, ("203.0.113.77",), "203.0.113.0/24"),  # a proxy on a Unix socket
        (None, (), "unknown"),
        ("127.0.0.1", ("198.51.100.1, 203.0.113.77",), "203.0.113.0/24"),  # the visitor wrote the first one
        ("127.0.0.1", ("198.51.100.1", "203.0.113.77"), "203.0.113.0/24"),
        ("127.0.0.1", ("203.0.113.77, ",), "127.0.0.0/24"),
        ("127.0.0.1", ("unknown",), "127.0.0.0/24"),
        ("127.0.0.1", ("203.0.113.77:4711",), "203.0.113.0/24"),
        ("127.0.0.1", ("[2001:db8:1::1]:443",), "2001:db8:1::/48"),
        ("127.0.0.1", ("[2001:db8:1::1]",), "2001:db8:1::/48"),
        ("127.0.0.1", ("2001:db8:1::1",), "2001:db8:1::/48"),
        ("127.0.0.1", ("198.51.100.1:80, 203.0.113.77:4711",), "203.0.113.0/24"),
        ("203.0.113.77", ("198.51.100.1",), "203.0.113.0/24"),  # no proxy of ours: what it says is its own
        ("10.0.0.5", ("198.51.100.1",), "10.0.0.0/24"),
    ],
)
def test_a_network_is_that_of_whoever_our_own_proxy_saw(
    client: str | None, forwarded: tuple[str, ...], network: str
) -> None:
    assert visitor.network(a_request(client, *forwarded)) == network


@pytest.mark.parametrize(
    ("client", "said", "network"),
    [
        ("127.0.0.1", "for=203.0.113.77", "203.0.113.0/24"),
        ("127.0.0.1", 'for="203.0.113.77:4711";proto=https', "203.0.113.0/24"),
        ("127.0.0.1", 'proto=https; For="[2001:db8:1::1]:443"', "2001:db8:1::/48"),
        ("::1", "for=198.51.100.1, for=203.0.113.77;by=203.0.113.1", "203.0.113.0/24"),  # the last is whom ours saw
        ("127.0.0.1", "for=unknown", "127.0.0.0/24"),
        ("127.0.0.1", "for=_hidden", "127.0.0.0/24"),
        ("127.0.0.1", "proto=https", "127.0.0.0/24"),
        ("203.0.113.77", "for=198.51.100.1", "203.0.113.0/24"),
    ],
)
def test_a_proxy_may_say_forwarded_instead(client: str, said: str, network: str) -> None:
    assert visitor.network(a_request(client, headers={"forwarded": said})) == network


def test_a_visitor_who_writes_forwarded_is_not_believed_where_the_proxy_says_x_forwarded_for() -> None:
    asked = a_request("127.0.0.1", "203.0.113.77", headers={"forwarded": "for=198.51.100.1"})

    assert visitor.network(asked) == "203.0.113.0/24"


@given(st.text(st.characters(max_codepoint=255), max_size=200))
def test_nothing_that_a_proxy_passes_on_fails(said: str) -> None:
    forwarded, other = a_request("127.0.0.1", said), a_request("127.0.0.1", headers={"forwarded": said})

    assert "/" in visitor.network(forwarded)
    assert "/" in visitor.network(other)


@given(st.text(st.characters(max_codepoint=255), max_size=200))
def test_nothing_in_in_a_header_makes_a_network_up_or_fails(said: str) -> None:
    found = visitor.network(a_request("203.0.113.77", said, headers={"forwarded": said, "x-real-ip": said}))

    assert found == "203.0.113.0/24"


@given(st.text(st.characters(max_codepoint=255), max_size=600))
def test_any_accept_language_is_understood_or_passed_over(said: str) -> None:
    assert visitor.preferred(said) in (*LANGUAGES, "")


@given(st.lists(st.sampled_from(["ja", "en", "fr", "de-AT"]), unique=True, min_size=1))
def test_the_best_language_with_texts_is_taken(ranked: list[str]) -> None:
    said = ", ".join(f"{tag};q={1 - index / 10:.1f}" for index, tag in enumerate(ranked))

    assert visitor.preferred(said) == next((tag for tag in ranked if tag in LANGUAGES), "")


@pytest.mark.parametrize(
    ("client", "said", "found"),
    [
        ("127.0.0.1", "", ""),
        ("::1", "", ""),
        ("127.0.0.1", "203.0.113.9", "203.0.113.0/24"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.0/24"),
    ],
)
def test_who_comes_from_this_machine_and_through_nobody_is_no_network(client: str, said: str, found: str) -> None:
    assert visitor.crowd(a_request(client, *filter(None, [said]))) == found
