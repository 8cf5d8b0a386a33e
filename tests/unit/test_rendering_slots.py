"""Slots: a text with holes, filled at once or in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from cnddigest.rendering.slots import clean, encoded, fill, filled, slot

NAMES = st.sampled_from(["next", "rows", "self_url"])
TEXTS = st.text().map(clean)


@given(st.lists(st.one_of(TEXTS, NAMES.map(slot))), TEXTS, st.lists(TEXTS), TEXTS)
def test_pieces_encode_to_what_the_whole_does(parts: list[str], after: str, rows: list[str], url: str) -> None:
    text = "".join(parts)

    pieces = encoded(filled(text, {"next": after, "rows": rows, "self_url": url}))

    assert pieces == fill(text, {"next": after, "rows": "".join(rows), "self_url": url}).encode()


@given(st.text(), NAMES)
def test_nobody_can_forge_a_slot(text: str, name: str) -> None:
    forged = clean(text + slot(name))

    assert fill(forged, {}) == forged


def test_a_slot_makes_no_text_wider_than_it_is() -> None:
    latin = "Hamburg – nein, Köln".replace("–", "-")

    assert max(latin + slot("next")) < "\u0100"
