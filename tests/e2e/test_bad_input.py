"""What careless and hostile people hand to the program: it says so in two lines, and loses nothing."""

import json
import os
import random
import shlex
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import time
from contextlib import closing

import pytest

from commands import CONFIGURATION, FIRST, LIMIT, PROGRAM, RECAP, SECOND, SLUG, OnDisk, Outcome

pytestmark = pytest.mark.slow

BEFORE = "2020-01-01T00:00:00Z"


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A publication with one Part out and one to come."""
    publication = OnDisk.new(tmp_path_factory.mktemp("published") / "p")
    assert publication.publish(FIRST).code == 0
    return publication


@pytest.fixture(scope="session")
def finished(published, tmp_path_factory):
    """The files of that publication once all of it is out and nothing went wrong."""
    publication = published.copy(tmp_path_factory.mktemp("finished") / "p")
    assert publication.publish().code == 0
    return publication.feeds()


@pytest.fixture
def publication(published, tmp_path):
    return published.copy(tmp_path / "p")


def complaint(outcome, code):
    """Return what was said, having seen that it is at most two lines, on stderr, and no traceback."""
    lines = outcome.err.splitlines()
    assert outcome.code == code, outcome.err
    assert outcome.out == b""
    assert "Traceback" not in outcome.err
    assert [line.partition(": ")[0] for line in lines] in (["error"], ["error", "hint"])
    assert not lines[0].startswith("error: unexpected")
    return outcome.err


def replaced(path, how, data=b""):
    """Put something else in a file's place."""
    path.unlink(missing_ok=True)
    if how == "pipe":
        os.mkfifo(path)
    elif how == "folder":
        path.mkdir()
    elif how == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    elif how == "bytes":
        path.write_bytes(data)
    elif how != "nothing":
        path.symlink_to(how)


RECAPS = {
    "missing": ("nothing", b"", "recap not found"),
    "empty": ("bytes", b"", "recap is empty"),
    "blank": ("bytes", b" \n\n\t", "recap is empty"),
    "binary": ("bytes", bytes(range(256)) * 40, "recap is not text"),
    "zeros": ("bytes", bytes(1000), "recap is not text"),
    "too large": ("bytes", b"word " * 14_000_000, "recap is larger than 64 MiB"),
    "a pipe": ("pipe", b"", "it is not a file"),
    "endless": ("/dev/zero", b"", "it is not a file"),
    "a folder": ("folder", b"", "it is a folder"),
    "a link to itself": ("minato.md", b"", "too many levels"),
    "of the kernel": ("/proc/self/mem", b"", "recap is empty"),
    "without sessions": ("bytes", b"# Title\n\nprose alone\n", "recap has no sessions"),
}


@pytest.mark.parametrize("name", RECAPS)
def test_a_recap_that_is_none_changes_nothing(publication, published, finished, name):
    how, data, words = RECAPS[name]
    replaced(publication.recap, how, data)

    outcome = publication.publish()

    assert words in complaint(outcome, 2)
    assert publication.feeds() == published.feeds()
    shutil.rmtree(publication.recap) if how == "folder" else publication.recap.unlink(missing_ok=True)
    publication.recap.write_text(RECAP, "utf-8")
    assert publication.publish().code == 0
    assert publication.feeds() == finished


@pytest.mark.parametrize("command", ["plan", "status"])
@pytest.mark.parametrize("how", ["pipe", "/dev/zero"])
def test_no_command_reads_without_an_end(publication, command, how):
    replaced(publication.recap, how)

    outcome = publication.run(command, "--json")

    assert "it is not a file" in complaint(outcome, 2)


COMING_IN = [("outline",), ("subscribers", "import"), ("bounces",)]


def test_outline_reads_a_pipe_that_somebody_writes(tmp_path):
    replaced(tmp_path / "pipe.md", "pipe")
    reading = OnDisk(tmp_path).start("outline", "pipe.md", "--json")
    (tmp_path / "pipe.md").write_text(RECAP, "utf-8")

    out, _ = reading.communicate(timeout=LIMIT)

    assert json.loads(out)["title"] == "港の会議 2026 まとめ"


