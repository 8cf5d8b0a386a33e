"""What a line of plain text says by itself about being a heading: clues, weighed."""

import math
import re
import unicodedata
from dataclasses import dataclass

from cnddigest.recap import dates, days, heading, words

# What speaks for a heading (above 0) or for text (below), in the same unit as the margin of a reading.
# Fitted on invented and published recaps, none of which decides alone: neighbours do (see `read`).
PRIOR = 2.0  # a line that shows nothing else is a heading: text shows that it is text
FINISHED = -5.0  # it ends like a sentence
ASKS, CALLS = -2.0, -3.0  # it ends with ?, with ! in Latin script: a sentence, or a title that asks
ADDRESS = -6.0  # nothing but an address
BULLET = -4.0  # a list item
LOOSE = -3.0  # it ends like a sentence of the plain style, which some titles do too
DETAIL = -6.0  # `Speaker: First Last`
EXCLAIMS = -1.0  # it ends with ! after hiragana
MENTIONS = -2.0  # it begins by saying something of a day: `2日目は…`
CODE = -4.0  # `replicas: 0`, `$ make`, `PS1=…`
SPAN = -5.0  # nothing but the dates of an event: `September 3-4, 2025`
CONTINUES = -2.0  # it ends with a particle that wants more
LISTING = -1.5  # two or more 、
ANNOUNCES = -3.5  # it ends with a colon
CONNECTS = -1.5  # it begins like the second sentence of a thought
RESOURCE = -4.0  # `資料`, `Slides`, or nothing but a remark in brackets
LONGEST_QUESTION = 90  # characters; a longer line with a stop inside, or a longer question, is prose
SHORT, SHORT_COLUMNS = 0.5, 80
LONG, LONG_COLUMNS = -1.5, 130
VERY_LONG, VERY_LONG_COLUMNS = -2.0, 190
CAPITALISED, CAPITALS = 1.0, 0.55  # a title in Latin script has this share of its words capitalised
LOWER_START = -1.0  # a Latin line that begins with a small letter goes on from somewhere
WORDY, MOST_WORDS = -1.5, 22  # Latin titles have fewer words
QUOTED, QUOTE = 0.5, -1.5  # 「」 around a title before a speaker; around the whole line, unless talks share that
ANSWERS = -6.0  # `Q. …?`, `質問：…`
NAMED = 3.0  # it begins with its kind: `Panel: …`
MARKED = 4.0  # ■ or # before it, a rule below it
CURT_COLUMNS = (10, 44)  # a title that is a sentence, in a text of another style
LABEL, LABEL_COLUMNS = 3.0, 60  # a day label
CLOSING, CLOSING_COLUMNS = 1.5, 30  # a closing word

