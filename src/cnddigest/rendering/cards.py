"""A link that stands alone as a card: what it leads to, its author's words, and the host; nothing of it is loaded."""

import html as entities
import re
from urllib.parse import urlsplit

from cnddigest.recap import links
from cnddigest.recap.model import Link
from cnddigest.rendering.markup import Html
from cnddigest.rendering.views import LINK_WORDS
from cnddigest.rendering.words import Words

ALONE = re.compile(r'<p><a href="(https?://[^"]+)"((?: [a-z]+="[^"]*")*)>([^<>]+)</a></p>')


def cards(html: Html, words: Words) -> Html:
    """Return clean HTML in which each paragraph that is nothing but a link out of the site is a card.

    Players, slides and posts of other sites are such paragraphs (see `markup.safe`), and so are bare addresses.
    """
    return Html(ALONE.sub(lambda found: _card(found, words), html)) if "<p><a " in html else html


def _card(found: re.Match[str], words: Words) -> str:
    url, label = entities.unescape(found[1]), entities.unescape(found[3])
    host = _host(url)
    if not host:
        return found[0]
    word = LINK_WORDS[links.kind(Link(label=label, url=url))]
    kind = words.text(word) if word else ""
    shown = "" if label == kind else found[3].partition("://")[2] or found[3] if label == url else found[3]
    lines = (("kind", entities.escape(kind)), ("label", shown), ("host", "" if label == url else entities.escape(host)))
    inside = " ".join(f'<span class="{name}">{line}</span>' for name, line in lines if line)
    return f'<p class="embed"><a href="{found[1]}"{found[2]}>{inside}</a></p>'


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
