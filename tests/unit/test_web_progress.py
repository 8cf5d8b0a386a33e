"""What somebody has not taken of an answer, whatever became of their connection."""

import asyncio
import socket

from cnddigest.web.progress import left


class _Closed(asyncio.Transport):
    """Has a socket that is closed, and some octets that nobody will take."""

    def __init__(self) -> None:
        gone = socket.socket()
        gone.close()
        super().__init__({"socket": gone})

    def get_write_buffer_size(self) -> int:
        return 7


def test_a_closed_socket_keeps_no_account():
    found = left(_Closed())

    assert found == 7
