"""What comes over a connection is read in one way only, answered in its order, and what can't be read is refused."""

import socket
import struct
import time

import pytest

from cnddigest.web.limits import Limits
from gated import LARGE, LOOPS, gated, statuses

pytestmark = pytest.mark.slow

HOST = b"Host: x\r\n"
FORM = b"POST / HTTP/1.1\r\n" + HOST
CHUNKS = FORM + b"Transfer-Encoding: chunked\r\n\r\n"
NEXT = b"GET /next HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
SMALL = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.fixture(scope="module")
def server():
    with gated() as found:
        yield found


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",  # RFC 9112, 3.2: one Host, which makes sense
        b"GET / HTTP/1.1\r\n" + HOST * 2 + b"\r\n",
        b"GET / HTTP/1.0\r\n" + HOST * 2 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a@x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1%61.x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x:y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x/\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x, y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x:70000\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xe6\xb8\xaf\r\n\r\n",
        FORM + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",  # 6.1: smuggling
        FORM + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        FORM + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",  # 6.3
        FORM + b"Content-Length: 1, 1\r\n\r\nx",
        FORM + b"Content-Length: +1\r\n\r\nx",
        FORM + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        FORM + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        CHUNKS + b"3\r\nabcd\r\n0\r\n\r\n",  # 7.1
        CHUNKS + b"3\r\nabcXX0\r\n\r\n",
        CHUNKS + b"3 \r\nabc\r\n0\r\n\r\n",
        CHUNKS + b"0x3\r\nabc\r\n0\r\n\r\n",
        CHUNKS + b"3;a\nabc\r\n0\r\n\r\n",
        CHUNKS + b"fffffffffffffffff\r\nabc",
        b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",  # 5.2: folded lines
        b"GET / HTTP/1.1\r\n X: a\r\n" + HOST + b"\r\n",  # 2.2
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",  # 5.1
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"nothing\r\n\r\n",
        b"GET http://u@x/ HTTP/1.1\r\n" + HOST + b"\r\n",  # 3.2.2
        b"GET http:/// HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET ftp://x/ HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET x HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET * HTTP/1.1\r\n" + HOST + b"\r\n",  # 3.2.4: of OPTIONS alone
        b"GET /\xc3\xa4 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n",
        b"get / HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.2\r\n" + HOST + b"\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_two_servers_could_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(server, data):
    heard = server.said(data + NEXT)

    assert statuses(heard) == [400]
    assert b"connection: close" in heard
    assert b"nosniff" in heard


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"CONNECT x:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
        (b"CONNECT / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
        (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 501),
        (FORM + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),  # RFC 9112, 6.1
        (FORM + b"Transfer-Encoding: identity\r\n\r\n", 501),
        (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
        (b"GET /\r\n\r\n", 505),
    ],
)
def test_what_we_do_not_do_is_said(server, data, status):
    heard = server.said(data + NEXT)

    assert statuses(heard) == [status]


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"GET / HTTP/1.1\r\n" + HOST + b"\r\n", "GET / of x with ''"),
        (b"\r\n\r\nGET / HTTP/1.1\r\n" + HOST + b"\r\n", "GET / of x with ''"),  # RFC 9112, 2.2
        (b"GET / HTTP/1.1\r\nHost: [2001:db8::1]:8000\r\n\r\n", "GET / of [2001:db8::1]:8000 with ''"),
        (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / of  with ''"),
        (b"GET http://y:8/p?q HTTP/1.1\r\n" + HOST + b"\r\n", "GET /p of y:8 with ''"),  # 3.2.2
        (b"GET HTTPS://y HTTP/1.1\r\n" + HOST + b"\r\n", "GET / of y with ''"),
        (b"GET http://y?q HTTP/1.1\r\n" + HOST + b"\r\n", "GET / of y with ''"),
        (b"GET //y/p HTTP/1.1\r\n" + HOST + b"\r\n", "GET //y/p of x with ''"),
        (CHUNKS + b'3;a=b;c="d"\r\nabc\r\n0\r\nTrailer: x\r\n\r\n', "POST / of x with 'abc'"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\nabc", "GET / of x with ''"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"Expect: tea\r\n\r\n", "GET / of x with ''"),  # RFC 9110, 10.1.1
        (b"GET / HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", "GET / of x with ''"),  # 7.8
        (b"GET / HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "GET / of x with ''"),
    ],
)
def test_what_is_right_is_answered_and_so_is_what_comes_behind_it(server, data, answer):
    heard = server.said(data + NEXT)

    assert statuses(heard) == [200, 200]
    assert f"\r\n\r\n{answer}\n".encode() in heard
    assert b"GET /next of x" in heard


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",  # RFC 9112, 6.1: faulty, so it ends with it
        b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    ],
)
def test_a_connection_ends_with_its_last_request_whatever_comes_behind_it(server, data):
    heard = server.said(data + b"nonsense\r\n\r\n")

    assert statuses(heard) == [200]
    assert b"connection: close" in heard
    assert b"transfer-encoding" not in heard