_ADDRESS = re.compile(r"<?https?://\S+>?$")
_CURT = re.compile(r"[^。、!?:「」()]+[うくぐすつぬぶむるいただ]。")
_BULLET = re.compile(r"[-*•・※→|>＞+] ?|\d{1,2}[.)] ?|\([0-9a-z]\)")
_CODE = re.compile(
    r"[$>%] \S|[\w.-]{1,30}=\S|[a-z_][\w.-]{0,30}: ?(?:\"[^\"]*\"|'[^']*'|\d[\d.]*|true|false|null|[\[{].*)$"
    r"|[^ぁ-んァ-ヶ一-鿿]{1,120}[;{}]$|(?:import|from|const|let|var|def|func|fn|return|apiVersion|kind)\b.{0,80}[(:={.]"
)
_CIRCLED = re.compile("[①-⑳❶-❿]")  # NFKC makes digits of them
_ANSWER = re.compile(r"[QA]\d{0,2}[.:] ?(?=\S)|(?:質問|回答|問|答) ?\d{0,2}[:.)]")
_QUOTE = re.compile('「[^「」]{1,80}」|『[^『』]{1,80}』|"[^"]{1,120}"|“[^“”]{1,120}”')
_PARTICLE = re.compile(r"(?:[はがをにでとへもや]|から|まで|ので|けど|ため|など)$")
_CONNECTIVE = re.compile(
    r"(?:また|なお|ただし|そして|さらに|However|But|And|Also|So)\b|(?:また|なお|他にも)、|(?:この|その|これ|それ|うち|ちなみ|しかし|ただ、|でも、)"
)
_POLITE = re.compile(
    r"[、,;]$|(?:です|ます|でした|ました|ません|ください|でしょう|ましょう|んだ|のだ|だった|である|であった|と思う|と思った|ようだ|そうだ|していた|ていた)"
    r"[!?…~ー笑w]{0,9}$"
)
_UNSTOPPED = re.compile(r"(?:です|ます|でした|ました|ません|んだ|のだ|だった|である|ていた)$")
_POLITE_STOP = re.compile(
    r"(?:です|ます|でした|ました|ません|でしょう|ましょう|ください)(?:[がねよか]|けど)?[。!?！？)」]{0,3}$"
)
_PLAIN = re.compile(
    r"(?:ている|ていた|らしい|とのこと|みたい|そう|かった|かも|だろう|すぎる"
    r"|[がはも](?:すごい|凄い|よい|良い|いい|面白い|おもしろい|楽しい|嬉しい|難しい|印象的|便利))[!?…~ー]{0,9}$"
    r"|は ?\d[\d,.]{0,8}(?:行|個|回|人|件|分|秒|時間|年|円|本|台|%)$"
    r"|(?:という|との)(?:実験|発表|内容|事例|結論|主張|意見|印象|構成)$|、という話$|に同感$"
    r"|[ぁ-んァ-ヶ](?:[w笑]{1,9}|\(笑\))$"
)
_EXCLAIMED = re.compile(r"[ぁ-ん][!…~]{1,9}$")
_MENTION = re.compile(r"(?:[\d一二三四五]{1,2}日目|初日|最終日|今日|今回|来年)[のはにもで]")
_LATIN_END = re.compile(r"[a-zà-ÿ0-9)%] ?[.…]$")
_LATIN_ASKS = re.compile(r"[a-zà-ÿ0-9)%] ?[!?]$")
_LATIN_STOP = re.compile(r"[a-zà-ÿ)][.!?] {1,3}[A-ZÀ-Þ]")
_ANNOUNCES = re.compile(r":$|(?:次|以下|下記)の(?:通り|とおり|よう|[一二三四五六七\d]{1,2}(?:つ|点|個))[^。]{0,12}。?$")
_MARK = re.compile(r"[■◆●▼▶★□◇◎§]|#{1,6} ?[^#\s]")
_BRACKETED = re.compile(r"\([^()]{1,60}\)$")
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\U00020000-\U0003fffd]"
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line on its own: computed once per distinct text."""

    evidence: float
    finished: bool
    label: bool
    closing: bool
    opens: bool  # a heading may follow it at once: a day, a track, a break
    form: str | None
    listed: bool
    wide: bool = False  # it has Japanese letters
    polite: bool = False  # it ends like a polite sentence
    curt: bool = False  # it is a short sentence of the plain style, with its 。
    unstopped: bool = False  # it is short and ends like a polite sentence, but for the 。
    dated: bool = False  # it begins with a date and is no label
    address: bool = False  # it is nothing but an address
    announces: bool = False  # a list follows
    kind: bool = False  # it begins with what kind of talk it is


def confidence(margin: float) -> float:
    """Return how likely a reading is, 0 to 1: its margin is half of what it has over the other one, as log odds."""
    return 1 / (1 + math.exp(-2 * min(margin, 50.0)))  # beyond that nothing changes


def columns(text: str) -> int:
    """Return how wide a line is in a terminal, near enough for long ones: Japanese letters count twice."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text, 0, VERY_LONG_COLUMNS))


def finished(text: str) -> bool:
    """Say whether a line (in NFKC) is prose: it ends like a sentence, with or without its mark."""
    core = text.rstrip(" )]」』\"'”’»")
    tail = core[-24:]
    return bool(
        "。" in core
        or _POLITE.search(tail)
        or _LATIN_END.search(tail)
        or (len(text) > LONGEST_QUESTION and (_LATIN_STOP.search(text) or _LATIN_ASKS.search(tail)))
    )


def is_loose(text: str) -> bool:
    """Say whether a line is neither a sentence nor marked as something else: an item, a detail."""
    return not (finished(text) or _BULLET.match(text) or _CIRCLED.match(text) or words.is_detail(text))


