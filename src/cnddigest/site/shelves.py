"""How long lists are cut so that a release rewrites the last piece only: pure arithmetic, counted from 1."""

from collections.abc import Iterator

from cnddigest.site.paths import ROWS_PER_PAGE, SEARCH_LIMIT, SESSIONS_PER_SHELF

RECORD_OVERHEAD = 400  # bytes of JSON around the text of one session in the search index, at most


def older_pages(parts: int) -> int:
    """Return how many pages of earlier Parts stand beside the front page, which lists 1 to 199 of the last ones."""
    return max(0, parts // ROWS_PER_PAGE - 1)


def rows_on(page: int) -> tuple[int, int]:
    """Return the first and last Part on a page of earlier Parts."""
    return ROWS_PER_PAGE * (page - 1) + 1, ROWS_PER_PAGE * page


def first_row(parts: int) -> int:
    """Return the first Part listed on the front page."""
    return ROWS_PER_PAGE * older_pages(parts) + 1


def fits_in_one(size: int, sessions: int) -> bool:
    """Say whether a search index of that much text is small enough for a single file."""
    return size + RECORD_OVERHEAD * sessions <= SEARCH_LIMIT


def shelves(sessions: int, *, since: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield number, first and last session of each file of a large index that holds a session after `since`."""
    for number in range(since // SESSIONS_PER_SHELF + 1, (sessions + SESSIONS_PER_SHELF - 1) // SESSIONS_PER_SHELF + 1):
        first = SESSIONS_PER_SHELF * (number - 1) + 1
        yield number, first, min(first + SESSIONS_PER_SHELF - 1, sessions)