def test_an_answer_to_head_has_the_length_of_a_body_and_no_body(server):
    heard = server.said(b"HEAD / HTTP/1.1\r\n" + HOST + b"\r\n" + b"HEAD /" + NEXT[5:])

    first, second = heard.split(b"HTTP/1.1 ")[1:]
    assert first.endswith(b"\r\n\r\n")
    assert second.endswith(b"\r\n\r\n")
    assert b"content-length: 20" in first


def test_whoever_waits_to_be_asked_for_a_body_is_asked(server):
    with server.connect() as connection:
        connection.sendall(FORM + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        asked = connection.recv(1000)
        connection.sendall(b"abc")
        answer = connection.recv(1000)

    assert asked == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert b"with 'abc'" in answer


def test_a_body_too_long_is_refused_before_anybody_asks_for_it(server):
    heard = server.said(FORM + b"Content-Length: 3000000\r\nExpect: 100-continue\r\n\r\n")

    assert statuses(heard) == [413]


def test_nonsense_is_refused_after_the_answers_to_what_was_asked_before(server):
    heard = server.said(b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n" + SMALL + b"nonsense\r\n\r\n")

    assert statuses(heard) == [200, 200, 400]


def test_what_stands_behind_a_body_is_no_field_of_the_request(server):
    heard = server.said(CHUNKS + b"3\r\nabc\r\n0\r\nHost: proxy\r\nExpect: 100-continue\r\n\r\n" + NEXT)

    assert statuses(heard) == [200, 200]
    assert b"POST / of x with 'abc'" in heard


@pytest.mark.parametrize(
    "endless",
    [
        pytest.param(CHUNKS + b"0\r\n" + b"a: b\r\n" * 101 + b"\r\n", id="fields"),
        pytest.param(CHUNKS + b"0\r\na: " + b"b" * 40_000, id="one field"),
        pytest.param(CHUNKS + b"3;a=" + b"b" * 40_000, id="an extension"),
    ],
)
def test_what_stands_around_a_body_is_no_longer_than_a_head(server, endless):
    heard = server.said(endless)

    assert statuses(heard) == [431]
    assert b"connection: close" in heard


def test_a_body_may_come_in_as_many_pieces_as_it_has_octets(server):
    heard = server.said(CHUNKS + b"1\r\nx\r\n" * 20_000 + b"0\r\n\r\n" + NEXT)

    assert statuses(heard) == [200, 200]


def test_a_body_too_long_for_a_page_that_has_answered_gets_no_second_answer(server):
    with server.connect() as connection:
        connection.sendall(b"POST /blind HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n")
        heard = connection.recv(1000)
        for _ in range(30):
            connection.sendall(b"186a0\r\n" + bytes(100_000) + b"\r\n")
        connection.sendall(NEXT)
        after = connection.recv(1000)

    assert statuses(heard) == [200]
    assert after == b""


# What waits


@pytest.mark.parametrize("loop", LOOPS)
def test_who_asks_more_and_more_without_reading_is_heard_no_further(loop):
    with gated(loop=loop) as server, server.connect() as connection:
        connection.settimeout(1)
        sent, most, end = 0, 0, time.monotonic() + 15
        try:
            while time.monotonic() < end:
                sent += connection.send(SMALL * 2000)
                most = max([most, *(len(each.pipeline) for each in server.gates)])
        except TimeoutError:
            pass
        (held,) = server.gates
        most = max(most, len(held.pipeline))

        assert time.monotonic() < end  # nobody takes what is sent any more
        assert 0 < most <= 4096 // len(SMALL)
        assert len(held._unread) <= 2**18
        assert held.transport.get_write_buffer_size() < 2**17


@pytest.mark.parametrize("loop", LOOPS)
def test_ten_thousand_requests_in_one_breath_are_answered_in_their_order(loop):
    many = b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(10_000))

    with gated(loop=loop) as server:
        heard = server.said(many + NEXT, patience=20)

    told = [int(each.partition(b" ")[0]) for each in heard.split(b"\r\n\r\nGET /")[1:-1]]
    assert told == list(range(10_000))


@pytest.mark.parametrize("path", [b"/slow", b"/large", b"/"])
@pytest.mark.parametrize("loop", LOOPS)
def test_who_hangs_up_with_requests_that_wait_leaves_no_word_in_the_log(loop, path):
    asked = b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n"

    with gated(loop=loop) as server:
        for pause in (0.0, 0.05, 0.2):
            with server.connect(room=4096) as connection:
                connection.sendall(asked * 4 + SMALL * 20)
                time.sleep(pause)
        time.sleep(1.5)

        assert server.log.lines == []
        assert server.gates == []


@pytest.mark.parametrize("way", ["reset", "unread"])
@pytest.mark.parametrize("loop", LOOPS)
def test_who_hangs_up_roughly_after_an_answer_leaves_no_word_in_the_log(loop, way):
    with gated(loop=loop, limits=Limits(connections=10, idle=1)) as server:
        connection = server.connect()
        connection.sendall(SMALL)
        if way == "reset":
            connection.recv(65536)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        time.sleep(0.2)
        connection.close()
        time.sleep(1.5)

        assert server.log.lines == []
        assert server.gates == []


# Who is slow


@pytest.mark.parametrize("loop", LOOPS)
def test_a_slow_reader_who_goes_on_reading_is_not_cut_off(loop):
    with gated(loop=loop, limits=Limits(connections=10, stalled=0.5)) as server, server.connect(room=4096) as reader:
        reader.sendall(b"GET /large HTTP/1.1\r\n" + HOST + b"\r\n")
        read = 0
        for _ in range(30):
            read += len(reader.recv(4096))
            time.sleep(0.1)
        while read < LARGE:
            piece = reader.recv(1_000_000)
            assert piece, "cut off"
            read += len(piece)

    assert read > LARGE


@pytest.mark.parametrize("end", [b"", b"Connection: close\r\n"])
@pytest.mark.parametrize("loop", LOOPS)
def test_a_reader_who_takes_nothing_is_hung_up_on(loop, end):
    with gated(loop=loop, limits=Limits(connections=10, stalled=0.5)) as server, server.connect(room=4096) as reader:
        reader.sendall(b"GET /large HTTP/1.1\r\n" + HOST + end + b"\r\n")
        time.sleep(3)

        assert server.gates == []
        assert server.log.lines == []


@pytest.mark.parametrize("loop", LOOPS)
def test_what_is_left_of_the_last_answer_holds_no_place_for_ever(loop):
    limits = Limits(connections=10, stalled=0.5, idle=1)

    with gated(loop=loop, limits=limits) as server, server.connect(room=4096) as reader:
        while not server.gates:
            time.sleep(0.01)
        (held,) = server.gates
        held.transport.set_write_buffer_limits(high=2 * LARGE)  # it never hears that too much waits
        reader.sendall(b"GET /large HTTP/1.1\r\n" + HOST + b"\r\n")
        time.sleep(5)

        assert server.gates == []