@pytest.mark.parametrize("command", COMING_IN, ids=" ".join)
def test_a_device_is_not_read(publication, command):
    replaced(publication.folder / "coming.csv", "/dev/zero")

    outcome = publication.run(*command, "coming.csv")

    assert "it is not a file" in complaint(outcome, 2)


@pytest.mark.parametrize("command", COMING_IN, ids=" ".join)
@pytest.mark.parametrize("redirected", ["<&-", "0>nothing"])
def test_a_standard_input_that_is_closed_is_told(publication, command, redirected):
    line = f"{shlex.join([*PROGRAM, *command, '-'])} {redirected}"

    done = subprocess.run(["sh", "-c", line], cwd=publication.folder, capture_output=True, timeout=LIMIT, check=False)

    outcome = Outcome(code=done.returncode, out=done.stdout, err=done.stderr.decode())
    assert "standard input is closed" in complaint(outcome, 2)


@pytest.mark.parametrize("place", ["configuration", "record"])
@pytest.mark.parametrize("how", ["pipe", "/dev/zero", "folder", "socket"])
def test_what_is_no_file_is_refused_by_every_command(publication, place, how):
    replaced(getattr(publication, place), how)

    outcomes = [publication.run(command) for command in ("publish", "plan", "status")]

    assert all(place in complaint(outcome, 2) for outcome in outcomes)


