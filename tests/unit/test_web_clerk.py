"""Who is served when many ask: what was promised, whoever else stands there."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import cast

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.audience.model import SubscriptionStatus
from cnddigest.web.clerk import SHARE, Busy, Clerk, Line
from cnddigest.wiring.reception import Counter, Reception
from visitors import BASE, HARU, Visitors, a_publication, visiting

CROWD = 260
ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture
def visitors(tmp_path: Path) -> Iterator[Visitors]:
    with visiting(a_publication(tmp_path / "publication")) as found:
        yield found


class _Nobody(Reception):
    """A reception without a record: who asks gets what they bring."""

    def __init__(self) -> None:
        pass

    def serve(self, visit):
        return visit(cast("Counter", None))

    def close(self) -> None:
        pass


async def _served(clerk: Clerk, asked: list[tuple[Line, str]]) -> tuple[list[Line], list[Line]]:
    """Return who is served, in which order, and who is told to come again, when all come while one is served."""
    free, begun, served, busy = Event(), Event(), [], []

    def first(_: Counter) -> None:
        begun.set()
        free.wait()

    async def ask(line: Line, network: str) -> None:
        try:
            await clerk.ask(lambda _: served.append(line), line, network)
        except Busy:
            busy.append(line)

    being_served = asyncio.create_task(clerk.ask(first, Line.READS))
    await asyncio.to_thread(begun.wait)
    waiting = [asyncio.create_task(ask(line, network)) for line, network in asked]
    await asyncio.sleep(0)
    free.set()
    await asyncio.gather(being_served, *waiting)
    return served, busy


def _asked(asked: list[tuple[Line, str]], most: int = 20) -> tuple[list[Line], list[Line]]:
    with closing(Clerk(_Nobody(), most=most)) as clerk:
        return asyncio.run(_served(clerk, asked))


def test_what_was_promised_is_soon_served_however_many_read_and_write() -> None:
    crowd = [(line, f"net {number}") for number in range(20) for line in (Line.READS, Line.WRITES)]

    served, _ = _asked([*crowd, (Line.PROMISED, "net 1")])

    assert served.index(Line.PROMISED) < 4


def test_no_line_waits_for_the_end_of_another() -> None:
    crowd = [(Line.PROMISED, f"net {number}") for number in range(20)]

    served, _ = _asked([*crowd, *((line, "x") for line in Line)])

    assert {*served[:7]} == {*Line}


def test_a_line_that_is_full_is_full_for_itself_alone() -> None:
    crowd = [(Line.READS, f"net {number}") for number in range(30)]

    served, busy = _asked([*crowd, *((line, "x") for line in Line if line is not Line.READS)])

    assert set(busy) == {Line.READS}
    assert {*served} == {*Line}


@pytest.mark.parametrize("line", Line)
def test_a_network_takes_a_part_of_a_line_and_others_find_room(line: Line) -> None:
    crowd = [(line, "one")] * 50

    served, busy = _asked([*crowd, (line, "another")])

    alone = 20 // (SHARE + 1)
    assert (len(served), len(busy)) == (alone + 1, 50 - alone)


@pytest.mark.parametrize("line", Line)
@pytest.mark.parametrize("networks", [1, 4, 15])
def test_a_few_networks_that_never_stop_leave_a_place_for_one_more(line: Line, networks: int) -> None:
    crowd = [(line, f"net {number % networks}") for number in range(20 * networks)]

    served, _ = _asked([*crowd, (line, "one more")])

    assert len(served) == len(_asked(crowd)[0]) + 1


@given(st.lists(st.tuples(st.sampled_from(Line), st.sampled_from(["", "a", "b", "c"])), max_size=60))
def test_everybody_is_served_or_told_to_come_again_and_leaves_their_place(asked: list[tuple[Line, str]]) -> None:
    async def twice(clerk: Clerk) -> list[tuple[list[Line], list[Line]]]:
        return [await _served(clerk, asked) for _ in range(2)]

    with closing(Clerk(_Nobody(), most=8)) as clerk:
        first, second = asyncio.run(twice(clerk))

    assert len(first[0]) + len(first[1]) == len(asked)
    assert [sorted(each, key=str) for each in first] == [sorted(each, key=str) for each in second]


def test_what_a_question_raises_is_raised_by_whoever_asked_and_the_next_is_served() -> None:
    def wrong(_: Counter) -> None:
        raise ValueError("no")

    async def ask(clerk: Clerk) -> int:
        with pytest.raises(ValueError, match="no"):
            await clerk.ask(wrong, Line.READS)
        return await clerk.ask(lambda _: 1, Line.READS)

    with closing(Clerk(_Nobody())) as clerk:
        found = asyncio.run(ask(clerk))

    assert found == 1


@pytest.mark.parametrize("path", ["/subscribe", "/search?q=x"])
def test_a_crowd_that_reads_keeps_nobody_from_leaving_by_one_click(visitors: Visitors, path: str) -> None:
    visitors.enrol()
    place = visitors.path("unsubscribe")

    async def ask(number: int, method: str, path: str, body: bytes = b"") -> httpx.Response:
        transport = httpx.ASGITransport(app=visitors.site, client=(f"10.0.{number % 8}.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as asking:
            return await asking.request(method, path, content=body)

    async def all_at_once() -> list[httpx.Response]:
        with closing(sqlite3.connect(visitors.settings.record)) as another:
            another.execute("begin immediate")  # whoever writes next stands at the counter until that ends
            first = asyncio.create_task(ask(0, "POST", "/replay"))
            crowd = [asyncio.create_task(ask(number, "GET", path)) for number in range(CROWD)]
            await asyncio.sleep(1)
            leaving = asyncio.create_task(ask(0, "POST", place, ONE_CLICK))
            await asyncio.sleep(0.1)
        return await asyncio.gather(first, *crowd, leaving)

    *_, left = asyncio.run(all_at_once())

    assert left.status_code == 200
    assert visitors.person(HARU).subscription.status is SubscriptionStatus.ENDED


def test_a_crowd_that_looks_at_pages_keeps_nobody_from_searching(visitors: Visitors) -> None:
    async def ask(number: int, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=visitors.site, client=(f"10.{number}.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as asking:
            return await asking.request("GET", path)

    async def all_at_once() -> list[httpx.Response]:
        crowd = [asyncio.create_task(ask(number % 255, "/subscribe")) for number in range(CROWD)]
        await asyncio.sleep(0)
        return await asyncio.gather(*crowd, asyncio.create_task(ask(255, "/search?q=x")))

    *looked, searched = asyncio.run(all_at_once())

    assert {answer.status_code for answer in looked} == {200, 503}
    assert searched.status_code == 200


@pytest.mark.parametrize("token", ["A" * 32, "A" * 40])
def test_what_looks_like_a_link_has_no_place_among_those_that_are(visitors: Visitors, token: str) -> None:
    visitors.enrol()
    place = visitors.path("unsubscribe")

    async def ask(number: int, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=visitors.site, client=(f"10.{number}.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as asking:
            return await asking.request("POST", path, content=ONE_CLICK)

    async def all_at_once() -> list[httpx.Response]:
        with closing(sqlite3.connect(visitors.settings.record)) as another:
            another.execute("begin immediate")  # whoever writes next stands at the counter until that ends
            crowd = [asyncio.create_task(ask(number % 255, f"/unsubscribe/{token}")) for number in range(CROWD)]
            await asyncio.sleep(1)
            leaving = asyncio.create_task(ask(255, place))
            await asyncio.sleep(0.1)
        return await asyncio.gather(*crowd, leaving)

    *_, left = asyncio.run(all_at_once())

    assert left.status_code == 200
    assert visitors.person(HARU).subscription.status is SubscriptionStatus.ENDED
