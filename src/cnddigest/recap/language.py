"""Which language a text is written in, from its letters and its most common words."""

import re

from cnddigest.recap.vocabulary import LANGUAGES, listed

SAMPLE = 20_000  # characters that are looked at
TELLING = 0.02  # share of kana or hangul that decides


def language(text: str) -> str:
    """Return an ISO 639-1 code: by script for Japanese, Korean and Chinese, else by little words; `en` in doubt."""
    sample = text[:SAMPLE]
    total = max(1, len(sample))
    for code, letters in (("ja", "[ぁ-んァ-ヶ]"), ("ko", "[가-힣]"), ("zh", "[一-鿿]")):
        if len(re.findall(letters, sample)) / total > TELLING:
            return code
    words = re.findall(r"[^\W\d_]+", sample.lower())
    counts = {code: sum(word in common for word in words) for code, common in _common().items()}
    return max(counts, key=lambda code: (counts[code], code == "en"))


def _common() -> dict[str, frozenset[str]]:
    return {code: frozenset(listed(words.common)) for code, words in LANGUAGES.items() if words.common}


# What languages are called where a programme says in which one a talk is given.
_NAMES = {
    "ja": "japanese | 日本語 | japonais | japanisch | japansk | ja | jp",
    "en": "english | 英語 | anglais | englisch | engelsk | en",
    "fr": "french | フランス語 | français | französisch | fransk | fr",
    "de": "german | ドイツ語 | allemand | deutsch | tysk | de",
    "no": "norwegian | ノルウェー語 | norvégien | norwegisch | norsk | no | nb | nn",
    "zh": "chinese | 中国語 | chinois | chinesisch | kinesisk | zh",
    "ko": "korean | 韓国語 | coréen | koreanisch | koreansk | ko",
    "es": "spanish | スペイン語 | espagnol | spanisch | spansk | es",
}

_TAGS = {name: code for code, names in _NAMES.items() for name in listed(names)}
NAMED = tuple(name for name in _TAGS if len(name) > len("en") or not name.isascii())


def tag(name: str) -> str | None:
    """Return the language that a programme names, as a tag: `en` for `English`, `英語`, `EN`."""
    return _TAGS.get(name.strip().lower())
