"""What stands on a poster, in the interface's words."""

from cnddigest.picture.poster import Poster
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.slots import clean
from cnddigest.rendering.views import without_serial
from cnddigest.rendering.words import Words

LONGEST = 300  # characters of one text: more than there is room for, and what is cut off is measured letter by letter


def of_part(words: Words, masthead: Masthead, number: int, title: str) -> Poster:
    """Return the poster of a Part that is out, by its number and title."""
    headline = without_serial(masthead, title)
    place = words.text("Part {number} of {count}", number=number, count=masthead.parts)
    return _poster(masthead, headline, place)


def of_serial(words: Words, masthead: Masthead) -> Poster:
    """Return the poster of a Serial: nothing on it depends on what is out."""
    dates = words.dates(masthead.first_on, masthead.last_on or masthead.first_on) if masthead.first_on else ""
    count = words.plural("{count} part", "{count} parts", masthead.parts)
    return _poster(masthead, clean(masthead.title), " · ".join(filter(None, (dates, count))))


def _poster(masthead: Masthead, headline: str, place: str) -> Poster:
    serial, publication = clean(masthead.title)[:LONGEST], clean(masthead.publication.title)[:LONGEST]
    headline = headline[:LONGEST]
    headlines = dict.fromkeys((headline, serial, publication))
    return Poster(
        headlines=tuple(headlines),
        above=publication if publication != headline else "",
        below=(serial, place) if headline != serial else (place,),
    )
