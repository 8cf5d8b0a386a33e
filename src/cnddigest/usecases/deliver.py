"""Deliver: claim what is due, send it over several connections, record every reply on its own.

claim ──> compose ──> step (last recorded, next begun) ──> the wire ──> Attempt ──> step …
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cnddigest.errors import CndDigestError
from cnddigest.usecases.line import Line
from cnddigest.usecases.post import DeliveryReport, Post
from cnddigest.usecases.supply import Supply

RENEWALS = 3  # times in the length of a lease: one may fail, and the claims are still ours


def deliver(post: Post, *, serial: str | None = None, limit: int | None = None) -> DeliveryReport:
    """Send what is due, until nothing is, the limit is reached, the relay is unusable, or `stop` is set.

    Claims whose lease ended are settled first. All of it only of one Serial, if it is named. Safe to kill and to run
    twice at once: whoever claims, sends.
    """
    swept = post.ledger.sweep(now=post.clock(), hold=post.patience.hold, serial=serial, arrived=post.arrived)
    supply = Supply(post, serial=serial, limit=limit)
    try:
        with _lease_kept(post):
            post.transport.run(lambda: Line(post, supply), supply.commit)
    except CndDigestError as error:
        supply.end(error)
    finally:
        supply.close()
        post.refused(supply.given_up)
    return supply.report(swept)


@contextmanager
def _lease_kept(post: Post) -> Iterator[None]:
    """Renew the lease while work goes on: a relay may think longer about one message than a lease lasts."""
    done = threading.Event()
    pause = post.lease_for.total_seconds() / RENEWALS

    def renew() -> None:
        while not done.wait(pause):
            post.ledger.renew(lease=post.lease, until=post.clock() + post.lease_for)

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
