"""Whatever a relay does, every letter has one fate, and the right one."""

import smtplib
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnddigest.delivery.model import Attempt, Envelope, Fate, Stage
from cnddigest.errors import TransportRefused
from cnddigest.transport.opening import Relay, offer_of, open_session
from cnddigest.transport.session import Session
from cnddigest.transport.smtp import SmtpTransport
from cnddigest.transport.wire import Limits
from far import DRIP, DROP, HANG, Desk, Far, a_letter, no_account

PIPELINED = ("PIPELINING", "SIZE 10000")
LOCK_STEP = ("SIZE 10000",)
both = pytest.mark.parametrize("offers", [PIPELINED, LOCK_STEP], ids=["pipelined", "lock-step"])
PATIENT = Limits(command=20, body=20, dot=20, farewell=1, tick=0.05)
HASTY = Limits(command=0.2, body=20, dot=0.2, farewell=0.2, tick=0.02)


def a_relay(far: Far, **fields: object) -> Relay:
    known: dict[str, object] = {"host": "127.0.0.1", "port": far.port, "security": "none", "limits": PATIENT}
    return Relay(**known | fields)  # type: ignore[arg-type]


def a_session(far: Far, **fields: object) -> Session:
    return open_session(a_relay(far, **fields), None, threading.Event())


def sent_to(far: Far, count: int = 1, **fields: object) -> tuple[list[Attempt], Session]:
    """One Session's Attempts for some letters, and the Session after that."""
    with a_session(far, **fields) as session:
        return list(session.deliver(map(a_letter, range(1, count + 1)), no_account)), session


def run(far: Far, desk: Desk, *, connections: int = 1, stop: threading.Event | None = None, **fields: object) -> None:
    SmtpTransport(a_relay(far, **fields), connections=connections, stop=stop).run(desk.feed, desk.commit)


# Texts


@both
def test_the_same_octets_arrive_as_from_the_standard_library(offers: tuple[str, ...]) -> None:
    letters = [a_letter(n) for n in range(1, 4)]

    with Far(offers=offers) as far, Far(offers=offers) as reference:
        run(far, Desk(letters))
        with smtplib.SMTP("127.0.0.1", reference.port) as client:
            for letter in letters:
                client.sendmail(letter.sender, letter.recipient, b"".join(letter.segments))

    assert far.taken == reference.taken
    assert len(far.taken) == 3


@pytest.mark.parametrize("pieces", [1, 3, 30_000])
def test_a_text_larger_than_every_buffer_arrives_whole(pieces: int) -> None:
    lines = [b"%076d\r\n" % n for n in range(90_000)]
    letter = a_letter(1, segments=tuple(b"".join(lines[n::pieces]) for n in range(pieces)))

    with Far() as far:
        run(far, Desk([letter]), limits=Limits())

    assert far.taken == [(letter.recipient, b"".join(letter.segments))]


@both
def test_a_text_leaves_after_the_next_letter_was_asked_for(offers: tuple[str, ...]) -> None:
    desk = Desk(map(a_letter, range(3)))
    taken: list[int] = []
    with Far(offers=offers) as far:
        desk.before = lambda _: taken.append(len(far.taken))

        run(far, desk)

    assert taken == [0, 0, 1]
    assert desk.begun == [0, 1, 2]


@both
def test_a_text_never_leaves_when_its_beginning_could_not_be_noted(offers: tuple[str, ...]) -> None:
    def letters() -> Iterator[Envelope]:
        yield a_letter(1)
        raise RuntimeError("record is gone")

    with Far(offers=offers) as far, pytest.raises(RuntimeError), a_session(far) as session:
        list(session.deliver(letters(), no_account))

    assert far.taken == []


# Fates


