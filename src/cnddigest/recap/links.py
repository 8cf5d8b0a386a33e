"""What a link of a session leads to, by its host, its path and its label."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

from cnddigest.recap.model import Link

LinkKind = Literal[
    "page",  # the talk's page at its conference
    "slides",  # what was shown
    "video",  # the recording
    "code",  # a repository
    "document",  # a file to read
    "other",
]
SLIDES: Final = "slides"
VIDEO: Final = "video"
CODE: Final = "code"
ORDER: tuple[LinkKind, ...] = ("page", "slides", "video", "code", "document", "other")

LONGEST_LABEL = 40  # characters; a longer label is a sentence, whose words prove nothing

_HOSTS: dict[str, LinkKind] = {
    **dict.fromkeys(
        ("speakerdeck.com", "slideshare.net", "docswell.com", "slides.com", "slid.es", "noti.st", "prezi.com"), SLIDES
    ),
    **dict.fromkeys(("pitch.com", "gamma.app", "sli.dev"), SLIDES),
    **dict.fromkeys(("youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com", "dailymotion.com"), VIDEO),
    **dict.fromkeys(("nicovideo.jp", "nico.ms", "twitch.tv", "media.ccc.de", "loom.com"), VIDEO),
    **dict.fromkeys(("github.com", "gist.github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "sr.ht"), CODE),
}
_FOLDERS: tuple[tuple[str, str, LinkKind], ...] = (
    ("docs.google.com", "/presentation/", SLIDES),
    ("docs.google.com", "/document/", "document"),
    ("figma.com", "/slides/", SLIDES),
    ("figma.com", "/deck/", SLIDES),
    ("canva.com", "/design/", SLIDES),
)
_FIRST_NAMES: dict[str, LinkKind] = {
    **dict.fromkeys(("slides", "slide", "decks"), SLIDES),
    **dict.fromkeys(("video", "videos"), VIDEO),
    **dict.fromkeys(("git", "gitlab", "gitea"), CODE),
}
_SUFFIXES: dict[str, LinkKind] = {
    **dict.fromkeys(("ppt", "pptx", "odp", "key"), SLIDES),
    **dict.fromkeys(("mp4", "webm", "mov", "m3u8"), VIDEO),
    **dict.fromkeys(("pdf", "doc", "docx", "odt", "xlsx", "epub"), "document"),
}
_LABELS: tuple[tuple[LinkKind, re.Pattern[str]], ...] = (
    (
        SLIDES,
        re.compile(
            r"\b(?:slides?|slide ?deck|deck|folien|diapos|presentation|lysbilder)\b|スライド|(?:発表|登壇|講演)?資料"
        ),
    ),
    (VIDEO, re.compile(r"\b(?:video|recording|youtube|vidéo|aufzeichnung|opptak)s?\b|動画|録画|ビデオ|アーカイブ配信")),
    (CODE, re.compile(r"\b(?:repo|repository|source code|github|gitlab|code)\b(?! of)|リポジトリ|ソースコード")),
    ("page", re.compile(r"\b(?:talk|session|abstract)(?:'s)? page\b|(?:発表|講演|セッション)(?:の)?ページ")),
)
_TALK_PATH = re.compile(r"/(?:talks?|sessions?|proposals?|event)/[^/?#]+/?$")


def kind(link: Link) -> LinkKind:
    """Return what a link leads to. A well-known host decides, then a telling label, then the address."""
    return _kind(link.label[: LONGEST_LABEL + 1], link.url)


@lru_cache(maxsize=4096)
def _kind(label: str, url: str) -> LinkKind:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return "other"
    suffix = parts.path[-8:].rpartition(".")[2].lower()
    if found := _by_host(host, parts):
        # A repository may hold the slides as a file.
        return _SUFFIXES.get(suffix, found) if found == CODE else found
    return _by_label(label, url) or _by_address(host, parts, suffix)


def is_said_by(label: str, link_kind: LinkKind) -> bool:
    """Say whether a label tells no more than the kind does: `Slides`, `発表資料`, `動画`."""
    words = _folded(label)
    pattern = dict(_LABELS).get(link_kind)
    return bool(pattern and pattern.fullmatch(words))


def _by_host(host: str, parts: SplitResult) -> LinkKind | None:
    for known, folder, found in _FOLDERS:
        if host == known and parts.path.startswith(folder):
            return found
    is_front = parts.path in ("", "/")
    return None if is_front and host != "noti.st" else _HOSTS.get(host) or _HOSTS.get(host.partition(".")[2])


def _by_label(label: str, url: str) -> LinkKind | None:
    if len(label) > LONGEST_LABEL or label == url:
        return None
    words = _folded(label)
    return next((found for found, pattern in _LABELS if pattern.search(words)), None)


def _by_address(host: str, parts: SplitResult, suffix: str) -> LinkKind:
    if found := _SUFFIXES.get(suffix) or _FIRST_NAMES.get(host.partition(".")[0]):
        return found
    return "page" if _TALK_PATH.search(parts.path[-200:]) else "other"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
