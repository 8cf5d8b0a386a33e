"""A publication in figures for Prometheus: the home of prometheus-client. No figure is about one person."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric

import cnddigest
from cnddigest.usecases.report import SerialStatus, Vitals
from cnddigest.web.traffic import Traffic

if TYPE_CHECKING:
    from cnddigest.ports.watch import Health

KIND = CONTENT_TYPE_LATEST
STATES = ("pending", "active", "ended")


def text(vitals: Vitals | None, traffic: Traffic) -> bytes:
    """Return all figures; without vitals, that the record can't be read, and how this process is."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Collector(vitals, traffic))
    return generate_latest(registry)


class _Collector:
    """Tells what was read just now."""

    def __init__(self, vitals: Vitals | None, traffic: Traffic) -> None:
        self._vitals, self._traffic = vitals, traffic

    def describe(self) -> list[Metric]:
        """Say nothing beforehand: there is no second collector whose names could be the same."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield each family of figures."""
        yield InfoMetricFamily("cnddigest", "The program.", {"version": cnddigest.__version__})
        yield GaugeMetricFamily("cnddigest_record_up", "1 when the record can be read.", int(self._vitals is not None))
        yield from _passing(self._traffic)
        if self._vitals is None:
            return
        yield from _serials(self._vitals.status.serials)
        yield from _waiting(self._vitals)
        yield from _untold(self._vitals)
        if health := self._vitals.status.scheduler:
            yield from _scheduler(health)


def _serials(serials: tuple[SerialStatus, ...]) -> Iterator[Metric]:
    parts = GaugeMetricFamily("cnddigest_parts", "Parts of a Serial.", labels=["serial"])
    released = GaugeMetricFamily("cnddigest_parts_released", "Parts that are out.", labels=["serial"])
    due = GaugeMetricFamily("cnddigest_next_release_timestamp_seconds", "When the next one comes.", labels=["serial"])
    people = GaugeMetricFamily("cnddigest_subscriptions", "Subscriptions by status.", labels=["serial", "status"])
    replays = GaugeMetricFamily("cnddigest_replays", "Active Subscriptions with an own run.", labels=["serial"])
    mail = GaugeMetricFamily("cnddigest_deliveries", "Deliveries by status.", labels=["serial", "status"])
    for each in serials:
        parts.add_metric([each.serial], each.total)
        released.add_metric([each.serial], each.released)
        replays.add_metric([each.serial], each.mail.replays)
        if each.next:
            due.add_metric([each.serial], each.next.release_at.timestamp())
        for state in STATES:
            people.add_metric([each.serial, state], getattr(each.mail, state))
        for status, count in sorted(each.mail.deliveries.items()):
            mail.add_metric([each.serial, status], count)
    yield from (parts, released, due, people, replays, mail)


def _waiting(vitals: Vitals) -> Iterator[Metric]:
    since = vitals.waiting_since
    age = (vitals.status.now - since).total_seconds() if since else 0.0
    yield GaugeMetricFamily("cnddigest_mail_waiting_seconds", "For how long the oldest due Delivery waits.", age)


def _passing(traffic: Traffic) -> Iterator[Metric]:
    told = CounterMetricFamily(
        "cnddigest_returned", "What Providers told of returned mail.", labels=["provider", "kind"]
    )
    for (provider, kind), count in sorted(traffic.returned.items()):
        told.add_metric([provider, kind], count)
    yield told
    waiting = traffic.searches_waiting
    yield GaugeMetricFamily("cnddigest_searches_waiting", "Searches that wait or are being answered.", waiting)


def _untold(vitals: Vitals) -> Iterator[Metric]:
    feeds = GaugeMetricFamily(
        "cnddigest_hub_failing_feeds", "Feeds of which a hub could not be told at the last try.", labels=["hub"]
    )
    for each in vitals.untold:
        feeds.add_metric([each.hub], each.feeds)
    yield feeds
    waiting = GaugeMetricFamily(
        "cnddigest_hub_waiting_feeds", "Feeds of which a hub has still to be told.", labels=["hub"]
    )
    for hub in vitals.waiting:
        waiting.add_metric([hub.hub], hub.feeds)
    yield waiting


def _scheduler(health: "Health") -> Iterator[Metric]:
    prefix = "cnddigest_scheduler"
    yield GaugeMetricFamily(f"{prefix}_acts", "1 while a scheduler holds the watch.", int(bool(health.holder)))
    yield GaugeMetricFamily(f"{prefix}_lag_seconds", "How late the last knock was.", health.lag.total_seconds())
    yield GaugeMetricFamily(f"{prefix}_failing", "1 when the last knock failed.", int(bool(health.problem)))
    if health.knocked_at:
        at = health.knocked_at.timestamp()
        yield GaugeMetricFamily(f"{prefix}_last_knock_timestamp_seconds", "When it last looked.", at)
    if health.next_at:
        at = health.next_at.timestamp()
        yield GaugeMetricFamily(f"{prefix}_next_due_timestamp_seconds", "When something is due again.", at)
