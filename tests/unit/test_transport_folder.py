"""A folder takes messages whole, each once, and says so when it can't."""

import email
import fcntl
import os
import signal
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from email import policy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.delivery.model import Envelope, Fate, Stage
from cnddigest.errors import TransportRefused
from cnddigest.ports.mail import Feed
from cnddigest.transport.folder import PLAIN, STAGING, FolderTransport, name_of
from far import Desk, a_letter, no_account


def a_desk(letters: Iterable[Envelope]) -> tuple[Callable[[], Feed], Callable[[], None]]:
    """What a run takes: Feeds of these letters, and where their account would be kept."""
    desk = Desk(letters)
    return desk.feed, desk.commit


def test_every_message_is_a_file_that_opens_in_a_mail_program(tmp_path: Path) -> None:
    desk = Desk(map(a_letter, range(3)))

    FolderTransport(tmp_path / "outbox").run(desk.feed, desk.commit)

    files = sorted((tmp_path / "outbox").iterdir())
    messages = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert [file.suffix for file in files] == [".eml"] * 3
    assert [message["Subject"] for message in messages] == ["0", "1", "2"]
    assert set(desk.fates.values()) == {Fate.SENT}
    assert desk.open_feeds == 0


def test_the_octets_are_the_messages_own(tmp_path: Path) -> None:
    letter = a_letter(1)

    FolderTransport(tmp_path).run(*a_desk([letter]))

    assert (tmp_path / name_of(letter.message_id)).read_bytes() == b"".join(letter.segments)


def test_a_repeat_takes_the_place_of_the_message(tmp_path: Path) -> None:
    FolderTransport(tmp_path).run(*a_desk([a_letter(1)]))

    FolderTransport(tmp_path).run(*a_desk([a_letter(1, segments=(b"again\r\n",))]))

    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"again\r\n"]


def test_nothing_to_send_makes_no_folder(tmp_path: Path) -> None:
    FolderTransport(tmp_path / "outbox").run(*a_desk([]))

    assert not (tmp_path / "outbox").exists()


def test_a_message_is_written_after_it_was_begun(tmp_path: Path) -> None:
    desk = Desk(map(a_letter, range(3)))
    written: list[int] = []
    desk.before = lambda _: written.append(len(list(tmp_path.glob("*.eml"))))

    FolderTransport(tmp_path).run(desk.feed, desk.commit)

    assert written == [0, 0, 1]
    assert desk.begun == [0, 1, 2]


def test_messages_are_nobody_elses_business(tmp_path: Path) -> None:
    FolderTransport(tmp_path / "outbox").run(*a_desk([a_letter(1)]))

    modes = [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (tmp_path / "outbox").iterdir()]
    assert modes == [0]


def test_a_full_disk_loses_nobody(disk: Callable[[str], Path]) -> None:
    place = disk("256k")
    letters = [a_letter(n, segments=(b"x" * 60_000,)) for n in range(9)]
    desk = Desk(letters)
    desk.ends_on_relay = False

    with pytest.raises(TransportRefused, match=r"^can't write message, no space left on device: "):
        FolderTransport(place / "outbox").run(desk.feed, desk.commit)

    files = list((place / "outbox").glob("*.eml"))
    assert {file.stat().st_size for file in files} == {60_000}
    assert len(files) == list(desk.fates.values()).count(Fate.SENT)
    assert len(files) + list(desk.fates.values()).count(Fate.RELAY) + len(desk.letters) == 9
    assert desk.attempts[-1].stage is Stage.BODY


def test_a_folder_that_takes_nothing_is_refused_before_anything_begins(disk: Callable[[str], Path]) -> None:
    place = disk("64k")
    disk("ro")
    desk = Desk([a_letter(1)])

    with pytest.raises(TransportRefused, match="read-only") as refused:
        FolderTransport(place / "outbox").run(desk.feed, desk.commit)

    assert refused.value.hint
    assert (desk.begun, desk.attempts, len(desk.letters)) == ([], [], 1)


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("mine")

    with pytest.raises(TransportRefused, match="can't write outbox"):
        FolderTransport(tmp_path / "outbox").run(*a_desk([a_letter(1)]))

    assert (tmp_path / "outbox").read_text() == "mine"


def test_what_a_killed_run_left_long_ago_is_swept_out_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    staging = tmp_path / STAGING
    staging.mkdir()
    for name, age in (("old.eml.1", 90_000), ("new.eml.2", 0), ("living.eml.3", 90_000)):
        (staging / name).write_bytes(b"half")
        moment = (staging / name).stat().st_mtime - age
        os.utime(staging / name, (moment, moment))

    with (staging / "living.eml.3").open("rb") as living:
        fcntl.flock(living, fcntl.LOCK_EX)
        FolderTransport(tmp_path).run(*a_desk([a_letter(1)]))

    assert {file.name for file in staging.iterdir()} == {"new.eml.2", "living.eml.3"}