ANSWERS = [
    ("MAIL", "450 4.3.1 no room", Stage.SENDER, Fate.RELAY),
    ("MAIL", "550 5.7.1 not you", Stage.SENDER, Fate.RELAY),
    ("MAIL", "421 4.3.2 bye", Stage.SENDER, Fate.RELAY),
    ("MAIL", "nonsense", Stage.SENDER, Fate.RELAY),
    ("MAIL", DROP, Stage.SENDER, Fate.RELAY),
    ("MAIL", HANG, Stage.SENDER, Fate.RELAY),
    ("RCPT", "450 4.2.0 later", Stage.RECIPIENT, Fate.LATER),
    ("RCPT", "550-5.1.1 no such\r\n550 5.1.1 user", Stage.RECIPIENT, Fate.NEVER),
    ("RCPT", "554 5.7.1 relay access denied", Stage.RECIPIENT, Fate.CONTENT),
    ("RCPT", "421 4.3.2 bye", Stage.RECIPIENT, Fate.RELAY),
    ("RCPT", "nonsense", Stage.RECIPIENT, Fate.RELAY),
    ("RCPT", DROP, Stage.RECIPIENT, Fate.RELAY),
    ("RCPT", HANG, Stage.RECIPIENT, Fate.RELAY),
    ("DATA", "451 4.3.0 later", Stage.DATA, Fate.RELAY),
    ("DATA", "554 5.3.0 never", Stage.DATA, Fate.RELAY),
    ("DATA", "250 what", Stage.DATA, Fate.RELAY),
    ("DATA", "421 4.3.2 bye", Stage.DATA, Fate.RELAY),
    ("DATA", DROP, Stage.DATA, Fate.RELAY),
    ("DATA", HANG, Stage.DATA, Fate.RELAY),
    (".", "451 4.3.0 later", Stage.DOT, Fate.LATER),
    (".", "421 4.3.2 bye", Stage.DOT, Fate.LATER),
    (".", "554 5.6.0 what is that", Stage.DOT, Fate.CONTENT),
    (".", "554 5.3.0 no", Stage.DOT, Fate.NEVER),
    (".", "354 go on", Stage.DOT, Fate.DOUBT),
    (".", "nonsense", Stage.DOT, Fate.DOUBT),
    (".", DROP, Stage.DOT, Fate.DOUBT),
    (".", "took, " + DROP, Stage.DOT, Fate.DOUBT),
    (".", HANG, Stage.DOT, Fate.DOUBT),
]


@both
@pytest.mark.parametrize(("verb", "said", "stage", "fate"), ANSWERS)
def test_an_answer_decides_about_one_letter(
    offers: tuple[str, ...], verb: str, said: str, stage: Stage, fate: Fate
) -> None:
    with Far(offers=offers, says={verb: said}) as far:
        attempts, session = sent_to(far, limits=HASTY if said == HANG else PATIENT)

    found = attempts[0] if attempts else session.trouble
    assert found
    assert (found.stage, found.fate) == (stage, fate)
    assert (session.unsent is None) == bool(attempts)


@both
@pytest.mark.parametrize("said", ["450 4.2.0 later", "550 5.1.1 no such user"])
def test_a_reader_who_is_refused_holds_nobody_up(offers: tuple[str, ...], said: str) -> None:
    with Far(offers=offers, says={"RCPT": ["250 ok", said, said]}) as far:
        attempts, _ = sent_to(far, 5)

    assert [each.fate is Fate.SENT for each in attempts] == [True, False, False, True, True]
    assert [recipient for recipient, _ in far.taken] == [a_letter(n).recipient for n in (1, 4, 5)]
    assert far.connections == 1


def test_data_that_nobody_wanted_is_ended_with_a_lone_dot() -> None:
    with Far(says={"RCPT": ["550 5.1.1 no"], "DATA": ["354 go on"]}) as far:
        attempts, _ = sent_to(far, 2)

    assert [each.fate for each in attempts] == [Fate.NEVER, Fate.SENT]
    assert len(far.taken) == 1


@both
def test_a_relay_that_goes_away_after_a_text_is_not_asked_again(offers: tuple[str, ...]) -> None:
    with Far(offers=offers, says={".": "421 4.3.2 bye"}) as far:
        attempts, session = sent_to(far)

    assert [each.fate for each in attempts] == [Fate.LATER]
    assert session.trouble == attempts[0]


def test_a_refusal_counts_although_the_connection_ends_after_it() -> None:
    with Far(says={"RCPT": "550 5.1.1 no", "DATA": DROP}) as far:
        attempts, session = sent_to(far)

    assert [each.fate for each in attempts] == [Fate.NEVER]
    assert session.trouble


