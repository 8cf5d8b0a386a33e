"""Signs: what is said in one sentence to whoever finds nothing, comes too often, or too early."""

from dataclasses import dataclass

from cnddigest.rendering.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A page with nothing but this."""

    title: str
    sentence: str


def nothing_here(words: Words) -> Sign:
    """Return what is said at every address that leads nowhere: the same for what never was and what is not out yet."""
    return Sign(
        title=words.text("Page not found"),
        sentence=words.text("The address may be incomplete or mistyped."),
    )


def leads_nowhere(words: Words) -> Sign:
    """Return what is said to whoever holds a link that names nobody, whatever the reason."""
    return Sign(
        title=words.text("This link doesn't work"),
        sentence=words.text(
            "It is incomplete or too old, or the subscription is gone. Please open the link in one of our emails."
        ),
    )


def many_searches(words: Words) -> Sign:
    """Return what is said where a network asks too much."""
    return Sign(
        title=words.text("One moment, please"),
        sentence=words.text("Too many searches are coming from your network. Please try again in a minute."),
    )


def no_search_now(words: Words) -> Sign:
    """Return what is said while nothing can be searched."""
    return Sign(
        title=words.text("One moment, please"),
        sentence=words.text("Search is unavailable right now. Please try again in a minute."),
    )


def no_search(words: Words) -> Sign:
    """Return what is said where nothing ever can be."""
    return Sign(
        title=words.text("Search is unavailable"),
        sentence=words.text("This server can't search, but you can read everything that is out."),
    )
