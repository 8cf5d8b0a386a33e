"""What was made lately stays while there is room, and nobody can tell but by the time it takes."""

from hypothesis import given
from hypothesis import strategies as st

from cnddigest.rendering.lately import Lately

LETTERS = st.sampled_from("abcdefgh")


def shelf(room: int = 10, most: int = 3) -> Lately[str, str]:
    return Lately(room, most=most, size=len)


def absent() -> str:
    raise AssertionError("made twice")


def test_what_is_there_is_not_made_again() -> None:
    lately = shelf()
    lately.get("a", lambda: "text")

    found = lately.get("a", absent)

    assert found == "text"


def test_what_was_used_longest_ago_gives_way() -> None:
    lately = shelf()
    for key in ("a", "b", "a", "c"):
        lately.get(key, lambda: "1234")

    made = [lately.get(key, lambda: "anew") for key in ("a", "c", "b")]

    assert made == ["1234", "1234", "anew"]


def test_the_last_one_stays_however_large_it_is() -> None:
    lately = shelf()
    lately.get("a", lambda: "x" * 1000)

    found = lately.get("a", absent)

    assert len(found) == 1000


def test_forgetting_makes_room() -> None:
    lately = shelf()
    lately.get("a", lambda: "1234567890")
    lately.clear()
    for key in "bc":
        lately.get(key, lambda: "12345")

    made = [lately.get(key, absent) for key in "bc"]

    assert made == ["12345", "12345"]


@given(st.lists(st.tuples(LETTERS, st.integers(0, 14))), st.integers(1, 12), st.integers(1, 4))
def test_no_more_is_kept_than_there_is_room_for(asked: list[tuple[str, int]], room: int, most: int) -> None:
    lately = shelf(room, most)
    kept: list[tuple[str, int]] = []  # the oldest first

    for key, size in asked:
        known = dict(kept)
        found = lately.get(key, lambda size=size: "x" * size)  # type: ignore[misc]

        assert len(found) == known.get(key, size)
        kept = [pair for pair in kept if pair[0] != key]
        if key not in known:
            while kept and (sum(n for _, n in kept) + size > room or len(kept) >= most):
                kept.pop(0)
        kept.append((key, len(found)))