@both
def test_an_answer_too_many_is_never_taken_for_the_next_one(offers: tuple[str, ...]) -> None:
    with Far(offers=offers, says={".": ["250 taken\r\n250 taken"]}) as far:
        attempts, session = sent_to(far, 3)

    assert [each.fate for each in attempts] == [Fate.SENT]
    assert session.unsent == a_letter(2)
    assert len(far.taken) == 1


@both
def test_a_text_is_not_taken_before_it_has_left(offers: tuple[str, ...]) -> None:
    with Far(offers=offers, says={"DATA": "354 go on\r\n250 2.0.0 taken already"}) as far:
        attempts, session = sent_to(far, 3)

    assert attempts == []
    assert session.unsent == a_letter(1)
    assert far.taken == []


@pytest.mark.parametrize("said", ["\0\xff", "", "25", "999 what", "25O ok"])
def test_an_answer_without_sense_ends_the_conversation(said: str) -> None:
    with Far(says={"RCPT": said}) as far:
        _, session = sent_to(far)

    assert session.trouble
    assert session.trouble.fate is Fate.RELAY
    assert "something else than SMTP" in session.trouble.reply.text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("2" * 10_000, "without end"),
        ("250-" + "x" * 9_000, "without end"),
        ("\r\n".join(["250-x"] * 200), "answer has no end"),
    ],
)
def test_an_answer_without_end_ends_the_conversation(said: str, words: str) -> None:
    with Far(says={"RCPT": said}) as far:
        _, session = sent_to(far)

    assert session.trouble
    assert words in session.trouble.reply.text


def test_a_relay_that_drips_is_not_waited_for_longer_than_one_that_hangs() -> None:
    with Far(says={"RCPT": DRIP}) as far:
        began = time.monotonic()
        _, session = sent_to(far, limits=Limits(command=0.2, farewell=0.2, tick=2))

    assert session.trouble
    assert time.monotonic() - began < 2


@both
def test_a_text_cut_off_half_way_has_not_left(offers: tuple[str, ...]) -> None:
    letter = a_letter(1, segments=(b"x" * 998 + b"\r\n",) * 9_000)
    with Far(offers=(*offers[:-1],), says={"DATA": "354-hang up\r\n354 now"}) as far, a_session(far) as session:
        far.hangs_up_in_text = True

        attempts = list(session.deliver([letter], no_account))

    assert [(each.stage, each.fate) for each in attempts] == [(Stage.BODY, Fate.RELAY)]


@pytest.mark.parametrize("recipient", ["a@b\r\nRCPT TO:<c@d>", "a@b>\n", "", "a\0@b", "たろう@example.jp", "a" * 400])
@both
def test_an_address_that_is_more_than_an_address_is_refused_and_not_said(
    offers: tuple[str, ...], recipient: str
) -> None:
    letters = [a_letter(1), a_letter(2, recipient=recipient), a_letter(3)]

    with Far(offers=offers) as far, a_session(far) as session:
        attempts = list(session.deliver(letters, no_account))

    assert [each.fate for each in attempts] == [Fate.SENT, Fate.NEVER, Fate.SENT]
    assert len(far.taken) == 2
    assert sum(line.startswith("RCPT") for line in far.heard) == 2


@both
def test_a_message_that_is_too_large_ends_the_run_before_it_is_sent(offers: tuple[str, ...]) -> None:
    letters = [a_letter(1), a_letter(2, segments=(b"x" * 10_001,)), a_letter(3)]
    desk = Desk(letters)

    with Far(offers=offers) as far, pytest.raises(TransportRefused, match="10,001 octets, and the relay takes 10,000"):
        run(far, desk)

    assert desk.fates == {1: Fate.SENT, 2: Fate.RELAY}
    assert len(far.taken) == 1


def test_the_size_is_announced_where_it_is_offered() -> None:
    with Far(offers=("SIZE",)) as far:
        sent_to(far)

    size = sum(map(len, a_letter(1).segments))
    assert f"MAIL FROM:<bounces+1@example.org> SIZE={size}" in far.heard


