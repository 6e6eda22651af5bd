"""What is watched from outside: whether the service can work, and figures for a Prometheus server, never of a person."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from api.state.store import Store
from api.storage import table_schema
from api.storage.database import reading

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
RUN_STATUSES = ("queued", "running", "succeeded", "failed", "cancelled")


class Metrics:
    """The figures of one app."""

    def __init__(self, store: Store) -> None:
        self.registry = CollectorRegistry()
        names = ["route", "method", "status"]
        self._requests = Counter("optimiser_requests", "Requests answered", names, registry=self.registry)
        self._seconds = Histogram(
            "optimiser_request_seconds", "How long answers took", names[:2], buckets=BUCKETS, registry=self.registry
        )
        self.registry.register(_OfTheState(store))

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """``route``: the template, never the address that was asked for: that holds ids."""
        method = method if method in METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)


class _OfTheState(Collector):
    """Read from the database when they are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # or the registry would ask for the figures to learn their names

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with reading(self._store.engine) as connection:
            question = select(table_schema.runs.c.status, func.count()).group_by(table_schema.runs.c.status)
            runs = dict.fromkeys(RUN_STATUSES, 0) | {str(status): int(count) for status, count in connection.execute(question)}
            state = self._store.live.at(connection)
        by_status = GaugeMetricFamily("optimiser_runs", "Long runs by status", labels=["status"])
        for status, count in runs.items():
            by_status.add_metric([status], count)
        yield by_status
        pending = sum(not offer.response for offer in state.snapshot.offers)
        yield GaugeMetricFamily("optimiser_pending_offers", "Offers that wait for an answer", value=pending)
        yield GaugeMetricFamily("optimiser_state_version", "Changes of the county's records so far", value=state.version)