CONFIGURATIONS = {
    "unknown key": ('parts = "day"', 'part = "day"', "unknown key", "did you mean parts?"),
    "unknown table": ("[serials.minato.cadence]", "[serial.minato.cadence]", "unknown key", "did you mean serials"),
    "broken": ("[publication]", "[publication", "not TOML", "line 1"),
    "a table twice": ("[serials.minato.cadence]", "[publication]", "cannot declare publication twice", "line"),
    "no text": ('"会議録の再放送"', "会議録", "not TOML, invalid value", "texts stand in quotes"),
    "no serial": (CONFIGURATION[CONFIGURATION.index("[serials.minato]") :], "", "no serial", "recap ="),
    "a zone of nowhere": ('"UTC"', '"Mars/Olympus"', "unknown time zone", "Asia/Tokyo"),
    "a zone outside": ('"UTC"', '"../../../etc/passwd"', "unknown time zone", "line 5"),
    "this machine's zone": ('"UTC"', '"localtime"', "unknown time zone", "Asia/Tokyo"),
    "an impossible time": ('"08:00"', '"25:00"', "not a time of day", "23:59"),
    "an impossible date": ('"first-publish"', '"2026-02-30"', "neither a date", "2026-12-01"),
    "a date far away": ('"first-publish"', '"9999-12-31"', "after 2999", "start"),
    "a date long ago": ('"first-publish"', '"0001-01-01"', "before 1970", "start"),
    "a million days": ('every = "day"', 'every = "999999d"', "not between a second and ten years", "every"),
    "no interval": ('every = "day"', 'every = "0m"', "not between", "every"),
    "backwards": ('every = "day"', 'every = "-5m"', "not a rhythm", "90m"),
    "no parts": ('parts = "day"', "parts = 0", "not a way to cut", "session"),
    "a script as address": ('"https://recaps.example.org/"', '"javascript:alert(1)"', "not a web address", "https"),
    "a password in the address": ('"https://recaps', '"https://me:pw@recaps', "with a password", "before the @"),
    "output over everything": ('"feeds"', '"."', "holds the publication itself", "a folder of its own"),
    "output among recaps": ('"feeds"', '"recaps"', "holds the recap", "a folder of its own"),
    "output among templates": ('"feeds"', '"templates/x"', "holds templates", "a folder of its own"),
    "a recap that would be published": ('"recaps/minato.md"', '"feeds/minato.md"', "holds the recap", "of its own"),
    "a slug that climbs": ("serials.minato", 'serials."../x"', "not a name for addresses", "a-z"),
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_wrong_configuration_is_one_sentence_and_a_remedy(publication, published, name):
    old, new, *words = CONFIGURATIONS[name]
    publication.configure(old, new)

    outcome = publication.publish()

    said = complaint(outcome, 2)
    assert all(word in said for word in words)
    assert publication.feeds() == published.feeds()


def test_ten_thousand_skipped_days_end_in_a_sentence(publication):
    days = ", ".join(f'"{2026 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}"' for n in range(10_000))
    publication.configure('every = "day"', f'every = "day"\nskip = [{days}]')

    outcome = publication.publish()

    assert outcome.code == 0  # days 29 to 31 are left


@pytest.mark.parametrize(
    "now",
    ["", "x", "2026-11-26", "2026-11-26T09:00", "2026-02-30T00:00:00Z", "9999-12-31T23:59:59-12:00", "1e400", "-1"],
)
def test_an_instant_that_is_none_is_refused(publication, now):
    outcome = publication.run("publish", f"--now={now}")

    assert "instant" in complaint(outcome, 2)


@pytest.mark.parametrize(
    "words",
    [
        ["publish", "extra"],
        ["publish", "--serial", "nobody"],
        ["publish", "--nope"],
        ["publich"],
        ["plan", "--ics", "--json"],
        ["publish", "-c", "nowhere.toml"],
        ["publish", "-c", "."],
        ["init", "."],
        ["outline"],
        ["outline", "nowhere\n\x1b[31m.md"],
    ],
)
def test_wrong_use_is_two_lines(publication, words):
    outcome = publication.run(*words)

    assert "\x1b" not in complaint(outcome, 2)


@pytest.mark.parametrize(
    "words", [["publish"], ["publish", "--dry-run"], ["plan"], ["status"], ["doctor"], ["outline", "recaps/minato.md"]]
)
def test_json_is_one_document_and_nothing_else(publication, words):
    outcome = publication.run(*words, "--json", "-v")

    assert outcome.code == 0
    assert outcome.out.count(b"\n") == 1
    assert json.loads(outcome.out)["schema"].startswith(f"cnddigest/{words[0]}/")


@pytest.mark.parametrize("command", ["publish", "plan", "status"])
def test_json_says_nothing_on_stdout_when_it_fails(publication, command):
    publication.recap.unlink()

    outcome = publication.run(command, "--json")

    assert "recap not found" in complaint(outcome, 2)


# The output folder


def test_a_read_only_output_loses_nothing(published, finished, tmp_path, disk):
    publication = published.copy(tmp_path / "p")
    shutil.rmtree(publication.output)
    publication.output = disk("4m")
    publication.configure('"feeds"', f'"{publication.output}"')
    shutil.copytree(published.output, publication.output, dirs_exist_ok=True)
    disk("ro")

    outcome = publication.publish()

    assert "read-only file system" in complaint(outcome, 1)
    assert publication.feeds() == published.feeds()
    disk("rw")
    assert publication.publish().code == 0
    assert publication.feeds() == finished


@pytest.mark.parametrize("free", [0, 8, 40, 80])
def test_a_full_disk_loses_nothing(published, finished, disk, free):
    place = disk("8m")
    publication = published.copy(place / "p")
    room = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
    (place / "ballast").write_bytes(bytes(room - free * 1024))

    outcome = publication.publish()

    complaint(outcome, 1)
    assert publication.feeds() == published.feeds()
    (place / "ballast").unlink()
    assert publication.publish().code == 0
    assert publication.feeds() == finished


@pytest.mark.parametrize(
    ("place", "how", "words"),
    [
        ("", "bytes", "output is not a folder"),
        ("", "nowhere", "output is not a folder"),
        (f"{SLUG}/rss.xml", "folder", "rss.xml: is a directory"),
        (f"{SLUG}/parts", "bytes", "not a directory"),
        (f"{SLUG}/parts", "../../elsewhere", "folder is a link out of the output folder"),
        (".cnddigest-staging", "../elsewhere", "staging folder is a file or a link"),
        (".cnddigest-check", "../elsewhere", "cannot write"),
    ],
)
def test_what_stands_in_the_way_is_named_and_left_alone(publication, finished, place, how, words):
    target = publication.output / place
    if target.is_dir():
        shutil.rmtree(target)
    (publication.folder / "elsewhere").mkdir()
    replaced(target, how, b"mine")

    outcome = publication.publish()

    assert words in complaint(outcome, 1)
    assert list((publication.folder / "elsewhere").iterdir()) == []
    target.rmdir() if how == "folder" else target.unlink()
    assert publication.publish().code == 0
    assert publication.feeds() == finished


def test_a_link_in_a_files_place_is_replaced_and_not_followed(publication, finished):
    target = publication.folder / "private"
    target.write_text("private", "utf-8")
    replaced(publication.output / SLUG / "rss.xml", str(target))

    outcome = publication.publish()

    assert outcome.code == 0
    assert target.read_text("utf-8") == "private"
    assert publication.feeds() == finished


def test_deleted_and_changed_files_come_back(publication, finished):
    shutil.rmtree(publication.output / SLUG / "sessions")
    (publication.output / SLUG / "atom.xml").write_bytes(b"changed")
    (publication.output / "index.html").unlink()

    outcome = publication.publish()

    assert outcome.code == 0
    assert publication.feeds() == finished


# The record


def _newer(path):
    with closing(sqlite3.connect(path)) as record:
        record.execute("pragma user_version = 99")


def _foreign(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as record:
        record.execute("create table photos (name)")


def _shortened(path):
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


def _of_five_letters(path):
    path.write_text("hello", "utf-8")


def _of_noise(path):
    path.write_bytes(random.Random(1).randbytes(9000))


def _without_a_table(path):
    with closing(sqlite3.connect(path)) as record:
        record.execute("drop table part")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_newer, "written by a newer cnddigest"),
        (_foreign, "belongs to another program"),
        (_shortened, "record is damaged"),
        (_without_a_table, "record is damaged"),
        (_of_five_letters, "not a SQLite database"),
        (_of_noise, "not a SQLite database"),
    ],
)
def test_a_record_that_is_none_of_ours_is_left_alone(publication, published, spoil, words):
    whole = publication.record.read_bytes()
    spoil(publication.record)
    spoilt = publication.record.read_bytes()

    outcomes = [publication.publish(SECOND, "--json"), publication.run("plan"), publication.run("status")]

    assert all(words in complaint(outcome, 2) for outcome in outcomes)
    assert publication.record.read_bytes() == spoilt
    assert publication.feeds() == published.feeds()
    publication.record.write_bytes(whole)
    assert publication.publish().code == 0


