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
        title=words.text("Nothing is here"),
        sentence=words.text("The address may have been cut off on its way, or written by mistake."),
    )


def many_searches(words: Words) -> Sign:
    """Return what is said where a network asks too much."""
    return Sign(
        title=words.text("One moment, please"),
        sentence=words.text("So many search from your network that this has to wait. Please try again in a minute."),
    )


def no_search_now(words: Words) -> Sign:
    """Return what is said while nothing can be searched."""
    return Sign(
        title=words.text("One moment, please"),
        sentence=words.text("Nothing can be searched just now. Please try again in a minute."),
    )


def no_search(words: Words) -> Sign:
    """Return what is said where nothing ever can be."""
    return Sign(
        title=words.text("No search here"),
        sentence=words.text("This server can't search. Everything that is out can be read all the same."),
    )