def test_a_message_is_in_its_place_or_still_staged_or_nobody_knows(tmp_path: Path) -> None:
    letters = [a_letter(n) for n in range(5)]
    written, gone, left, repeat, living = (letter.message_id for letter in letters)
    FolderTransport(tmp_path).run(*a_desk([letters[0], letters[3]]))
    (tmp_path / STAGING).mkdir()
    for name in (left, repeat, living):
        (tmp_path / STAGING / f"{name_of(name)}.1").write_bytes(b"half")

    with (tmp_path / STAGING / f"{name_of(living)}.1").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        found = [FolderTransport(tmp_path).has(name) for name in (written, gone, left, repeat, living)]

    assert found == [True, None, False, False, None]


def test_a_message_written_again_replaces_what_a_killed_run_left_of_it(tmp_path: Path) -> None:
    letter = a_letter(1)
    (tmp_path / STAGING).mkdir()
    (tmp_path / STAGING / f"{name_of(letter.message_id)}.1").write_bytes(b"half")

    FolderTransport(tmp_path).run(*a_desk([letter]))

    assert FolderTransport(tmp_path).has(letter.message_id)
    assert not (tmp_path / STAGING).exists()


def test_until_a_message_may_leave_it_is_staged(tmp_path: Path) -> None:
    staged = []

    def letters() -> Iterator[Envelope]:
        for number in range(2):
            yield a_letter(number)
            staged.append([path.stem for path in (tmp_path / STAGING).iterdir()])

    list(FolderTransport(tmp_path).deliver(letters(), no_account))

    assert staged == [[name_of(a_letter(number).message_id)] for number in range(2)]
    assert list((tmp_path / STAGING).iterdir()) == []


def test_strange_things_among_what_was_left_keep_no_message_from_being_written(tmp_path: Path) -> None:
    staging = tmp_path / STAGING
    (staging / "folder").mkdir(parents=True)
    os.mkfifo(staging / "pipe")
    (staging / "link").symlink_to("/nowhere")
    desk = Desk([a_letter(1)])

    FolderTransport(tmp_path).run(desk.feed, desk.commit)

    assert desk.fates == {1: Fate.SENT}


def test_another_run_that_ends_takes_nothing_away(tmp_path: Path) -> None:
    def another_ends(_: Envelope) -> None:
        with suppress(OSError):
            (tmp_path / STAGING).rmdir()

    desk = Desk(map(a_letter, range(3)))
    desk.before = another_ends

    FolderTransport(tmp_path).run(desk.feed, desk.commit)

    assert set(desk.fates.values()) == {Fate.SENT}


def test_a_message_that_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"Subject: half"
        raise MemoryError

    attempts = FolderTransport(tmp_path).deliver([a_letter(1, segments=broken())], no_account)

    with pytest.raises(MemoryError):
        list(attempts)

    assert list(tmp_path.rglob("*.eml*")) == []


def test_a_signal_waits_for_the_message_at_hand_and_lets_no_other_one_begin(tmp_path: Path) -> None:
    def interrupt(letter: Envelope) -> None:
        if letter.key.subscription == 2:
            os.kill(os.getpid(), signal.SIGINT)
            assert stop.wait(10)

    stop = threading.Event()
    desk = Desk(map(a_letter, range(5)))
    desk.before = interrupt

    with pytest.raises(KeyboardInterrupt):
        FolderTransport(tmp_path, stop=stop).run(desk.feed, desk.commit)

    assert [letter.key.subscription for letter in desk.letters] == [2, 3, 4]
    assert len(list(tmp_path.glob("*.eml"))) == len(desk.fates) == 2
    assert desk.open_feeds == 0


def test_a_link_in_a_messages_place_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    (tmp_path / name_of(a_letter(1).message_id)).symlink_to(tmp_path / "secret")

    FolderTransport(tmp_path).run(*a_desk([a_letter(1)]))

    assert (tmp_path / "secret").read_text() == "mine"


@given(st.text())
def test_every_message_id_has_a_name_that_stays_in_the_folder(message_id: str) -> None:
    name = name_of(message_id)

    assert PLAIN.fullmatch(name)
    assert "/" not in name
    assert name == name_of(message_id)


def test_different_message_ids_have_different_names() -> None:
    names = {name_of(f"<{local}@example.org>") for local in ("a", "b", "a/b", "a_b", "あ", "い", "", "." * 200)}

    assert len(names) == 8
