"""Addresses that stand in a text: the same answer as looking for each of them, in less time."""

import time

from hypothesis import given
from hypothesis import strategies as st

from cnddigest.rendering.mentioned import FEW, mentioned

LIMIT = 2.0  # seconds of processor time; one after the other they would take a minute
ALPHABET = st.text('ab/:. "<&', max_size=6)
URLS = st.one_of(
    ALPHABET.map("https://".__add__), ALPHABET.map("http://".__add__), ALPHABET.map("mailto:".__add__), ALPHABET
)
ENOUGH = [f"https://none.example/{number}" for number in range(FEW + 1)]


@given(st.lists(st.one_of(URLS, ALPHABET)), st.lists(URLS))
def test_many_are_found_as_each_alone_is(pieces: list[str], urls: list[str]) -> None:
    html = "".join(pieces)

    found = mentioned(html, [*urls, *ENOUGH])

    assert found == {url for url in urls if url in html}


def test_a_text_full_of_addresses_is_read_a_few_times_only() -> None:
    urls = [f"https://harbour.example/{number}" for number in range(10_000)]
    html = "".join(f"<p>{'text ' * 10}{url}</p>" for url in urls[::2])
    begin = time.process_time()

    found = mentioned(html, urls)

    assert found >= set(urls[::2])
    assert time.process_time() - begin < LIMIT


def test_an_address_that_never_ends_costs_no_more() -> None:
    html = "http://" * 20_000
    begin = time.process_time()

    found = mentioned(html, ["http://http://", *ENOUGH])

    assert found == {"http://http://"}
    assert time.process_time() - begin < LIMIT
