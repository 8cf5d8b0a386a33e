"""What the far side's words mean: the octets of an SMTP reply to a Reply, and a Reply to a Fate."""

import re
from collections.abc import Sequence

from cnddigest.delivery.model import Fate, Reply, Stage

LONGEST = 500  # characters of a reply that are kept
ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?:\s+|$)")  # RFC 3463 section 2
GOING_AWAY = 421  # RFC 5321 4.2.1: the connection ends, whatever it was about
TOO_MUCH = 552  # to RCPT it means 452 (RFC 5321 4.5.3.1.10), to the text that it is too large
# RFC 4954 section 6: we have to log in, or to do so in another way.
OURS = frozenset({530, 534, 535, 538})
ABOUT_READER = ("1.", "2.")  # RFC 3463 3.2 and 3.3: the address, the mailbox
ABOUT_TEXT = ("6.", "7.", "3.4")  # RFC 3463 3.4, 3.7 and 3.8: its form, its content, its size
ABOUT_POLICY = ("7.",)  # RFC 3463 3.8
FULL = "5.2.2"  # RFC 3463: one reader's mailbox is full


def reply_of(code: int, lines: Sequence[bytes]) -> Reply:
    """Return a reply's meaning on one line; the enhanced code counts only if its class is the code's first digit."""
    if len(lines) == 1:  # nearly every reply
        only = _words(lines[0])
        match = ENHANCED.match(only)
        if match and match[1] == str(code)[0]:
            return Reply(code=code, enhanced=match[0].rstrip(), text=only[match.end() :][:LONGEST])
    found = [_words(line) for line in lines]
    match = next(filter(None, map(ENHANCED.match, found)), None)
    enhanced = match[0].rstrip() if match and match[1] == str(code)[0] else ""
    text = " ".join(filter(None, [_without(enhanced, line) for line in found])) if enhanced else " ".join(found).strip()
    return Reply(code=code, enhanced=enhanced, text=text[:LONGEST])


def _without(enhanced: str, line: str) -> str:
    first, _, rest = line.partition(" ")
    return rest if first == enhanced else line


def silence(reason: str) -> Reply:
    """Return the Reply of a far side that said nothing that could be understood."""
    return Reply(text=_words(reason.encode("utf-8", "replace"))[:LONGEST])


def _words(line: bytes) -> str:
    """Return text that any terminal and any log takes: no control characters, none that turn the writing round."""
    text = line[: 4 * LONGEST].decode("utf-8", "replace")
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())


def fate_of(stage: Stage, reply: Reply, *, welcomed: bool = True) -> Fate:
    """Return what an answer means that is not the one we hoped for, or any answer to the final dot.

    `welcomed` says whether this relay took any reader from us on this connection: until then, a refusal by policy
    (`554 5.7.1 relay access denied`) is more likely about us than about the first reader.
    """
    if reply.code in OURS:
        return Fate.RELAY
    if stage is Stage.DOT:
        return _of_text(reply)
    names_reader = stage is Stage.DATA and reply.enhanced[2:].startswith(ABOUT_READER)
    return _of_reader(reply, welcomed=welcomed) if stage is Stage.RECIPIENT or names_reader else Fate.RELAY


def _of_reader(reply: Reply, *, welcomed: bool) -> Fate:
    if reply.code == GOING_AWAY:
        return Fate.RELAY
    if reply.code // 100 == 4 or reply.code == TOO_MUCH:
        return Fate.LATER
    if reply.code // 100 != 5:
        return Fate.RELAY
    return Fate.NEVER if welcomed or not reply.enhanced[2:].startswith(ABOUT_POLICY) else Fate.CONTENT


def _of_text(reply: Reply) -> Fate:
    match reply.code // 100:
        case 2:
            return Fate.SENT
        case 4:
            return Fate.LATER
        case 5 if reply.enhanced == FULL:
            return Fate.LATER
        case 5:
            is_text = reply.code == TOO_MUCH or reply.enhanced[2:].startswith(ABOUT_TEXT)
            return Fate.CONTENT if is_text else Fate.NEVER
        case _:
            return Fate.DOUBT
