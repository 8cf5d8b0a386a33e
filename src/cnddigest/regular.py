"""Files, opened to be read; devices are refused, and pipes that nobody named by hand, since they need not end."""

import errno
import io
import stat
from pathlib import Path
from typing import BinaryIO


def opened(path: Path, *, piped: bool = False) -> BinaryIO:
    """Open a file; anything else is an OSError whose reason stands in a sentence of ours.

    With `piped` a pipe is waited for (`<(…)`): somebody named it by hand.
    The kernel's own files, such as /proc/kmsg, call themselves regular and have no size: like all that have none they
    are empty, and are not read.
    """
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if stat.S_ISFIFO(found.st_mode) and piped:
        return path.open("rb")
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a file")
    return path.open("rb") if found.st_size else io.BytesIO()