def test_doctor_finds_a_record_without_a_folder(publication):
    publication.configure('output = "feeds"', 'output = "feeds"\nrecord = "nowhere/record.sqlite3"')

    outcome = publication.run("doctor", "--json")

    found = {check["name"]: check["state"] for check in json.loads(outcome.out)["checks"]}
    assert outcome.code == 1
    assert found["record"] == "mend"
    assert "folder of the record does not exist" in complaint(publication.publish(), 2)


@pytest.mark.parametrize("seed", range(8))
def test_flipped_bytes_never_show_a_traceback(publication, seed):
    chance = random.Random(seed)
    data = bytearray(publication.record.read_bytes())
    for _ in range(chance.choice((1, 5, 50))):
        place = chance.randrange(100, len(data) - 64)
        data[place : place + 32] = chance.choice((bytes(32), chance.randbytes(32)))
    publication.record.write_bytes(data)

    outcomes = [publication.run("status"), publication.publish()]

    for outcome in outcomes:
        assert outcome.code in {0, 1, 2}
        assert outcome.err.count("\n") <= 2
        assert "Traceback" not in outcome.err


def test_text_in_the_record_that_is_no_part_is_damage(publication, published):
    with closing(sqlite3.connect(publication.record)) as record:
        record.execute("update part_text set body = '{'")
        record.commit()
    publication.recap.write_text(RECAP.replace("二十年", "三十年"), "utf-8")

    outcomes = [publication.run("plan"), publication.publish()]

    assert all("record is damaged" in complaint(outcome, 2) for outcome in outcomes)
    assert publication.feeds() == published.feeds()


# Templates

