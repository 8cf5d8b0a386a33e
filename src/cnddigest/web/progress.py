"""Progress of an answer on its way: whoever takes something now and then may be as slow as they like."""

import asyncio
import fcntl
import struct
import termios


class Progress:
    """Looks every so many seconds how much somebody has not taken, and hangs up when it is no less than before."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport, within: float) -> None:
        """Look at nothing yet."""
        self._loop, self._transport, self._within = loop, transport, within
        self._timer: asyncio.TimerHandle | None = None

    def watch(self) -> None:
        """Look from now on; nothing more may be written meanwhile."""
        if self._timer is None:
            self._timer = self._loop.call_later(self._within, self._look, left(self._transport))

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, before: int) -> None:
        now = left(self._transport)
        if now >= before:
            self._transport.abort()
        else:
            self._timer = self._loop.call_later(self._within, self._look, now)


def left(transport: asyncio.Transport) -> int:
    """Return how many octets the far side has not taken: those that wait here, and those that the kernel has for them.

    The kernel may hold megabytes, and takes more of ours only when a third of them is gone.
    """
    waiting = transport.get_write_buffer_size()
    opened = transport.get_extra_info("socket")
    try:
        return waiting + int(struct.unpack("i", fcntl.ioctl(opened.fileno(), termios.TIOCOUTQ, bytes(4)))[0])
    except (AttributeError, OSError, ValueError):  # no socket, one that is closed, or a kind that keeps no account
        return waiting
