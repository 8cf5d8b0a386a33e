"""What all connections of a process take from and tell: one claim at a time, one commit for several, the sums."""

from collections import deque

from cnddigest.delivery.model import Attempt, Claimed, Doubtful, Key, Settled, Status, Swept
from cnddigest.errors import CndDigestError, LeaseLost
from cnddigest.usecases.post import DeliveryReport, Post

CLAIM = 50  # Deliveries taken at once: after a power cut at most so many are in doubt, for each process


class Supply:
    """Claimed Deliveries for several connections; `limit` bounds how many there are, None does not."""

    def __init__(self, post: Post, *, serial: str | None, limit: int | None) -> None:
        """Claim nothing yet."""
        self._post = post
        self._serial = serial
        self._left = limit
        self._claimed: deque[Claimed] = deque()
        self._counts: dict[Status, int] = {}
        self._done = 0
        self._doubtful: list[Doubtful] = []
        self._settled: list[Settled] = []
        self._begun: list[Key] = []
        self._waiting = post.ledger.waiting(serial)
        self._refused_texts: set[int] = set()
        self._queues: dict[str, int] = {}
        self._ended = False
        self.given_up: list[Attempt] = []
        self.problem: CndDigestError | None = None
        self.paced: frozenset[str] = frozenset()

    def next(self) -> Claimed | None:
        """Return the next Delivery, None when there is none, or no more may begin."""
        if self._ended or self._post.stop.is_set():
            return None
        if not self._claimed:
            self._claim()
        return self._claimed.popleft() if self._claimed else None

    def _claim(self) -> None:
        post = self._post
        while (count := CLAIM if self._left is None else min(CLAIM, self._left)) > 0:
            now = post.clock()
            claim = post.ledger.claim(
                lease=post.lease, now=now, until=now + post.lease_for, count=count, serial=self._serial
            )
            self.paced = post.ledger.paced()
            self._count(Status.SUPPRESSED, claim.suppressed)
            self._claimed.extend(claim.taken)
            if self._left is not None:
                self._left -= len(claim.taken)
            if claim.taken or not claim.suppressed:
                return

    def begin(self, key: Key) -> None:
        """Note that a message leaves after the next commit."""
        self._begun.append(key)

    def commit(self) -> None:
        """Record all that was noted; raises LeaseLost where a message must not leave."""
        settled, self._settled = self._settled, []
        begun, self._begun = self._begun, []
        if not (settled or begun):
            return
        post = self._post
        if not post.ledger.step(lease=post.lease, settled=settled, begun=begun, now=post.clock()):
            raise LeaseLost(f"claim is no longer ours: {post.lease}")

    def settle(self, settled: Settled, address: str) -> None:
        """Count what became of one Delivery, and note it for the next commit."""
        self._settled.append(settled)
        self._count(Status.IN_DOUBT if settled.doubted else settled.status, 1)
        if settled.doubted:
            self._doubtful.append(Doubtful(key=settled.key, address=address))

    def give_up(self, attempt: Attempt) -> None:
        """Keep a try that was the last one for its person."""
        self.given_up.append(attempt)

    def text_refused(self, issue: int) -> bool:
        """Say whether the far side had refused this Issue's text before: then it is not about one reader."""
        before = issue in self._refused_texts
        self._refused_texts.add(issue)
        return before

    def behind(self, domain: str) -> int:
        """Count one more that waits for its domain's turn; return how many do so before it."""
        before = self._queues.get(domain, 0)
        self._queues[domain] = before + 1
        return before

    def tell(self, problem: CndDigestError) -> None:
        """Keep what somebody must mend; the first problem is the one that is told."""
        self.problem = self.problem or problem

    def end(self, problem: CndDigestError) -> None:
        """Let nothing more begin."""
        self.tell(problem)
        self._ended = True

    def _count(self, status: Status, number: int) -> None:
        self._counts[status] = self._counts.get(status, 0) + number
        self._done += number
        self._post.progress("delivering", self._done, max(self._waiting, self._done))

    def close(self) -> None:
        """Give back what was claimed and not begun."""
        now = self._post.clock()
        if self._claimed:
            self._post.ledger.put_back([(each.key, now) for each in self._claimed], lease=self._post.lease, now=now)
        self._claimed.clear()
        self._post.ledger.finish(lease=self._post.lease)

    def report(self, swept: Swept) -> DeliveryReport:
        """Return the sums of the run, together with what the sweep before it found."""
        counts = self._counts
        doubtful = (*swept.doubtful, *self._doubtful)
        return DeliveryReport(
            sent=counts.get(Status.SENT, 0),
            deferred=counts.get(Status.DEFERRED, 0),
            failed=counts.get(Status.FAILED, 0),
            suppressed=counts.get(Status.SUPPRESSED, 0),
            in_doubt=len(doubtful),
            queued=self._post.ledger.waiting(self._serial),
            leases=swept.leases,
            doubtful=doubtful,
            problem=self.problem,
        )
