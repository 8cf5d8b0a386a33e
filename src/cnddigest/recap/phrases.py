"""Phrases that mean something only in the original: references to what was lost, days counted from its date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language's phrases as patterns, and for each kind the letters without which a line can have none."""

    reference: str
    reference_hints: tuple[str, ...]
    time: str
    time_hints: tuple[str, ...]


LANGUAGES: Mapping[str, Phrases] = {
    "ja": Phrases(
        reference=(
            r"(?:以下|下記|こちら|次)の(?:ページ|サイト|リンク|記事|スライド|資料|一覧|動画)|こちらから|セッション一覧|リンクを貼"
        ),
        reference_hints=("以下", "下記", "こちら", "次の", "一覧", "リンク"),
        time=r"本日|今日|昨日|一昨日|明日(?!から)|先日|先週|今週|来週",
        time_hints=("日", "週"),
    ),
    "en": Phrases(
        reference=(
            r"\b(?:slides?|video|recording|links?|list|page)s? (?:are |is )?(?:below|here|linked below)\b|\bsee below\b"
        ),
        reference_hints=("below", " here"),
        time=r"\b(?:today|yesterday|tomorrow|last (?:week|weekend|month|night)|this (?:week|weekend|morning))\b",
        time_hints=("today", "terday", "tomorrow", "last w", "last m", "last n", "this w", "this m"),
    ),
    "fr": Phrases(
        reference=r"\bci-dessous\b|\bici :|\b(?:diapos|vidéo|liens?|page)(?: est| sont)? (?:ici|plus bas)\b",
        reference_hints=("ci-d", " ici", "plus bas"),
        time=(
            r"\b(?:aujourd['’]hui|hier|avant-hier|demain|la semaine dernière|le mois dernier|cette semaine|ce matin"
            r"|(?:le|ce) week-end(?: dernier)?)\b"
        ),
        time_hints=("aujourd", "hier", "demain", "semaine", "mois", "matin", "week-end"),
    ),
    "de": Phrases(
        reference=(
            r"\b(?:siehe|weiter) unten\b"
            r"|\b(?:folien|video|aufzeichnung|links?|seite)(?: ist| sind)? (?:hier|unten)\b"
        ),
        reference_hints=("unten", " hier"),
        time=(
            r"\b(?:heute|gestern|vorgestern|übermorgen|letzte(?:n|r|s)? (?:woche|wochenende|monat)|diese woche"
            r"|am wochenende)\b"
        ),
        time_hints=("heute", "gestern", "morgen", "woche", "monat"),
    ),
    "no": Phrases(
        reference=(
            r"\bse (?:under|nedenfor)\b"
            r"|\b(?:lysbildene|opptaket|lenken|lenkene|siden) (?:er )?(?:her|under|nedenfor)\b"
        ),
        reference_hints=("under", "nedenfor", " her"),
        time=(
            r"\b(?:i går|i dag|i morgen|i forgårs|forrige (?:uke|måned)|denne uk[ae]n?"
            r"|(?:sist|denne) helg[ae]?n?|i helg[ae]n)\b"
        ),
        time_hints=("i går", "i dag", "i morgen", "i forg", "forrige", "denne", "helg"),
    ),
}
ALWAYS = ("ja", "en")  # beside the recap's own language: `hier` is yesterday in French, and here in German


def reference(text: str, language: str) -> str | None:
    """Return the words in a text that point at something below, beside or behind them."""
    known = _phrases(language)
    lowered = text.lower()
    match = known.reference.search(text) if any(hint in lowered for hint in known.reference_hints) else None
    return match[0] if match else None


def relative_time(text: str, language: str) -> str | None:
    """Return the words in a text that name a day by the day of writing."""
    known = _phrases(language)
    lowered = text.lower()
    match = known.time.search(text) if any(hint in lowered for hint in known.time_hints) else None
    return match[0] if match else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    reference: re.Pattern[str]
    reference_hints: tuple[str, ...]
    time: re.Pattern[str]
    time_hints: tuple[str, ...]


@cache
def _phrases(language: str) -> _Known:
    found = [LANGUAGES[code] for code in dict.fromkeys((*ALWAYS, language)) if code in LANGUAGES]
    return _Known(
        reference=re.compile("|".join(one.reference for one in found), re.IGNORECASE),
        reference_hints=tuple(hint for one in found for hint in one.reference_hints),
        time=re.compile("|".join(one.time for one in found), re.IGNORECASE),
        time_hints=tuple(hint for one in found for hint in one.time_hints),
    )