STEPS = st.sampled_from(
    [
        "250 ok", "354 go on", "450 4.2.0 later", "421 bye", "550 5.1.1 no", "554 5.7.1 no", "nonsense", DROP,
        "250-a\r\n250 b", "250 a\r\n250 b", "",
    ]
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    offers=st.sampled_from([PIPELINED, LOCK_STEP]),
    says=st.dictionaries(
        st.sampled_from(["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", ".", "RSET", "QUIT"]),
        st.lists(STEPS, max_size=4),
        max_size=4,
    ),
    connections=st.integers(1, 3),
)
def test_every_letter_has_one_fate_whatever_the_relay_says(
    offers: tuple[str, ...], says: dict[str, list[str]], connections: int
) -> None:
    desk = Desk(map(a_letter, range(6)))

    with Far(offers=offers, says=says) as far, suppress(TransportRefused):
        run(far, desk, connections=connections)

    assert_everyone_is_accounted_for(desk, far)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    offers=st.sampled_from([PIPELINED, LOCK_STEP]),
    hears=st.lists(st.integers(0, 1_200), max_size=4),
    connections=st.integers(1, 2),
)
def test_every_letter_has_one_fate_wherever_the_relay_hangs_up(
    offers: tuple[str, ...], hears: list[int], connections: int
) -> None:
    desk = Desk(map(a_letter, range(6)))

    with Far(offers=offers, hears=list(hears)) as far, suppress(TransportRefused):
        run(far, desk, connections=connections)

    assert_everyone_is_accounted_for(desk, far)
    assert list(desk.fates.values()).count(Fate.DOUBT) <= len(hears)


def assert_everyone_is_accounted_for(desk: Desk, far: Far) -> None:
    """Whoever is called sent got it once, and who got it is called sent, or in doubt."""
    arrived = [recipient for recipient, _ in far.taken]
    answered = {a_letter(n).recipient: fate for n, fate in desk.fates.items()}
    assert len(answered) == len(desk.attempts)
    assert desk.open_feeds == 0
    assert {who for who, fate in answered.items() if fate is Fate.SENT} <= set(arrived)
    assert set(arrived) <= {who for who, fate in answered.items() if fate in {Fate.SENT, Fate.DOUBT}}
    assert len(arrived) == len(set(arrived))


# Connections


def test_several_connections_share_the_work() -> None:
    desk = Desk(map(a_letter, range(50)))

    with Far() as far:
        run(far, desk, connections=5)

    assert sorted(recipient for recipient, _ in far.taken) == sorted(a_letter(n).recipient for n in range(50))
    assert set(desk.fates.values()) == {Fate.SENT}
    assert 1 <= far.connections <= 5


def test_a_connection_is_used_for_a_while_and_then_replaced() -> None:
    desk = Desk(map(a_letter, range(7)))

    with Far() as far:
        run(far, desk, limits=Limits(messages=2))

    assert len(far.taken) == 7
    assert far.connections in {3, 4}
    assert far.heard.count("QUIT") == far.connections


def test_nothing_to_send_makes_no_connection() -> None:
    with Far() as far:
        run(far, Desk([]), connections=3)

    assert far.connections == 0


@both
@pytest.mark.parametrize("said", [DROP, "421 4.7.0 enough for one connection", "nonsense"])
def test_a_connection_that_ends_costs_nobody_anything(offers: tuple[str, ...], said: str) -> None:
    desk = Desk(map(a_letter, range(6)))

    with Far(offers=offers, says={"MAIL": ["250 ok", "250 ok", said]}) as far:
        run(far, desk)

    assert set(desk.fates.values()) == {Fate.SENT}
    assert len(far.taken) == 6
    assert far.connections == 2


def test_a_relay_that_drops_after_every_dot_puts_one_letter_in_doubt() -> None:
    desk = Desk(map(a_letter, range(6)))

    with Far(says={".": "took, " + DROP}) as far, pytest.raises(TransportRefused, match="closed by the far side"):
        run(far, desk)

    assert desk.fates == {0: Fate.DOUBT}
    assert len(far.taken) == 1
    assert len(desk.letters) == 5


def test_fewer_connections_than_wished_are_enough() -> None:
    desk = Desk(map(a_letter, range(30)))

    with Far(says={"CONNECT": ["220 hello", "220 hello", *["421 4.7.0 too many connections"] * 3]}) as far:
        run(far, desk, connections=5)

    assert set(desk.fates.values()) == {Fate.SENT}
    assert len(far.taken) == 30


