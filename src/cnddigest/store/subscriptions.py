"""How one Subscription is changed and ended, in the record's SQLite file."""

from dataclasses import replace

from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Ended, Subscription, ended
from cnddigest.audience.replay import unused
from cnddigest.store import people
from cnddigest.store.statements import Connected


class Subscriptions(Connected):
    """What an Audience does with them, in a transaction of the caller's but for `end`."""

    def end(self, number: int, reason: Ended) -> Listener | None:
        """Change it, unless it had ended."""
        with self._writing():
            return self._end(number, reason)

    def _end(self, number: int, reason: Ended) -> Listener | None:
        for row in self._rows("listener", id=number):
            listener = people.listener(row)
            after = ended(listener.subscription, reason)
            if after != listener.subscription:
                self._change(after)
            return replace(listener, subscription=after)
        return None

    def _named(self, before: Subscription, after: Subscription) -> Subscription:
        """Return it with a name that none of their Issues had, where a run begins."""
        if after.course is None or (before.course and before.run == after.run):
            return after
        had = [run for (run,) in self._rows("runs_of", serial=after.serial, number=after.number)]
        return replace(after, run=unused(after.run, had))

    def _change(self, subscription: Subscription) -> None:
        self._run("change_subscription", **people.values(subscription), id=subscription.number)
