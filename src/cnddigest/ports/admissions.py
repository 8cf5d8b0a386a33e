"""Who is logged in: a port that keeps names, and never what lets somebody in."""

import datetime as dt
from typing import Protocol


class Admissions(Protocol):
    """The visits of those who said the password. Each method is one transaction."""

    def admit(self, name: str, *, until: dt.datetime, now: dt.datetime) -> None:
        """Remember a visit until then, and forget those that are over."""
        ...

    def is_admitted(self, name: str, *, now: dt.datetime) -> bool:
        """Say whether such a visit is going on."""
        ...

    def dismiss(self, name: str) -> None:
        """End one."""
        ...

    def close(self) -> None:
        """Give the record back."""
        ...