def test_a_relay_that_is_not_there_is_told_once_and_nothing_begins() -> None:
    desk = Desk(map(a_letter, range(3)))
    with Far() as far:
        pass

    with pytest.raises(TransportRefused, match=r"^relay can't be reached, connection refused: 127.0.0.1:\d+$"):
        run(far, desk, connections=3)

    assert (desk.begun, desk.attempts, len(desk.letters)) == ([], [], 3)


@pytest.mark.parametrize(
    ("verb", "said", "words"),
    [
        ("CONNECT", "554 5.7.1 not you", "is not ready, .*: 554 5.7.1 not you"),
        ("CONNECT", "421 busy", "is not ready, .*: 421 busy"),
        ("CONNECT", HANG, "can't be used, no answer in time"),
        ("CONNECT", DROP, "can't be used, connection closed by the far side"),
        ("CONNECT", "SSH-2.0-OpenSSH", "something else than SMTP: SSH-2.0"),
        ("EHLO", "421 busy", "refuses us, .*: 421 busy"),
        ("HELO", "550 go away", "refuses us, .*: 550 go away"),
    ],
)
def test_a_relay_that_refuses_us_is_told_in_its_words(verb: str, said: str, words: str) -> None:
    says = {verb: said} | ({"EHLO": "500 what"} if verb == "HELO" else {})

    with Far(says=says) as far, pytest.raises(TransportRefused, match=words):
        a_session(far, limits=HASTY if said == HANG else PATIENT)


def test_a_server_that_knows_no_ehlo_is_sent_to_all_the_same() -> None:
    with Far(says={"EHLO": "502 what"}) as far:
        attempts, _ = sent_to(far, 2)

    assert [each.fate for each in attempts] == [Fate.SENT, Fate.SENT]
    assert far.heard[1].startswith("HELO")


@pytest.mark.parametrize("said", [HANG, "354 go on"])
def test_once_the_work_shall_end_no_relay_can_hold_it(said: str) -> None:
    desk = Desk(map(a_letter, range(3)))
    stop = threading.Event()
    limits = Limits(grace=0.3, farewell=0.2, tick=0.05)

    with Far(says={".": said}) as far:
        began = time.monotonic()
        threading.Timer(0.2, stop.set).start()
        with pytest.raises(TransportRefused):
            run(far, desk, stop=stop, limits=limits)

    assert time.monotonic() - began < 4
    assert desk.fates == {0: Fate.DOUBT}


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "DATA"])
def test_once_the_work_shall_end_nothing_is_waited_for_that_nobody_would_miss(verb: str) -> None:
    desk = Desk(map(a_letter, range(3)))
    stop = threading.Event()
    limits = Limits(grace=60, haste=0.2, farewell=0.2, tick=0.05)

    with Far(says={verb: HANG}) as far:
        began = time.monotonic()
        threading.Timer(0.2, stop.set).start()
        with pytest.raises(TransportRefused):
            run(far, desk, stop=stop, limits=limits)

    assert time.monotonic() - began < 30
    assert (desk.begun, desk.fates) == ([], {})


def test_an_error_of_the_record_passes_after_the_others_have_ended() -> None:
    desk = Desk(map(a_letter, range(40)))

    def before(letter: Envelope) -> None:
        if letter.key.subscription == 7:
            raise RuntimeError("record is gone")

    desk.before = before

    with Far() as far, pytest.raises(RuntimeError):
        run(far, desk, connections=3)

    assert len(far.taken) == list(desk.fates.values()).count(Fate.SENT)


# Offers


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_any_octets_are_an_offer(lines: list[bytes]) -> None:
    offer = offer_of(lines)

    assert offer.size >= 0


def test_what_a_relay_offers_is_read_in_any_case() -> None:
    offer = offer_of([b"pipelining", b"Size 1000", b"AUTH=LOGIN", b"auth PLAIN cram-md5", b"XFOO bar", b"SIZE x"])

    assert offer.pipelining
    assert offer.auth == {"LOGIN", "PLAIN", "CRAM-MD5"}
