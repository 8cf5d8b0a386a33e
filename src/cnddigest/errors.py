"""One tree of errors: what went wrong in a sentence, what to do about it, and whether waiting helps.

CndDigestError
├── WrongUse              exit 2: the command, a file or a setting makes no sense
│   ├── BadConfiguration  cnddigest.toml
│   ├── BadRecap          a recap that can't be read
│   ├── BadSchedule       a conference's schedule that can't be read
│   ├── BadPicture        an image that can't be shown; a finding says so
│   ├── BadTemplate       a template that can't be rendered
│   └── BadRecord         a record that is not ours, of a newer version, or damaged
│       └── RecordAway    transient: there is none where it should be; its disk may come back
└── WorkFailed            exit 1: the work was tried and did not succeed
    ├── RecordBusy        transient: another process holds the record
    ├── NoSearch          SQLite of this Python can't search texts
    ├── OutputFailed      the output folder can't be written
    ├── TransportRefused  the relay can't be used; nobody is to blame but it, or us
    └── LeaseLost         somebody else has what we claimed: what was not begun must not be
"""

import errno
from typing import ClassVar


class CndDigestError(Exception):
    """What a user reads: one sentence in lower case without a full stop, and perhaps a hint."""

    exit_code: ClassVar[int] = 1
    transient: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Keep the sentence and the hint apart, as they are shown on two lines."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class WrongUse(CndDigestError):
    """Wrong use, bad configuration, unreadable or senseless input."""

    exit_code = 2


class BadConfiguration(WrongUse):
    """The configuration file can't be used."""


class BadRecap(WrongUse):
    """A recap is missing, unreadable or senseless."""


class BadSchedule(WrongUse):
    """A conference's schedule is missing, unreadable or in no known format."""


class BadPicture(WrongUse):
    """An image that is missing, out of reach, damaged or too large: told as a finding, never as an error."""


class BadTemplate(WrongUse):
    """A template has an error; the message names file and line."""


class BadRecord(WrongUse):
    """The record is not ours, of a newer version, or damaged."""


class RecordAway(BadRecord):
    """There is no record, or not even its folder: wrong to whoever asks once, a wait for whoever has seen it."""

    transient = True


class WorkFailed(CndDigestError):
    """The work was tried and some of it failed."""


class RecordBusy(WorkFailed):
    """Another process holds the record longer than we were willing to wait."""

    transient = True


class NoSearch(WorkFailed):
    """SQLite of this Python was built without FTS5; everything but the search goes on."""


class OutputFailed(WorkFailed):
    """The output folder can't be written: read-only, full, or not a folder."""


class TransportRefused(WorkFailed):
    """The relay can't be used: it refuses us, or everybody."""


class LeaseLost(WorkFailed):
    """A claim of ours went to somebody else: our lease ended while we held it."""


def reason(error: OSError) -> str:
    """Return why the system could not, in its words, as they stand in a sentence of ours."""
    words = error.strerror or str(error) or type(error).__name__
    return words[:1].lower() + words[1:]


def remedy(error: Exception) -> str | None:
    """Return what helps against what the system could not, None where we don't know."""
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return "make room and do it again: nothing is lost" if is_full else None
