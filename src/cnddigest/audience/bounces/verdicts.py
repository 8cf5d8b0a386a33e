"""What a refusal means for a person, by its codes first and its words only where there are none."""

import re

from cnddigest.audience.bounces.model import Kind, Verdict

LONGEST = 4000  # characters of a diagnostic that are weighed

# RFC 3463, and RFC 7505 for 5.1.10: no such mailbox, no such host, not an address, moved away, takes no mail, closed.
HARD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# Our protocol, our text, our standing; our sender's address; a message too big for the host.
OURS = re.compile(r"5\.[567]\.\d+|5\.1\.[78]|5\.3\.4")
VAGUE = re.compile(r"[245]\.0\.\d+|5\.1\.0|5\.2\.0|")  # "other": what a gateway makes of a reply without a code

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)", re.ASCII)
_SMTP = re.compile(r"(?<![\d.])([45]\d\d)(?!\.?\d)", re.ASCII)
_FULL = re.compile(
    r"over ?quota|quota (?:is )?exceeded|exceed\w{0,3} (?:\w{1,12} )?quota|(?:mailbox|inbox) (?:is )?(?:full|too large)"
    r"|full mailbox|insufficient (?:disk|system )?storage|容量|満杯|いっぱい",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"\bspam|junk mail|block(?:ed| ?list)|black ?list|deny ?list|\bdnsbl|\brbl\b|spamhaus|\bpolicy|reputation|\bdmarc"
    r"|\bspf\b|\bdkim|authenticat|authori[sz]ed|relay(?:ing)? (?:access )?(?:denied|not )|virus|malware"
    r"|迷惑メール|受信拒否",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"user unknown|unknown (?:or illegal )?(?:user|recipient|local|mailbox|address|account|alias)"
    r"|no such (?:\w{1,12} )?(?:user|mailbox|address|recipient|person|account|local)|no (?:mailbox|user|account) here"
    r"|(?:user|mailbox|recipient|address|account|addressee)[^.\n]{0,60}"
    r"(?:does not exist|doesn['’]t exist|do not exist|not found|could ?n[o'’]t be found|is unknown|no longer|not known"
    r"|disabled|deactivated|closed|inactive)"
    r"|doesn['’]t have an? |not (?:a valid|listed in)|invalid (?:recipient|mailbox|address|user)|unrouteable"
    r"|(?:宛先|ユーザー?|アドレス|アカウント|メールボックス)[^。\n]{0,40}(?:不明|存在し|見つかり|見つけ|ありません|誤り)"
    r"|存在しません|宛先不明",
    re.IGNORECASE,
)
_NO_HOST = re.compile(
    r"(?:host|domain)(?: name| or domain name)?[^.\n]{0,40}(?:not found|does not exist|could ?n[o'’]t be found)"
    r"|unknown (?:host|domain)|no such (?:host|domain)|nxdomain|bad destination host"
    r"|ドメイン[^。\n]{0,40}(?:存在し|見つか)",
    re.IGNORECASE,
)
_WAITING = re.compile(
    r"delayed|will (?:be retried|keep trying|retry|continue)|still (?:trying|being)|not yet been delivered"
    r"|warning message only|遅延|遅れて|再送を|再試行",
    re.IGNORECASE,
)
_PERMANENT = re.compile(
    r"permanent|could ?n[o'’]t be delivered|could not be delivered|undeliver|not delivered|wasn['’]t delivered"
    r"|failed|failure|returned|rejected|was(?: not|n['’]t) (?:able|found|delivered)|unable to deliver"
    r"|(?:配信|送信|配送|お届け|送付)[^。\n]{0,20}(?:でき|失敗|不能|不可|エラー)",
    re.IGNORECASE,
)


def verdict(action: str, status: str, words: str) -> Verdict:
    """Weigh what a report says of one recipient.

    `action` is RFC 3464's (`failed`, `delayed`, `delivered`, …), `status` RFC 3463's code or `""`, `words` what the far
    side said.
    """
    words = words[:LONGEST]
    code = _code(status, words)
    if action != "failed" or code.startswith("2."):
        return Verdict(kind=Kind.IGNORED, code=status or code)
    return Verdict(kind=_kind(code), code=code, ours=bool(OURS.fullmatch(code)))


def vague(code: str) -> bool:
    """Say whether a code leaves open what is wrong: none, "other", or SMTP's without RFC 3463's."""
    return bool(VAGUE.fullmatch(code)) or "." not in code


def code_in(words: str) -> str:
    """Return the first enhanced code in a text, `""` without one."""
    found = _ENHANCED.search(words)
    return found[1] if found else ""


def waiting(words: str) -> bool:
    """Say whether a text tells that delivery goes on."""
    return bool(_WAITING.search(words))


def failing(words: str) -> bool:
    """Say whether a text tells of a failure, in a code or in words."""
    return any(sign.search(words) for sign in (_ENHANCED, _NOBODY, _NO_HOST, _FULL, _PERMANENT))


def _kind(code: str) -> Kind:
    if code in HARD:
        return Kind.HARD
    return Kind.IGNORED if OURS.fullmatch(code) else Kind.SOFT


def _code(status: str, words: str) -> str:
    """Return the code that decides: the far side's own where the reporter's is vague, or harder on the person."""
    said = code_in(words)
    if status.startswith("4"):  # given up on a "later": nobody said never
        return said if said.startswith("4") and VAGUE.fullmatch(status) else status
    if said and not VAGUE.fullmatch(said) and (VAGUE.fullmatch(status) or OURS.fullmatch(said)):
        return said
    if VAGUE.fullmatch(status) or (status in HARD and not said and _POLICY.search(words)):
        return _code_of_words(words) or status
    return status


def _code_of_words(words: str) -> str:
    """Return the enhanced code that a text amounts to, or the reply code in it."""
    smtp = _SMTP.search(words)
    if smtp and smtp[1].startswith("4"):
        return smtp[1]
    for sign, code in ((_FULL, "5.2.2"), (_POLICY, "5.7.1"), (_NO_HOST, "5.1.2"), (_NOBODY, "5.1.1")):
        if sign.search(words):
            return code
    return smtp[1] if smtp else ""