TEMPLATES = {
    "a tag without an end": ("page.html.j2", b"<p>\n{% if %}", "page.html.j2, line 2"),
    "an unknown name": ("part.html.j2", b"\n\n{{ nobody }}", "part.html.j2, line 3: 'nobody' is undefined"),
    "a way to Python": ("session.html.j2", b"{{ ''.__class__.__mro__ }}", "'__class__'"),
    "another way": ("session.html.j2", b"{{ _.__globals__ }}", "'__globals__'"),
    "by format": ("session.html.j2", b"{{ '{0.__class__}'.format(1) }}", "'__class__'"),
    "a loop without an end": ("issue.txt.j2", b"{% for i in range(10**12) %}{% endfor %}", "range too big"),
    "too much text": ("page.html.j2", b"{{ 'x' * 10**11 }}", "page.html.j2, line 1"),
    "itself": ("part.html.j2", b"{% include 'part.html.j2' %}", "recursion"),
    "a file outside": ("part.html.j2", b"{% include '../../../etc/passwd' %}", "no such template"),
    "the configuration": ("part.html.j2", b"{% include 'cnddigest.toml' %}", "no such template"),
    "no text": ("page.html.j2", b"\xff\xfe\x00", "template is not UTF-8"),
    "a mail without a head": ("issue.html.j2", b"<p>hello</p>", "no head"),
    "a style from elsewhere": ("issue.css", b"@import url('https://evil.example/');", "issue.css, line 1"),
    "division": ("archive.html.j2", b"{{ 1 / 0 }}", "division by zero"),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_wrong_template_changes_no_file(publication, published, finished, name):
    template, data, words = TEMPLATES[name]
    publication.template(template, data)

    outcome = publication.publish()

    assert words.lower() in complaint(outcome, 2).lower()
    assert publication.feeds() == published.feeds()
    shutil.rmtree(publication.folder / "templates")
    assert publication.publish().code == 0
    assert publication.feeds() == finished


@pytest.mark.parametrize("name", ["page.html.j2", "assets/picture.png"])
@pytest.mark.parametrize("how", ["pipe", "/dev/zero", "nowhere"])
def test_a_template_that_is_no_file_is_named(publication, published, name, how):
    publication.template(name, b"")
    replaced(publication.folder / "templates" / name, how)

    outcome = publication.publish()

    assert f": {name}" in complaint(outcome, 2)
    assert publication.feeds() == published.feeds()


def test_a_wrong_template_releases_nothing(publication):
    publication.template("part.html.j2", b"{{ nobody }}")

    publication.publish()

    status = json.loads(publication.run("status", "--json").out)
    assert status["serials"][0]["parts"]["released"] == 1


# Time, signals, and two at once


def test_a_clock_that_goes_back_takes_nothing_back(publication, published):
    assert publication.publish(FIRST).code == 0  # a copy is another place: its inputs are looked at anew

    outcome = publication.publish(BEFORE, "--json")

    assert outcome.code == 0
    assert json.loads(outcome.out)["released"] == []
    assert publication.feeds() == published.feeds()


@pytest.mark.parametrize("more", [(), ("--all",)])
def test_a_clock_that_goes_back_does_not_stop_an_edit(publication, more):
    publication.recap.write_text(RECAP.replace("二十年", "三十年"), "utf-8")

    outcome = publication.publish(BEFORE, *more)

    assert outcome.code == 0, outcome.err


def test_two_publishers_at_once_publish_once(publication, finished):
    both = [publication.start("publish", "--now", SECOND, "--json") for _ in range(2)]

    ended = [one.communicate(timeout=LIMIT) for one in both]

    assert [one.returncode for one in both] == [0, 0]
    assert sorted(len(json.loads(out)["released"]) for out, _ in ended) == [0, 1]
    assert publication.feeds() == finished


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
@pytest.mark.parametrize("after", [0.2, 0.5, 0.8])
def test_a_signal_leaves_nothing_half_written(tmp_path, sign, code, after):
    talks = "".join(f"### Talk {n} of many\n\nThe summary number {n}.\n\n" for n in range(300))
    publication = OnDisk.new(tmp_path / "p", f"# Many talks\n\n## Day 1\n\n{talks}")
    running = publication.start("publish", "--now", FIRST)
    time.sleep(after)
    running.send_signal(sign)

    _, err = running.communicate(timeout=LIMIT)

    if b"Traceback" in err or running.returncode in {0, -sign}:
        assert running.returncode in {0, -sign}  # before Python could be told, or after all was done
    else:
        assert (running.returncode, err) == (code, b"")
        assert not (publication.output / ".cnddigest-staging").exists()
    assert publication.publish(FIRST).code == 0
    assert len([path for path in publication.feeds() if path.startswith(f"{SLUG}/sessions/talk-")]) == 300


# Names and places


@pytest.mark.parametrize("name", ["a b;c.md", "会議 まとめ.md", "it's $(touch x).md", "-dash.md"])
def test_a_recap_may_have_any_name(publication, finished, name):
    publication.recap.rename(publication.recap.with_name(name))
    publication.configure("recaps/minato.md", f"recaps/{name}")

    outcome = publication.publish()

    assert outcome.code == 0
    assert publication.feeds() == finished


def test_a_recap_may_lie_outside_the_publication(publication, finished):
    publication.recap.rename(publication.folder.parent / "outside.md")
    publication.configure("recaps/minato.md", "../outside.md")

    outcome = publication.publish()

    assert outcome.code == 0
    assert publication.feeds() == finished


def test_a_publication_is_published_from_anywhere(publication, finished, tmp_path):
    outcome = publication.run("publish", "-c", str(publication.configuration), "--now", SECOND, cwd=tmp_path)

    assert outcome.code == 0
    assert publication.feeds() == finished


def test_output_may_be_an_absolute_path(publication, finished, tmp_path):
    publication.output = tmp_path / "deep" / "site"
    publication.configure('"feeds"', f'"{publication.output}"')

    outcome = publication.publish()

    assert outcome.code == 0
    assert publication.feeds() == finished


def test_a_renamed_serial_is_a_new_one(publication):
    publication.configure("serials.minato", "serials.harbour")

    outcome = publication.publish(SECOND, "--json")

    assert outcome.code == 0
    assert [line["serial"] for line in json.loads(outcome.out)["released"]] == ["harbour"]


def test_every_link_begins_with_a_base_url_that_has_a_path(tmp_path):
    publication = OnDisk.new(tmp_path / "p")
    publication.configure("https://recaps.example.org/", "http://localhost:8000/sub/path")

    outcome = publication.publish(FIRST)

    items = json.loads(publication.feeds()[f"{SLUG}/feed.json"])["items"]
    assert outcome.code == 0
    assert [item["url"] for item in items] == [f"http://localhost:8000/sub/path/{SLUG}/parts/1.html"]
    assert not any(b"recaps.example.org" in data for data in publication.feeds().values())


# Terminals

COMMANDS = [["plan"], ["status", "--json"], ["doctor"], ["publish", "--dry-run"], ["outline", "recaps/minato.md"]]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_full_device_behind_stdout_is_said(publication, words):
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [*PROGRAM, *words], cwd=publication.folder, stdout=full, stderr=subprocess.PIPE, check=False, timeout=LIMIT
        )

    assert done.returncode == 1
    assert b"error: no space left on the device\n" in done.stderr


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_reader_that_left_is_no_error_of_ours(publication, words):
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [*PROGRAM, *words], cwd=publication.folder, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=LIMIT
    )

    os.close(writing)
    assert done.returncode == 141
    assert b"error" not in done.stderr


