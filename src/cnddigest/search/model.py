"""What is found: released Sessions, and what somebody asked for."""

from dataclasses import dataclass

MOST_CHARACTERS = 200  # of a question: more is no question
MOST_TERMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """A released Session as it can be found. `position` is its place in its Part, from 1."""

    serial: str
    part: int
    position: int
    session_id: str
    title: str
    speakers: tuple[str, ...]
    text: str

    @property
    def fields(self) -> tuple[str, str, str]:
        """Return the texts that are looked through, each by itself: nothing matches from one into the next."""
        return self.title, "\n".join(self.speakers), self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Tokens that have to stand one behind the other; with `open_ended` the last one may be longer in the text."""

    tokens: tuple[str, ...]
    open_ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was asked: every Term has to stand somewhere in a Session."""

    asked: str
    terms: tuple[Term, ...] = ()