def line_of(text: str) -> Line:
    """Weigh a line on its own; where it stands is for others to add."""
    line = unicodedata.normalize("NFKC", text)
    width = columns(line)
    done = finished(line) and not words.is_closing(line)
    if _ADDRESS.match(line):
        return Line(
            evidence=ADDRESS,
            finished=True,
            label=False,
            closing=False,
            opens=False,
            form=None,
            listed=False,
            address=True,
        )
    short = width <= 2 * LABEL_COLUMNS
    mark = days.mark(line) if short and not done else None
    label = bool(mark and mark.place in ("whole", "themed")) and width <= LABEL_COLUMNS
    closing = width <= CLOSING_COLUMNS and words.is_closing(line)
    circled = bool(_CIRCLED.match(text))
    evidence = _own(line, width, done=done, label=label, closing=closing) + BULLET * circled
    return Line(
        evidence=evidence,
        finished=done,
        label=label,
        closing=closing,
        wide=bool(_WIDE.search(line, 0, VERY_LONG_COLUMNS)),
        polite=bool(_POLITE_STOP.search(line[-24:])),
        curt=CURT_COLUMNS[0] <= width <= CURT_COLUMNS[1] and bool(_CURT.fullmatch(line)),
        unstopped=done and width <= SHORT_COLUMNS and bool(_UNSTOPPED.search(line[-24:])) and "。" not in line,
        dated=bool(mark and mark.date and mark.leads and not label),
        announces=width <= 3 * SHORT_COLUMNS and bool(_ANNOUNCES.search(line[-30:])),
        kind=short and not done and heading.begins_with_kind(line),
        opens=short and not done and (words.is_group(line) or heading.event_or_talk(line) == "event"),
        form=("circled" if circled else _form(line)) if not done and not label else None,
        listed=circled or bool(_BULLET.match(line)),
    )


def _form(line: str) -> str | None:
    """Return a talk's form, or the bullet or quotes that it has: some authors list nothing but titles."""
    if bullet := _BULLET.match(line):
        return heading.form(line) or bullet[0].strip()[:1]
    quoted = _QUOTE.fullmatch(line) and "quoted whole"
    return heading.form(line) or quoted or (heading.bare_code(line) and "bare code")


def _own(line: str, width: int, *, done: bool, label: bool, closing: bool) -> float:
    """Sum the evidence that a line carries by itself."""
    score: float = PRIOR
    score += FINISHED * done + LABEL * label + CLOSING * closing
    score += (ASKS if line.endswith("?") else CALLS) * (not done and bool(_LATIN_ASKS.search(line[-4:])))
    score += LOOSE * bool(_PLAIN.search(line[-12:])) + DETAIL * words.is_detail(line)
    score += EXCLAIMS * bool(_EXCLAIMED.search(line[-12:])) + MENTIONS * bool(_MENTION.match(line))
    score += BULLET * bool(_BULLET.match(line)) + LISTING * (line.count("、") >= 2)
    score += CONTINUES * bool(_PARTICLE.search(line[-4:])) + ANNOUNCES * line.endswith(":")
    score += CONNECTS * bool(_CONNECTIVE.match(line)) + MARKED * bool(_MARK.match(line))
    score += NAMED * (not done and heading.begins_with_kind(line))
    score += RESOURCE * ((words.is_resources(line) and not closing) or bool(_BRACKETED.match(line)))
    score += CODE * (not label and bool(_CODE.match(line))) + SPAN * (not label and dates.is_span(line))
    score += SHORT * (width <= SHORT_COLUMNS) + LONG * (width > LONG_COLUMNS) + VERY_LONG * (width > VERY_LONG_COLUMNS)
    score += QUOTE if _QUOTE.fullmatch(line) else QUOTED * line.startswith(("「", "『"))
    score += ANSWERS * bool(_ANSWER.match(line))
    return score + _latin(line)


def _latin(line: str) -> float:
    """Sum what only Latin script shows: capitals and the number of words."""
    if len(line) > VERY_LONG_COLUMNS or _WIDE.search(line):
        return 0.0
    found: list[str] = _WORD.findall(line)
    if len(found) < 2:
        return 0.0
    capitals = sum(word[0].isupper() for word in found) / len(found)
    return (
        CAPITALISED * (capitals >= CAPITALS) + LOWER_START * found[0][0].islower() + WORDY * (len(found) > MOST_WORDS)
    )
