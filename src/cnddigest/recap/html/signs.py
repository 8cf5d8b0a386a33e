"""What an element's name, classes and attributes say about it: what it is for, and whether anybody sees it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

# Never text, so nothing of them is told.
SILENT = frozenset(
    {"script", "style", "template", "svg", "head", "title", "canvas", "map", "link", "meta", "base"}
    | {"param", "source", "track", "datalist"}
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog"}
    | {"dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4"}
    | {"h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "noframes", "ol"}
    | {"optgroup", "option", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead"}
    | {"tr", "ul"}
)
LONGEST_HINT = 1_000  # characters of classes and ids that are looked at

_TAGS = {
    "nav": "navigation",
    "menu": "navigation",
    "aside": "page furniture",
    "dialog": "page furniture",
    "noscript": "page furniture",
    "form": "form",
    "button": "form",
    "select": "form",
    "textarea": "form",
    "input": "form",
    "fieldset": "form",
}
_ROLES = {
    "navigation": "navigation",
    "search": "form",
    "banner": "page furniture",
    "contentinfo": "page furniture",
    "complementary": "page furniture",
    "dialog": "page furniture",
    "alertdialog": "page furniture",
    "toolbar": "page furniture",
    "doc-toc": "contents",
}
# The classes and ids of blog services, themes and plug-ins: words between hyphens, in the order they are tried.
_STRONG: Mapping[str, str] = {
    "contents": (
        "toc|tocbot|toc-container|ez-toc|lwptoc|table-of-contents|tableofcontents|contents-list|mokuji|outline-nav"
    ),
    "share buttons": (
        "share|shares|sharing|sharer|share-buttons?|sns|sns-buttons?|social|socials|sharedaddy|"
        "sharing-buttons|addtoany|addthis|tweet-button|like-button|likes|fb-like|clap|claps|reactions?|"
        "hatena-star|star-container|hatena-bookmark|hatena-bookmark-button|support-button"
    ),
    "related articles": (
        "related|relatedposts|related-posts|related-articles|recommend|recommended|recommends|"
        "recommendations?|popular-posts|latest-posts|recent-posts|recent-entries|similar-posts|yarpp|"
        "read-next|readnext|more-posts|prev-next|next-prev|post-nav|post-navigation|nav-links|pager|"
        "pagination|nav-previous|nav-next"
    ),
    "comments": (
        "comments|comments-area|comment-area|comment-list|comment-form|comment-respond|comment-box|"
        "commentlist|respond|disqus|disqus-thread|utterances|giscus|trackbacks?"
    ),
    "advertisement": (
        "ad|ads|adsbygoogle|adsense|advert|advertisement|advertising|sponsored|affiliate|affiliates|pochipp|"
        "pochipp-box|kaerebanner|kaerebalink|rinker|yyi-rinker|yomereba|booklink|booklink-box|amazlet|"
        "amazlet-box|cstmreba|asin|asin-detail|hatena-asin-detail|appreach|af-link|dfp|google-auto-placed|"
        "taboola|outbrain|promotion|promo"
    ),
    "page furniture": (
        "cookie|cookies|cookie-banner|cookie-consent|consent|gdpr|newsletter|newsletter-form|subscribe|"
        "subscription|mailing-list|modal|popup|paywall|signup|sign-up|breadcrumbs?|breadcrumb-list|sidebar|"
        "site-header|site-footer|global-header|global-footer|globalheader|globalfooter|skip-link|"
        "skip-to-content|edit-this-page|edit-page|toast|snackbar|navbar|nav|navigation|copy-button|copy-btn|"
        "btn-copy|code-copy|clipboard|clipboard-button"
    ),
    "line numbers": (
        "gutter|lineno|linenos|line-number|line-numbers|linenumber|linenodiv|rouge-gutter|code-line-number"
    ),
    "author box": (
        "author-box|author-bio|author-info|about-author|post-author|profile-card|user-profile|author-profile"
    ),
    "icon": ("msg-symbol|admonition-icon|callout-icon|alert-icon|note-icon"),
    "hidden": ("sr-only|visually-hidden|screen-reader-text|screen-reader|is-hidden|d-none"),
}
# Words that also stand inside an article, so they count only above its first paragraph and below its last.
_WEAK = (
    "author|authors|profile|bio|byline|meta|metadata|entry-meta|post-meta|tags?|tag-list|topics?|categor(?:y|ies)|"
    "cat-links|posted-on|posted|published|date|datetime|time|timestamp|reading-time|avatar|users?|footer|"
    "entry-footer|follow|followers?|comment|actions?|toolbar|buttons?|badges?|card-author|subscribe-box|banner|header-menu"
)
_CONTENT = (  # an aside of these is a box of the author's
    "msg|message|note|callout|admonition|alert|tip|info|warning|caution|important|hint|danger|notice|supplement"
)
# Where services and themes keep the text of an article.
_BODY = (
    "article-body|articlebody|article-content|article-text|article-main|entry-content|entry-body|entry-text|post-content|"
    "post-body|post-text|postbody|post-article|blog-post|blog-content|page-content|td-content|td-post-content|"
    "markdown-body|it-md-content|znc|note-body|textnote-body|text-note|note-common-styles-textnote-body|e-content|"
    "hentry|hatena-body|crayons-article-body|single-content|rich-text|story-body|story-content|main-content|"
    "content-body|body-content|md-content-inner|theme-doc-markdown"
)
_CARD = (
    "blogcard|blog-card|linkcard|link-card|ogp|oembed|bookmark-card|kg-bookmark-card|external-article|"
    "external-article-widget|rich-link|wp-embedded-content|embed-card|zenn-embedded-link-card|ltag-link"
)
_LOOSE_CARD = "card|cards|embed|embedded|bookmark|preview|widget-card|quote-card"  # theirs, unless they hold a heading


def _words(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=-)| ){'(?:' + alternatives + ')'}(?=$|-| )")


_STRONG_WORDS = tuple((reason, _words(words)) for reason, words in _STRONG.items())
_WEAK_WORDS, _CONTENT_WORDS, _BODY_WORDS = map(_words, (_WEAK, _CONTENT, _BODY))
_CARD_WORDS, _LOOSE_CARD_WORDS = map(_words, (_CARD, _LOOSE_CARD))
_NOT_FURNITURE = _words("no-sidebar|has-sidebar|with-sidebar|has-toc|with-toc|no-toc")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^a-z0-9 ]+")
_UNSEEN = re.compile(r"(?:^|[;\s])(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _hint(names: str) -> str:
    """Return classes and ids as lower-case words with hyphens: `View_tocBox__x1` gives `view-toc-box-x1`."""
    return _SEPARATORS.sub("-", _HUMP.sub("-", names).lower())


def hint(node: "_Element") -> str:
    """Return the classes and id of an element in one spelling."""
    names = f"{node.get('class') or ''} {node.get('id') or ''}".strip()
    return _hint(names[:LONGEST_HINT]) if names else ""


@lru_cache(maxsize=4096)
def _said(names: str) -> str:
    if _NOT_FURNITURE.search(names):
        return ""
    return next((reason for reason, words in _STRONG_WORDS if words.search(names)), "")


def furniture(node: "_Element") -> str:
    """Return why an element is no part of an article wherever it stands, `""` if it may be one."""
    tag = str(node.tag)
    if _is_unseen(node):
        return "hidden"
    names = hint(node)
    if tag == "aside" and _CONTENT_WORDS.search(names):
        return ""
    if tag in HEADINGS:
        return ""
    said = _said(names) if names and tag not in {"html", "body"} else ""
    return said or _TAGS.get(tag) or _ROLES.get(node.get("role") or "", "")


def _is_unseen(node: "_Element") -> bool:
    if node.get("hidden") is not None or node.get("aria-hidden") == "true":
        return True
    return bool((style := node.get("style")) and _UNSEEN.search(style[:LONGEST_HINT]))


def is_weak(node: "_Element") -> bool:
    """Say whether an element is furniture if it stands above or below the text: a byline, tags, a profile."""
    if node.tag in {"time", "header", "footer"}:
        return True
    return node.tag not in HEADINGS and bool((names := hint(node)) and _weak(names))


@lru_cache(maxsize=4096)
def _weak(names: str) -> bool:
    return bool(_WEAK_WORDS.search(names))


def is_body(node: "_Element") -> bool:
    """Say whether an element calls itself the text of an article."""
    if node.get("itemprop") in {"articleBody", "text"}:
        return True
    return bool((names := hint(node)) and _BODY_WORDS.search(names))


def is_article(node: "_Element") -> bool:
    """Say whether an element calls itself an article, or the main part of its page."""
    return node.tag in {"article", "main"} or node.get("role") in {"main", "article"}


def is_card(node: "_Element") -> bool:
    """Say whether an element calls itself the card of another page, with that page's headings in it."""
    return bool((names := hint(node)) and _CARD_WORDS.search(names))


def may_be_card(node: "_Element") -> bool:
    """Say whether an element has a name that cards of other pages have, among other things."""
    return bool((names := hint(node)) and (_CARD_WORDS.search(names) or _LOOSE_CARD_WORDS.search(names)))
