"""What a scheduler tells, a line for each event, and on a terminal a line that says how it is."""

import datetime as dt
import json
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from cnddigest.cli import moments, output

if TYPE_CHECKING:
    from cnddigest.scheduler import Event, Scheduler

FAILURES = {"knock.failed", "delivery.doubted"}  # also for who wants to hear of nothing else
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/@*+")


class Journal:
    """Writes events as they come, from any thread: to stderr for people, to stdout for programs (`as_json`).

    Whoever reads stderr may leave: a scheduler goes on without them. A program that reads stdout was who wanted this:
    then `is_lost` is set.

    `part.released serial=minato part=2`, or `{"at": "…", "event": "part.released", "serial": "minato", "part": 2}`.
    """

    def __init__(self, terminal: output.Terminal, zone: dt.tzinfo, *, as_json: bool) -> None:
        """Draw nothing yet."""
        self._terminal, self._zone, self._as_json = terminal, zone, as_json
        self._turn = threading.Lock()
        self._status: Any = None
        self.is_lost = False
        self._shown = terminal.verbosity >= 0 and not as_json and sys.stderr.isatty()

    def __enter__(self) -> Self:
        """Begin."""
        if self._shown:
            self._status = output.status_line()
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take the line away."""
        if self._status:
            self._status.stop()

    def tell(self, event: "Event") -> None:
        """Write an event."""
        with self._turn:
            try:
                self._write(event)
            except OSError:  # nobody is there, or the disk that it is written to is full
                self.is_lost = self._as_json

    def _write(self, event: "Event") -> None:
        if self._as_json:
            self._terminal.data(json.dumps(wire(event), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            sys.stdout.flush()
        elif self._status:
            self._status.console.print(output.plain(line(event)), soft_wrap=True)
        elif event.name in FAILURES:
            click.echo(output.plain(line(event)), err=True)
        else:
            self._terminal.talk(line(event))

    def picture(self, now: dt.datetime, scheduler: "Scheduler") -> None:
        """Show how the scheduler is."""
        if self._status:
            with self._turn:
                self._status.update(self._words(now, scheduler))

    def _words(self, now: dt.datetime, scheduler: "Scheduler") -> str:
        if not scheduler.acts:
            return "standing by: another scheduler acts on this record"
        if scheduler.knocked_at is None:
            return "looking at what is due"
        if scheduler.next_at is None:
            return "watching; nothing is to come"
        when = moments.local(scheduler.next_at, self._zone)
        return f"watching; next at {when} ({moments.distance(now, scheduler.next_at)})"


def wire(event: "Event") -> dict[str, object]:
    """Return an event as JSON shows it."""
    fields = {name: moments.wire(value) if isinstance(value, dt.datetime) else value for name, value in event.fields}
    return {"at": moments.wire(event.at), "event": event.name, **fields}


def line(event: "Event") -> str:
    """Return an event as a line: values that are more than a word stand in quotes."""
    found = wire(event)
    words = [f"{name}={_value(value)}" for name, value in found.items() if name not in {"at", "event"} and value != ""]
    return " ".join([str(found["at"]), event.name, *words])


def _value(value: object) -> str:
    text = str(value)
    return text if text and set(text) <= PLAIN else json.dumps(text, ensure_ascii=False)
