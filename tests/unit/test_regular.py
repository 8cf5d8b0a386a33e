"""What is opened to be read, and what need not end and is not."""

import os
import socket
import threading
from pathlib import Path

import pytest

from cnddigest.regular import opened


def test_a_file_is_read_to_its_end(tmp_path):
    (tmp_path / "file").write_bytes(b"text")

    with opened(tmp_path / "file") as file:
        assert file.read() == b"text"


@pytest.mark.parametrize("how", ["pipe", "socket", "/dev/zero"])
def test_what_need_not_end_is_refused_before_it_is_opened(tmp_path, monkeypatch, how):
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    if how == "pipe":
        os.mkfifo("other")
    elif how == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("other")
    else:
        Path("other").symlink_to(how)

    with pytest.raises(OSError, match="it is not a file"):
        opened(Path("other"))


def test_a_pipe_that_was_named_by_hand_is_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writing = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(b"text",), daemon=True)
    writing.start()

    with opened(tmp_path / "pipe", piped=True) as file:
        assert file.read() == b"text"


def test_a_folder_is_named_as_one(tmp_path):
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        opened(tmp_path)


def test_a_file_of_the_kernel_that_waits_for_news_is_empty():
    with opened(Path("/proc/kmsg")) as file:
        assert file.read(1) == b""
