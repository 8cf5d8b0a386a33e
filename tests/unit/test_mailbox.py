"""Where returned mail is found on disk, and that none of it is lost or read for ever."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest import mailbox
from cnddigest.errors import OutputFailed, WrongUse
from cnddigest.mailbox import Maildir, from_files

NOTHING = io.BytesIO


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    return tmp_path


def test_a_file_is_one_message(tmp_path):
    file = tmp_path / "one.eml"
    file.write_bytes(b"To: a\n\nFrom here on\n\nFrom there on\n")

    [found] = from_files([str(file)], NOTHING)

    assert found.source == str(file)
    assert found.data == file.read_bytes()


def test_an_mbox_is_as_many_messages_as_it_has(tmp_path):
    file = tmp_path / "mbox"
    file.write_bytes(b"From a Wed\nTo: a\n\none\nFrom the text\n\nFrom b Wed\nTo: b\n\ntwo\n")

    found = list(from_files([str(file)], NOTHING))

    assert [one.source for one in found] == [f"{file}#1", f"{file}#2"]
    assert [one.data for one in found] == [b"To: a\n\none\nFrom the text\n\n", b"To: b\n\ntwo\n"]


def test_standard_input_is_a_file_too():
    [found] = from_files(["-"], lambda: io.BytesIO(b"To: a\n\ntext"))

    assert found == mailbox.Returned(source="standard input", data=b"To: a\n\ntext")


def test_an_empty_file_is_a_message_that_says_nothing(tmp_path):
    file = tmp_path / "empty"
    file.touch()

    assert [one.data for one in from_files([str(file)], NOTHING)] == [b""]


@pytest.mark.parametrize("name", ["missing.eml", "folder", "nul\0"])
def test_what_is_no_file_is_refused_with_advice(tmp_path, name):
    (tmp_path / "folder").mkdir()

    with pytest.raises(WrongUse) as refused:
        list(from_files([str(tmp_path / name)], NOTHING))

    assert refused.value.hint == mailbox.ADVICE


def test_a_message_is_cut_and_the_rest_is_drained():
    pipe = io.BytesIO(b"x" * 3 * mailbox.MOST_MESSAGE)

    [found] = from_files(["-"], lambda: pipe)

    assert len(found.data) == mailbox.MOST_MESSAGE
    assert pipe.read() == b""


def test_a_message_of_an_mbox_is_cut_too():
    box = io.BytesIO(b"From a\n" + b"x" * 3 * mailbox.MOST_MESSAGE + b"\n\nFrom b\nTo: b\n")

    assert [len(one.data) for one in from_files(["-"], lambda: box)] == [mailbox.MOST_MESSAGE, 6]


def test_a_message_without_end_is_given_up():
    with Path("/dev/zero").open("rb") as endless:
        [found] = from_files(["-"], lambda: endless)

    assert len(found.data) == mailbox.MOST_MESSAGE


@given(st.lists(st.text("ab \n", max_size=30).map(lambda text: f"To: x\n\n{text}\n".encode()), min_size=1, max_size=5))
def test_an_mbox_gives_back_what_was_put_in(messages):
    box = io.BytesIO(b"".join(b"From a Wed\n" + message + b"\n" for message in messages))

    assert [one.data for one in from_files(["-"], lambda: box)] == [message + b"\n" for message in messages]


def test_a_maildirs_new_mail_waits_in_the_order_it_came(maildir):
    for name in ("200.b.host", "1000.a.host", "30.c.host", ".hidden", "odd"):
        (maildir / "new" / name).write_bytes(name.encode())

    found = [one.source for one in Maildir(str(maildir)).waiting()]

    assert found == ["new/odd", "new/30.c.host", "new/200.b.host", "new/1000.a.host"]


def test_a_message_stays_new_until_it_is_settled(maildir):
    (maildir / "new" / "1.a.host").write_bytes(b"text")
    box = Maildir(str(maildir))
    [found] = box.waiting()
    assert list(box.waiting()) == [found]

    box.settle(found)

    assert list(box.waiting()) == []
    assert (maildir / "cur" / "1.a.host:2,S").read_bytes() == b"text"


def test_a_message_that_is_gone_is_no_error(maildir):
    (maildir / "new" / "1.a.host").write_bytes(b"text")
    box = Maildir(str(maildir))
    [found] = box.waiting()
    (maildir / "new" / "1.a.host").unlink()

    box.settle(found)

    assert list((maildir / "cur").iterdir()) == []


def test_a_folder_that_takes_nothing_is_told(maildir):
    (maildir / "new" / "1.a.host").write_bytes(b"text")
    box = Maildir(str(maildir))
    [found] = box.waiting()
    (maildir / "cur").rmdir()
    (maildir / "cur").write_bytes(b"")

    with pytest.raises(OutputFailed, match="message can't be moved to cur"):
        box.settle(found)


def test_a_pipe_in_a_maildir_is_not_waited_for(maildir):
    os.mkfifo(maildir / "new" / "1.pipe.host")

    assert list(Maildir(str(maildir)).waiting()) == []


def test_what_is_no_maildir_is_refused(tmp_path):
    with pytest.raises(WrongUse, match="no Maildir"):
        Maildir(str(tmp_path))
