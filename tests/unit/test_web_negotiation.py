"""What a reader would rather have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.web.negotiation import packing, wants_page

RSS = "application/rss+xml"


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        (b"", "identity"),
        (b"gzip", "gzip"),
        (b"x-gzip", "gzip"),
        (b"GZIP, deflate, BR, zstd", "br"),
        (b"br;q=0.5, gzip;q=0.8", "gzip"),
        (b"br; q=0, gzip ;q=0.001", "gzip"),
        (b"gzip;q=0, br;q=0.0", "identity"),
        (b"*;q=0", "identity"),
        (b"*", "br"),
        (b"*, br;q=0", "gzip"),
        (b"identity, gzip;q=0.5", "identity"),
        (b"identity;q=0, gzip;q=0", "identity"),
        (b"gzip;q=nonsense", "gzip"),
        (b"gzip, " * 1000, "identity"),
    ],
)
def test_what_weighs_most_is_chosen_and_of_equals_the_smallest(accepted, best):
    assert packing(accepted) == best


@given(st.binary(max_size=1200))
def test_no_header_whatever_breaks_it(accepted):
    assert packing(accepted) in ("br", "gzip", "identity")
    assert wants_page(accepted, RSS) in (True, False)


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        (b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        (b"*/*", False),
        (b"", False),
        (b"text/html;q=0", False),
        (b"application/rss+xml, text/html;q=0.8", False),
        (b"application/rss+xml;q=0.5, text/html", True),
        (b"application/rss+xml, text/html", False),
    ],
)
def test_a_page_is_wanted_by_who_names_it_before_the_feed(accepted, wanted):
    assert wants_page(accepted, RSS) is wanted