@pytest.mark.parametrize("width", [1, 20, 80])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_colour_in_a_terminal_of_any_width(publication, words, width):
    fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
    near, far = os.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = os.environ | {"NO_COLOR": "1", "TERM": "xterm-256color"}

    running = subprocess.Popen(
        [*PROGRAM, *words], cwd=publication.folder, stdout=far, stderr=subprocess.PIPE, env=environment
    )
    os.close(far)
    shown = b""
    while piece := _next(near):
        shown += piece
    _, err = running.communicate(timeout=LIMIT)

    os.close(near)
    assert running.returncode == 0
    assert b"Traceback" not in err
    assert b"\x1b[3" not in shown  # the colours of ECMA-48 begin so
    assert shown


def _next(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""


@pytest.mark.parametrize(
    "command",
    [
        ("publish",),
        ("status",),
        ("plan",),
        ("run", "--once"),
        ("hold", "--serial", SLUG),
        ("subscribers", "add", "haru@example.net", "--serial", SLUG),
        ("rehearse", "--to", "rehearsal"),
    ],
    ids=" ".join,
)
def test_where_the_record_is_lost_nothing_is_made_up_in_its_place(tmp_path, command):
    publication = OnDisk.new(tmp_path / "p")
    publication.publish(FIRST)
    for file in publication.folder.glob("cnddigest.sqlite3*"):
        file.unlink()
    before = publication.feeds()

    refused = publication.run(*command, "--now", FIRST)

    assert refused.code == 2
    assert refused.err.startswith(f"error: parts are out that the record knows nothing of: {SLUG}\nhint: ")
    assert publication.feeds() == before
    assert not publication.record.exists()
