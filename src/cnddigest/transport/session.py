"""One conversation with a relay: messages one after the other, their commands grouped where the relay allows it.

One write holds the text of a message, its final dot and MAIL, RCPT, DATA of the next; then come four answers
(PIPELINING, RFC 2920). Without it each command waits for its answer.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from time import monotonic
from types import TracebackType
from typing import Self

from cnddigest.delivery.model import Attempt, Envelope, Fate, Reply, Stage
from cnddigest.delivery.replies import GOING_AWAY, fate_of, reply_of, silence
from cnddigest.transport.wire import Answer, Broken, Wire

DOT = b".\r\n"
GO_ON = 354  # RFC 5321 4.2.3: the answer to DATA
STAGES = (Stage.SENDER, Stage.RECIPIENT, Stage.DATA)
LAST_WORDS = 1.0  # seconds that a far side gets to say why it hung up
WRITABLE = re.compile(r"[^\x00-\x1f\x7f<>]{1,320}")  # RFC 5321 4.5.3.1: 64 + 1 + 255 octets, in angle brackets
MINE = frozenset({Fate.RELAY, Fate.DOUBT})  # fates that do not show that a conversation makes sense


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a relay said it can: `size` is the largest message it takes, 0 where it did not say; `auth` in capitals."""

    pipelining: bool = False
    sizes: bool = False
    size: int = 0
    starttls: bool = False
    auth: frozenset[str] = frozenset()


