"""What is at hand is answered on the connection itself, with the bytes that the application would send."""

import pytest

from shortcuts import DATE, FEED, Served, folder, request, run, settled

__all__ = ["folder"]

BROWSER = "Accept: text/html,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    "asked",
    [
        request(),
        request(method="HEAD"),
        request("If-None-Match: {tag}"),
        request('If-None-Match: "other", W/{tag}'),
        request("If-None-Match: {tag}", method="HEAD"),
        request('If-None-Match: "other"'),
        request("If-Modified-Since: Tue, 19 Jan 2038 03:14:07 GMT"),
        request("Accept-Encoding: gzip"),
        request("Accept-Encoding: gzip", "Accept-Encoding: br"),
        request(BROWSER, "Accept-Encoding: br"),
        request("Connection: close"),
        request("Connection: close", "If-None-Match: {tag}"),
        request(version="1.0"),
        request("Connection: keep-alive", version="1.0"),
        request("Expect: 100-continue"),
        request("Range: bytes=0-9"),
    ],
)
def test_both_ways_give_the_same_bytes_and_the_shorter_one_asks_nobody(folder, asked):
    async def play() -> None:
        short, long = Served(folder), Served(folder, has_shortcut=False)
        await long.warm("/minato/rss.xml")
        tag = (await long.heard(request())).written.partition(b"etag: ")[2].partition(b"\r\n")[0]
        long.asked.clear()
        await short.warm("/minato/rss.xml")

        quick, slow = [await served.heard(asked.replace(b"{tag}", tag)) for served in (short, long)]

        assert quick.written == slow.written != b""
        assert DATE[1] in quick.written
        assert quick.closed == slow.closed
        assert (short.asked, long.asked) == ([], ["/minato/rss.xml"])

    run(play)


@pytest.mark.parametrize(
    "asked",
    [
        request(path="/minato/rss%2Exml"),
        request(path="/minato/rss.xml?page=2"),
        request(path="/minato/rss.xml#x"),
        request(path="http://x/minato/rss.xml"),
        request(path="/minato/atom.xml"),
        request(method="POST"),
        request(method="DELETE"),
        request("Content-Length: 3") + b"abc",
        request("Transfer-Encoding: chunked") + b"0\r\n\r\n",
        request("Connection: Upgrade", "Upgrade: h2c"),
    ],
)
def test_whatever_is_not_plain_is_asked_of_the_application(folder, asked):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")

        heard = await served.heard(asked)

        assert len(served.asked) == 1
        assert heard.written.count(b"HTTP/1.1 ") == 1

    run(play)


def test_a_path_is_never_taken_for_the_decoded_name_of_another(folder):
    (folder / "a?b").write_text("a name with a question mark")

    async def play() -> None:
        served = Served(folder)
        await served.warm("/a%3Fb")

        heard = await served.heard(request(path="/a?b"))

        assert heard.written.startswith(b"HTTP/1.1 404 ")

    run(play)


def test_requests_in_one_breath_are_answered_in_their_order_whichever_way_each_goes(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")
        made, connection = served.connect()

        head = request(method="HEAD")
        made.data_received(head + request(path="/slow") + head + request(path="/slow") + head)
        await settled()
        before = connection.written
        served.go_on.set()
        await settled()

        kinds = [b"rss" if b"rss+xml" in each else b"slow" for each in connection.written.split(b"HTTP/1.1 ")[1:]]
        assert before.count(b"HTTP/1.1 ") == 1
        assert kinds == [b"rss", b"slow", b"rss", b"slow", b"rss"]
        assert not connection.paused
        made.connection_lost(None)

    run(play)


def test_a_request_that_comes_in_pieces_is_answered_once_it_is_whole(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")
        made, connection = served.connect()

        for octet in request(method="HEAD"):
            assert connection.written == b""
            made.data_received(bytes([octet]))

        assert connection.written.startswith(b"HTTP/1.1 200 ")
        assert served.asked == []
        made.connection_lost(None)

    run(play)


@pytest.mark.parametrize(
    "last",
    [request("Connection: close", method="HEAD"), request("Connection: keep-alive", method="HEAD", version="1.0")],
)
def test_nothing_is_answered_after_the_last_request_of_a_connection(folder, last):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")

        heard = await served.heard(last + request() + request(path="/slow"))

        assert heard.written.count(b"HTTP/1.1 ") == 1
        assert (heard.closed, served.asked) == (True, [])

    run(play)


def test_who_takes_nothing_is_not_sent_more_and_more(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")
        made, connection = served.connect()

        made.pause_writing()
        made.data_received(request() * 100)
        await settled()
        stalled = (connection.written, connection.paused)
        made.resume_writing()
        await settled()

        assert stalled == (b"", True)
        assert connection.written.count(b"HTTP/1.1 200 ") == 100
        made.connection_lost(None)

    run(play)


def test_a_file_that_was_replaced_or_is_gone_is_not_at_hand(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")

        (folder / "minato/rss.xml").write_text("<rss/>")
        replaced = await served.heard(request())
        (folder / "minato/rss.xml").unlink()
        gone = await served.heard(request())

        assert replaced.written.endswith(b"\r\n\r\n<rss/>")
        assert gone.written.startswith(b"HTTP/1.1 404 ")

    run(play)


def test_a_server_that_ends_hangs_up_on_who_was_answered_at_once(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")
        made, connection = served.connect()

        made.data_received(request())
        made.shutdown()

        assert connection.closed
        assert connection.written.endswith(FEED.encode())
        made.connection_lost(None)

    run(play)
