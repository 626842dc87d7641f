"""What `/metrics` tells, for Prometheus: requests as they were answered, and the state of this moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from app.api.standing import Standing
from app.services.delivery_backlog import DeliveryBacklog
from app.services.importing.backlog import ImportBacklog
from app.services.job_states import JobState

# From a look-up in memory to the longest that the service waits for anything, in seconds.
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
NO_ROUTE: Final = "none"


class RequestFigures:
    """Counts requests by method, template of the path and status: words of ours alone, never of a caller."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "http_requests", "Requests by answer.", ("method", "handler", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "From the head of a request to the end of its answer.",
            ("method", "handler"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def count(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """One request; status 0 is a caller that left before the answer."""
        handler = route or NO_ROUTE
        self._requests.labels(method, handler, str(status)).inc()
        self._seconds.labels(method, handler).observe(seconds)

    def text(self, state: "State") -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry) + generate_latest(_Told(state))


@dataclass(frozen=True, slots=True)
class State:
    """What is told beside the requests."""

    now: datetime
    rulebook_days_left: int
    pool_size: int
    pool_in_use: int
    standing: Standing


class _Told(Collector):
    """One state as metrics, collected once."""

    def __init__(self, state: State) -> None:
        self._state = state

    def collect(self) -> Iterator[Metric]:
        state = self._state
        info = GaugeMetricFamily("verwijsroute_info", "The release that runs; always 1.", labels=["version"])
        info.add_metric([version("verwijsroute")], 1)
        yield info
        yield _gauge("rulebook_days_left", "Days for which the law was checked.", state.rulebook_days_left)
        yield _gauge("database_pool_size", "Connections that this process may hold.", state.pool_size)
        yield _gauge("database_pool_in_use", "Connections that requests hold now.", state.pool_in_use)
        found = state.standing
        yield _gauge("database_up", "Whether the database answered just now.", found.schema is not None)
        yield _gauge(
            "schema_ready", "Whether the schema is of this release or newer.", found.jobs is not None
        )
        if found.edition is not None:
            yield _gauge("directory_edition", "Number of the newest edition.", found.edition)
        if found.backlog is not None:
            waiting = found.backlog
            yield _gauge("events_unnumbered", "Events without number, up to 10,000.", waiting.events)
            yield _gauge(
                "events_unnumbered_seconds", "How long the first has waited.", waiting.seconds(state.now)
            )
        if found.deliveries is not None:
            yield from _delivery_metrics(found.deliveries, state.now)
        if found.imports is not None:
            yield from _import_metrics(found.imports, state.now)
        yield from _job_metrics(found.jobs or (), state.now)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"verwijsroute_{name}", meaning, value=value)


def _delivery_metrics(open_: DeliveryBacklog, now: datetime) -> Iterator[Metric]:
    yield _gauge("deliveries_pending", "Deliveries on their way, up to 10,000.", open_.pending)
    yield _gauge("deliveries_stuck", "Failed ones that hold up others: to be skipped.", open_.stuck)
    yield _gauge("deliveries_failed", "Failed ones, those of stopped subscriptions included.", open_.failed)
    yield _gauge("deliveries_pending_seconds", "Age of the oldest that is pending.", open_.seconds(now))


def _import_metrics(unfinished: ImportBacklog, now: datetime) -> Iterator[Metric]:
    yield _gauge("imports_pending", "Imports that wait to be worked off.", unfinished.pending)
    yield _gauge("imports_processing", "Imports that are being worked off.", unfinished.processing)
    yield _gauge("imports_pending_seconds", "How long the first has waited.", unfinished.seconds(now))


def _job_metrics(jobs: Sequence[JobState], now: datetime) -> Iterator[Metric]:
    last = GaugeMetricFamily(
        "verwijsroute_worker_job_last_success_timestamp_seconds",
        "When a worker last did the job; 0 if never.",
        labels=["job"],
    )
    failures = GaugeMetricFamily(
        "verwijsroute_worker_job_failures", "Failures of the job since it last went well.", labels=["job"]
    )
    healthy = GaugeMetricFamily(
        "verwijsroute_worker_job_healthy", "1 if it went well the last time and is not late.", labels=["job"]
    )
    for job in jobs:
        last.add_metric([job.name], job.succeeded_at.timestamp() if job.succeeded_at else 0)
        failures.add_metric([job.name], job.failures)
        healthy.add_metric([job.name], job.healthy(now))
    yield from (last, failures, healthy)