class Session:
    """An open conversation, logged in.

    `unsent` is an Envelope that `deliver` took and that never left. `trouble` is why nothing more can be sent;
    `useful` says whether anything could.
    """

    def __init__(self, wire: Wire, offer: Offer) -> None:
        self.unsent: Envelope | None = None
        self.trouble: Attempt | None = None
        self.useful = False
        self._wire = wire
        self._offer = offer
        self._welcomed = False  # a reader was taken
        self._in_text = False  # DATA was accepted, the dot is not answered
        self._left = wire.limits.messages
        self._ends_at = monotonic() + wire.limits.age

    @property
    def lasts(self) -> bool:
        """Say whether another message may be sent."""
        return self.trouble is None and self._left > 0 and monotonic() < self._ends_at

    def deliver(self, envelopes: Iterable[Envelope], commit: Callable[[], None]) -> Iterator[Attempt]:
        """Yield one Attempt for each Envelope, in order, as soon as its fate is known.

        When an Envelope is asked for, the one before was refused and its Attempt was taken, or its text was accepted
        and leaves as soon as `commit` returns: whoever hands Envelopes out can note both, and record them there. That
        holds for the end of `envelopes` too. Ends early on `trouble`, or when the connection was used long enough;
        `unsent` is then what was taken and needs another conversation. An exception of `envelopes` or `commit`
        passes, and the text before it never leaves.
        """
        ready: Envelope | None = None
        for envelope in chain(envelopes, [None]):
            self.unsent = envelope
            refused = self._unfit(envelope) if envelope else None
            commands = self._commands(envelope) if envelope and not refused and self.lasts else ()
            ahead = commands if self._offer.pipelining else ()
            if ready:
                commit()
                yield self._finished(ready, ahead)
            if self.trouble or not (refused or commands) or not envelope:
                return
            refused = refused or self._refused(envelope, commands, is_written=bool(ready and ahead))
            ready = None
            if refused:
                self.unsent = None
                yield refused
            elif not self.trouble:
                ready = envelope
            if self.trouble or (refused and refused.fate is Fate.RELAY):
                return

    def close(self) -> None:
        """Say goodbye where that can be understood, and hang up."""
        try:
            if not self.trouble and not self._in_text:
                self._wire.ask(b"QUIT\r\n", self._wire.limits.farewell)
        except Broken:
            pass
        finally:
            self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # Before the text

    def _unfit(self, envelope: Envelope) -> Attempt | None:
        """Refuse what must not be asked for: an address that is no single word, a text that is too large."""
        if not (envelope.recipient.isascii() and envelope.sender.isascii()):
            words = silence("address needs SMTPUTF8, which few hosts can: its part before the @ is not ASCII")
            return Attempt(key=envelope.key, stage=Stage.RECIPIENT, fate=Fate.NEVER, reply=words)
        if not (WRITABLE.fullmatch(envelope.sender or "-") and WRITABLE.fullmatch(envelope.recipient)):
            words = silence("address can't be written in a command")
            return Attempt(key=envelope.key, stage=Stage.RECIPIENT, fate=Fate.NEVER, reply=words)
        size = _size(envelope)
        if self._offer.size and size > self._offer.size:
            words = silence(f"message of {size:,} octets, and the relay takes {self._offer.size:,}")
            return Attempt(key=envelope.key, stage=Stage.SENDER, fate=Fate.RELAY, reply=words)
        return None

    def _commands(self, envelope: Envelope) -> tuple[bytes, bytes, bytes]:
        size = b" SIZE=%d" % _size(envelope) if self._offer.sizes else b""
        return (
            b"MAIL FROM:<%b>%b\r\n" % (envelope.sender.encode("ascii"), size),
            b"RCPT TO:<%b>\r\n" % envelope.recipient.encode("ascii"),
            b"DATA\r\n",
        )

    def _refused(self, envelope: Envelope, commands: Sequence[bytes], *, is_written: bool) -> Attempt | None:
        """Announce a message; return None when its text is awaited, or when there is trouble."""
        answers: list[Answer] = []
        try:
            self._announce(commands, answers, is_written=is_written)
        except Broken as broken:
            self._end(envelope, STAGES[min(len(answers), 2)], silence(broken.reason))
        self._welcomed |= len(answers) > 1 and answers[1].code // 100 == 2
        no = next(((s, a) for s, a in zip(STAGES, answers, strict=False) if not _is_yes(s, a)), None)
        self._in_text = len(answers) == len(STAGES) and answers[-1].code == GO_ON
        if no is None:
            return None
        stage, reply = no[0], reply_of(*no[1])
        fate = fate_of(stage, reply, welcomed=self._welcomed)
        if fate is Fate.RELAY:
            self._end(envelope, stage, reply)
            return None
        self._tidy(envelope, answers)
        self.useful = True
        return Attempt(key=envelope.key, stage=stage, fate=fate, reply=reply)

    def _announce(self, commands: Sequence[bytes], answers: list[Answer], *, is_written: bool) -> None:
        if self._offer.pipelining and not is_written:
            self._wire.write(commands)
        for stage, command in zip(STAGES, commands, strict=True):
            if not self._offer.pipelining:
                self._wire.write((command,))
            answers.append(self._wire.answer(self._wire.limits.command))
            if not self._offer.pipelining and not _is_yes(stage, answers[-1]):
                return
        if self._wire.spoke_unasked():  # an answer too many: the next one would be taken for another's
            answers.clear()
            raise Broken("it answered more often than it was asked")

    def _tidy(self, envelope: Envelope, answers: Sequence[Answer]) -> None:
        """Leave the conversation as it was before a message that was refused."""
        if self.trouble:
            return
        answer = next((answer for answer in answers if answer.code == GOING_AWAY), None)
        try:
            # RFC 2920 3.1: a lone dot ends a DATA that nobody wanted
            answer = answer or self._wire.ask(DOT if self._in_text else b"RSET\r\n")
        except Broken as broken:
            self._end(envelope, Stage.SENDER, silence(broken.reason))
            return
        self._in_text = False
        if answer.code == GOING_AWAY:
            self._end(envelope, Stage.SENDER, reply_of(*answer))

    def _end(self, envelope: Envelope, stage: Stage, reply: Reply) -> None:
        """Note that nothing more can be sent, and why."""
        self.trouble = Attempt(key=envelope.key, stage=stage, fate=Fate.RELAY, reply=reply)

    # The text

    def _finished(self, envelope: Envelope, ahead: Sequence[bytes]) -> Attempt:
        """Send a text, its dot and the commands of the next message; return what came of it."""
        self._left -= 1
        self._wire.carries = True
        text = (*envelope.segments, DOT)
        try:
            self._wire.write((*text, *ahead))
        except Broken as broken:
            if broken.sent < sum(map(len, text)):
                return self._cut(envelope, Stage.BODY, Fate.RELAY, self._last_words(broken))
            return self._cut(envelope, Stage.DOT, Fate.DOUBT, silence(broken.reason))
        try:
            answer = self._wire.answer(self._wire.limits.dot)
        except Broken as broken:
            return self._cut(envelope, Stage.DOT, Fate.DOUBT, silence(broken.reason))
        self._in_text = self._wire.carries = False
        return self._judged(envelope, answer)

    def _judged(self, envelope: Envelope, answer: Answer) -> Attempt:
        reply = reply_of(*answer)
        fate = fate_of(Stage.DOT, reply)
        if reply.code == GOING_AWAY or fate in MINE:
            return self._cut(envelope, Stage.DOT, fate, reply)
        self.useful = True
        return Attempt(key=envelope.key, stage=Stage.DOT, fate=fate, reply=reply)

    def _cut(self, envelope: Envelope, stage: Stage, fate: Fate, reply: Reply) -> Attempt:
        self.trouble = Attempt(key=envelope.key, stage=stage, fate=fate, reply=reply)
        return self.trouble

    def _last_words(self, broken: Broken) -> Reply:
        """Return why the far side stopped reading, if it said so: a size limit, for example."""
        try:
            return reply_of(*self._wire.answer(LAST_WORDS))
        except Broken:
            return silence(broken.reason)


def _is_yes(stage: Stage, answer: Answer) -> bool:
    return answer.code == GO_ON if stage is Stage.DATA else answer.code // 100 == 2


def _size(envelope: Envelope) -> int:
    return sum(map(len, envelope.segments))
