"""What a person's name looks like at the end of a heading."""

import re

LONGEST = 90  # characters of a list of speakers; longer tails are part of the title

_PARTICLE = r"(?:de|da|di|do|du|van|von|der|den|del|della|la|le|el|al|bin|ibn|ter|ten|dos|des|zu|af|av|y|e)"
_LATIN_WORD = r"(?:[A-ZÀ-ÖØ-ÞŁŚŻŽŠČĆŐ][\w'’.-]{0,24}|[a-z]'[A-ZÀ-Þ][\w-]{1,24})"
_LATIN = re.compile(rf"{_LATIN_WORD}(?: (?:{_PARTICLE} ){{0,3}}{_LATIN_WORD}){{1,4}}")
_WIDE = re.compile(
    r"(?=.{2,10}$)[一-鿿々〆ヶ]{1,4}[ 　]?[一-鿿々ぁ-んァ-ヶー]{1,6}|[ァ-ヶー]{2,8}[・ =][ァ-ヶー]{2,10}"
)
_SPACED = re.compile(r"[一-鿿々ヶ]{1,4}[ 　][一-鿿々ぁ-んァ-ヶー]{1,5}")
_KANJI = re.compile(r"[一-鿿々ヶ]{2,10}")  # beside `灘 太郎` it is a company: its names have a space
_HANDLE = re.compile(r"@[\w.-]{2,30}")
_TITLE = re.compile(r"[ 　]?(?:氏|さん|様|先生)$")
_DEGREE = re.compile(r"(?:(?:Dr|Prof|Ing|Mag|Dipl|PhD|Mr|Mrs|Ms)\b\.? ?-?){1,3}(?=[A-ZÀ-Þ])")
_COMPANY = re.compile(
    r"株式会社|\(株\)|有限会社|(?:大学|大学院|高専|学園|研究所|研究室|協会|財団|機構|銀行|新聞社?|製作所|工業|商事|会社)$|\b(?:Inc|Corp|Corporation|Ltd|LLC|GmbH|AG|AS|SA|Labs?|University|Institute|Foundation|Technologies|Software|Systems|"
    r"Studios?|Consulting|Solutions|Analytics|Collective|Agency|Group)\b|^(?:Atelier|Coopérative|Société|Verlag) "
)
_BETWEEN = re.compile(r" ?[,、/&／，] ?| (?:and|et|und|og|with|と) ")
_INTRODUCED = re.compile(
    r"(?:登壇者|発表者|講演者|登壇|発表|speakers?|presented by|by|von|par|av|mit|avec)(?: ?[:：] ?| )", re.IGNORECASE
)
_ROLE = re.compile(r"\([^()]{1,60}\)|（[^（）]{1,60}）")
# Words that begin with a capital in titles and never in names.
_NO_NAME = re.compile(
    r"\b(?:The|A|An|Of|And|For|To|In|On|With|How|Why|What|When|Deep|Dive|Part|Introduction|Intro|Guide|Overview|Case|Study|"
    r"Practice|Practices|Edition|Lessons|Learned|Beyond|Your|Our|My|Is|Are|Not|Best|Native|Cloud|Open|Source|Data|Web|API|"
    r"Kubernetes|Linux|Python|Ruby|Rust|Java|Go|Keynote|Panel|Workshop|Demo|Lightning|Talk|Talks|Session|Day|Track|Room)\b"
)


def is_name(text: str) -> bool:
    """Say whether the text may be one person: `Fenna de Wit`, `灘 太郎`, `@handle`."""
    if len(text) > 60 or _COMPANY.search(text):
        return False
    if _LATIN.fullmatch(text):
        return not _NO_NAME.search(text) and not text.isupper()
    return bool(_WIDE.fullmatch(text) or _HANDLE.fullmatch(text))


def is_certain(text: str) -> bool:
    """Say whether it can hardly be anything else: family and given name, with a space between, in kanji."""
    return bool(_SPACED.fullmatch(_TITLE.sub("", text)) or (_TITLE.search(text) and is_name(_TITLE.sub("", text))))


def people(text: str) -> tuple[str, ...]:
    """Return the names in a list of speakers; nobody unless it begins with one and holds little else.

    A company after a comma or in brackets is no speaker.
    """
    if not text or len(text) > LONGEST:
        return ()
    last_first = re.fullmatch(r"([A-ZÀ-Þ][\w'-]{1,20}), ([A-ZÀ-Þ][\w'-]{1,20})", text)
    if last_first:
        return (f"{last_first[2]} {last_first[1]}",)
    text = _INTRODUCED.sub("", text, count=1) if _INTRODUCED.match(text) else text
    parts = [part.strip() for part in _BETWEEN.split(_apart(_ROLE.sub("", text).strip()))]
    spaced = bool(_SPACED.fullmatch(_TITLE.sub("", parts[0])))
    names = [_DEGREE.sub("", _TITLE.sub("", part)) for part in parts if not (spaced and _KANJI.fullmatch(part))]
    found = tuple(name for name in names if is_name(name))
    return found if found and is_name(names[0]) and len(parts) <= 2 * len(found) else ()


def _apart(text: str) -> str:
    """Put a comma for the ・ of `灘 太郎・東湾銀行`; in `ジョン・スミス` it belongs to the name."""
    first, dot, _ = text.partition("・")
    return text.replace("・", "、") if dot and _SPACED.fullmatch(first) else text
