"""Standard input, where a command names `-` for it."""

import fcntl
import os
import sys
from typing import BinaryIO

from cnddigest.errors import WrongUse

NAME = "-"
DESCRIPTOR = 0


def opened() -> BinaryIO:
    """Return it; raises WrongUse where nothing can be read from it, as with `<&-` or in some services."""
    # Python takes every open descriptor for a readable one, `0>file` as well.
    if sys.stdin is None or fcntl.fcntl(DESCRIPTOR, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
        raise WrongUse("standard input is closed", hint="name a file, or pipe one into this command")
    return sys.stdin.buffer
