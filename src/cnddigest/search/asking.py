"""What somebody typed, as a Query: words, and phrases in quotation marks. Every other character stands for itself."""

import re
from collections.abc import Iterator

from cnddigest.errors import WrongUse
from cnddigest.search.model import MOST_CHARACTERS, MOST_TERMS, Query, Term
from cnddigest.search.spelling import is_running, tokens

QUOTES = str.maketrans(dict.fromkeys("“”„‟＂", '"'))  # what telephones make of them
TYPED = re.compile(r'"([^"]*)("?)|([^\s"]+)')


def parse(asked: str) -> Query:
    """Return what was asked, without Terms where there is nothing to look for; raises WrongUse where it is too much.

    The last word may go on: people look at what is found while they type. A phrase is as it is.
    """
    asked = " ".join(asked.split())
    if len(asked) > MOST_CHARACTERS:
        raise WrongUse(f"search for less: at most {MOST_CHARACTERS} characters")
    terms = tuple(dict.fromkeys(_terms(asked)))
    if len(terms) > MOST_TERMS:
        raise WrongUse(f"search for less: at most {MOST_TERMS} words")
    return Query(asked=asked, terms=terms)


def _terms(asked: str) -> Iterator[Term]:
    typed = list(TYPED.finditer(asked.translate(QUOTES)))
    for number, found in enumerate(typed, start=1):
        is_word = found[3] is not None
        if term := term_of(found[3] if is_word else found[1], goes_on=is_word and number == len(typed)):
            yield term


def term_of(text: str, *, goes_on: bool = False) -> Term | None:
    """Return the Term that finds this text, None where it has no letter and no digit.

    A run that ends a Term may go on in the text whatever it says: such scripts have no ends of words.
    """
    found = tokens(text)
    if not found:
        return None
    if not is_running(found[-1]):
        return Term(tokens=tuple(found), open_ended=goes_on)
    if len(found) > 1 and len(found[-2]) == 2 and is_running(found[-2]):
        return Term(tokens=tuple(found[:-1]))  # its last character stands in the pair before it
    return Term(tokens=tuple(found), open_ended=True)
