"""Permanent names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.errors import BadConfiguration
from cnddigest.serial.identity import ascii_host, entry_id, tag


def test_a_tag_names_host_year_and_slug():
    assert tag("recaps.example.org", 2026, "cndt2022") == "tag:recaps.example.org,2026:cndt2022"


def test_an_entry_id_names_run_and_part():
    assert entry_id("tag:a.example,2026:s", "run-7", "part-1") == "tag:a.example,2026:s/run-7/part-1"


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("Recaps.Example.ORG", "recaps.example.org"),
        ("recaps.example.org:8443", "recaps.example.org"),
        ("recaps.example.org.", "recaps.example.org"),
        ("ＢÜcher.Example", "xn--bcher-kva.example"),
        ("localhost:8000", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("my_host", "my-host"),
        ("[2001:DB8::1]:8000", "ip6-2001-db8--1-ip6"),
    ],
)
def test_a_host_is_ascii_lower_case_without_port(written, known):
    assert ascii_host(written) == known


@pytest.mark.parametrize("host", ["", ":80", ".", "a..b", "a" * 64 + ".example", "a b", "<x>", ".".join(["a"] * 200)])
def test_what_is_no_host_is_refused_in_a_sentence(host):
    with pytest.raises(BadConfiguration, match="not a host name"):
        ascii_host(host)


@given(st.text(max_size=60))
def test_any_text_makes_a_valid_tag_or_a_refusal(host):
    try:
        made = tag(host, 2026, "s")
    except BadConfiguration:
        return

    assert re.fullmatch(r"tag:[a-z0-9][a-z0-9.-]*,2026:s", made)


@given(st.text(max_size=20))
def test_normalising_a_host_twice_changes_nothing(host):
    try:
        once = ascii_host(host)
    except BadConfiguration:
        return

    assert ascii_host(once) == once
