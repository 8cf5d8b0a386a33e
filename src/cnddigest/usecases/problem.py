"""What is wrong with a publication that runs, as a fact that a terminal and a page each say in their own words."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What it is that somebody must decide or mend."""

    DOUBTED = "doubted"  # it is unknown whether `count` messages of the Serial `name` arrived, and nobody has decided
    REPEATED = "repeated"  # the same, and they are about to be sent again
    SILENT = "silent"  # the scheduler acts, and did nothing since
    FAILING = "failing"  # the scheduler fails with `detail`
    STUCK = "stuck"  # nobody sends what is due since
    DEAF = "deaf"  # the hub `name` could not be told of `count` feeds
    ABANDONED = "abandoned"  # the same, and it is not tried any more


SENTENCES = {
    Kind.DOUBTED: "{count} in doubt: {name}",
    Kind.REPEATED: "{count} in doubt, to be sent again: {name}",
    Kind.SILENT: "scheduler has not knocked since {since}",
    Kind.FAILING: "scheduler could not do its work: {detail}",
    Kind.STUCK: "mail waits to be sent since {since}",
    Kind.DEAF: "hub could not be told of {count} feeds, {detail}: {name}",
    Kind.ABANDONED: "hub could not be told of {count} feeds, and is left alone, {detail}: {name}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One of them; `detail` is what an error said, in English."""

    kind: Kind
    count: int = 0
    name: str = ""
    since: dt.datetime | None = None
    detail: str = ""

    @property
    def sentence(self) -> str:
        """Return it as a terminal and a machine are told."""
        since = f"{self.since:%Y-%m-%dT%H:%M:%SZ}" if self.since else ""
        return SENTENCES[self.kind].format(count=self.count, name=self.name, since=since, detail=self.detail)
