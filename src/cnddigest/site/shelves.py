"""How long lists are cut so that a release rewrites the last piece only: pure arithmetic, counted from 1."""

from collections.abc import Iterator

from cnddigest.site.paths import PAGES_IN_ONE, PAGES_PER_MAP, ROWS_PER_PAGE, SEARCH_LIMIT, SESSIONS_PER_SHELF

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


def fits_in_one_map(pages: int) -> bool:
    """Say whether a site is small enough for a single sitemap."""
    return pages <= PAGES_IN_ONE


def shelves(sessions: int, *, since: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield number, first and last session of each file of a large index that holds a session after `since`."""
    return _cut(sessions, SESSIONS_PER_SHELF, since)


def maps(pages: int, *, since: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield number, first and last page of each file of a large sitemap that holds a page after `since`."""
    return _cut(pages, PAGES_PER_MAP, since)


def _cut(count: int, most: int, since: int) -> Iterator[tuple[int, int, int]]:
    for number in range(since // most + 1, (count + most - 1) // most + 1):
        first = most * (number - 1) + 1
        yield number, first, min(first + most - 1, count)
