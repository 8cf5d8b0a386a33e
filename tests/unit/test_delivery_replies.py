"""Every reply at every stage has one meaning, whatever octets it is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.delivery.model import Fate, Reply, Stage
from cnddigest.delivery.replies import LONGEST, fate_of, reply_of, silence

OURS = [Stage.CONNECT, Stage.HELLO, Stage.TLS, Stage.AUTH, Stage.SENDER, Stage.DATA, Stage.BODY]


def a_reply(said: str) -> Reply:
    code, _, text = said.partition(" ")
    return reply_of(int(code), [text.encode()])


@pytest.mark.parametrize("stage", OURS)
@pytest.mark.parametrize("said", ["421 bye", "450 4.7.1 slow down", "550 5.7.1 no", "530 5.7.0 log in", "552 too big"])
def test_what_is_said_before_and_after_the_reader_is_about_us(stage: Stage, said: str) -> None:
    fate = fate_of(stage, a_reply(said))

    assert fate is Fate.RELAY


@pytest.mark.parametrize(
    ("said", "fate"),
    [
        ("450 4.2.0 greylisted", Fate.LATER),
        ("451 4.7.1 too many", Fate.LATER),
        ("452 4.5.3 too many recipients", Fate.LATER),
        ("552 5.2.2 full", Fate.LATER),
        ("550 5.1.1 no such user", Fate.NEVER),
        ("550 5.7.1 not from you", Fate.NEVER),
        ("500 what", Fate.NEVER),
        ("421 4.3.2 going down", Fate.RELAY),
        ("530 5.7.0 log in first", Fate.RELAY),
        ("354 go on", Fate.RELAY),
    ],
)
def test_a_reader_is_refused_for_now_or_for_good(said: str, fate: Fate) -> None:
    found = fate_of(Stage.RECIPIENT, a_reply(said))

    assert found is fate


@pytest.mark.parametrize(
    ("said", "fate"),
    [
        ("250 2.0.0 taken", Fate.SENT),
        ("421 bye", Fate.LATER),
        ("451 4.3.0 try again", Fate.LATER),
        ("552 5.2.2 full", Fate.LATER),
        ("550 5.1.1 no such user", Fate.NEVER),
        ("554 no", Fate.NEVER),
        ("552 5.3.4 too big", Fate.CONTENT),
        ("552 too big", Fate.CONTENT),
        ("554 5.7.1 spam", Fate.CONTENT),
        ("550 5.6.0 no such charset", Fate.CONTENT),
        ("354 go on", Fate.DOUBT),
        ("334 what", Fate.DOUBT),
    ],
)
def test_the_dot_is_answered_once_and_for_all(said: str, fate: Fate) -> None:
    found = fate_of(Stage.DOT, a_reply(said))

    assert found is fate


def test_a_relay_that_took_nobody_yet_is_not_believed_about_the_first_reader() -> None:
    fate = fate_of(Stage.RECIPIENT, a_reply("554 5.7.1 relay access denied"), welcomed=False)

    assert fate is Fate.CONTENT


def test_a_relay_that_took_nobody_yet_is_believed_about_an_unknown_mailbox() -> None:
    fate = fate_of(Stage.RECIPIENT, a_reply("550 5.1.1 no such user"), welcomed=False)

    assert fate is Fate.NEVER


@pytest.mark.parametrize(
    ("said", "fate"), [("450 4.2.1 greylisted", Fate.LATER), ("550 5.1.1 no such user", Fate.NEVER)]
)
def test_an_answer_to_data_that_names_the_reader_is_about_the_reader(said: str, fate: Fate) -> None:
    found = fate_of(Stage.DATA, a_reply(said))

    assert found is fate


def test_an_enhanced_code_counts_only_in_its_own_class() -> None:
    reply = a_reply("450 5.1.1 which is it")

    assert reply == Reply(code=450, enhanced="", text="5.1.1 which is it")


def test_a_reply_of_many_lines_is_one_sentence() -> None:
    reply = reply_of(550, [b"5.1.1 no such", b"5.1.1  user", b"", b"5.1.1"])

    assert reply == Reply(code=550, enhanced="5.1.1", text="no such user")


@pytest.mark.parametrize("text", ["5.1.1x no", "5.1 no", "5.1.1111 no", "x 5.1.1 no"])
def test_what_only_looks_like_an_enhanced_code_is_text(text: str) -> None:
    reply = a_reply(f"550 {text}")

    assert reply.enhanced == ""
    assert reply.text == text


def test_words_that_drive_a_terminal_are_taken_out() -> None:
    reply = reply_of(550, ["\x1b[2Jno\x00\u202e such\u3000user\r\n".encode()])

    assert reply.text == "[2Jno such user"


@given(code=st.integers(200, 599), lines=st.lists(st.binary(max_size=1_200), max_size=6), stage=st.sampled_from(Stage))
def test_any_octets_have_a_meaning(code: int, lines: list[bytes], stage: Stage) -> None:
    reply = reply_of(code, lines)

    assert len(reply.text) <= LONGEST
    assert reply.text.isprintable()
    assert reply.enhanced[:1] in {"", str(code)[0]}
    assert isinstance(fate_of(stage, reply), Fate)


@given(code=st.integers(200, 599), stage=st.sampled_from([stage for stage in Stage if stage is not Stage.DOT]))
def test_nothing_is_sent_or_in_doubt_before_the_dot(code: int, stage: Stage) -> None:
    fate = fate_of(stage, Reply(code=code))

    assert fate not in {Fate.SENT, Fate.DOUBT}


@given(st.text())
def test_silence_is_told_in_words_that_can_be_shown(reason: str) -> None:
    reply = silence(reason)

    assert reply.code == 0
    assert reply.text.isprintable()
