"""The page of GET /metrics."""

from collections.abc import Iterator

from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import CollectorRegistry

from function_server.metrics import (
    BUCKETS,
    CALLS,
    FAILURES,
    FIRST_BUCKET,
    RUNNING,
    SECONDS,
    TIMEOUTS,
    Metrics,
)
from function_server.processes import usage

CONTENT_TYPE = CONTENT_TYPE_LATEST


class _Collector:
    def __init__(self, metrics: Metrics, supervisor: int) -> None:
        self._metrics = metrics
        self._supervisor = supervisor

    def collect(self) -> Iterator[Metric]:
        totals = self._metrics.totals()
        called = {method: cells for method, cells in totals.items() if cells[CALLS]}
        for name, help_text, cell in (
            ("function_calls", "Calls of the function.", CALLS),
            ("function_failures", "Calls that ended in an error or a timeout.", FAILURES),
            ("function_timeouts", "Calls that ran past FUNC_TIMEOUT.", TIMEOUTS),
        ):
            counter = CounterMetricFamily(name, help_text, labels=["method"])
            for method, cells in called.items():
                counter.add_metric([method], cells[cell])
            yield counter
        yield self._durations(called)
        running = sum(cells[RUNNING] for cells in totals.values())
        yield GaugeMetricFamily("function_requests_in_flight", "Calls that are running now.", value=running)
        yield from self._process()

    def _durations(self, called: dict[str, list[float]]) -> Metric:
        histogram = HistogramMetricFamily(
            "function_duration_seconds", "Duration of the calls in seconds.", labels=["method"]
        )
        for method, cells in called.items():
            count, buckets = 0.0, []
            for bound, cell in zip(
                [*map(str, map(float, BUCKETS)), "+Inf"], cells[FIRST_BUCKET:], strict=True
            ):
                count += cell
                buckets.append((bound, count))
            histogram.add_metric([method], buckets, sum_value=cells[SECONDS])
        return histogram

    def _process(self) -> Iterator[Metric]:
        used = usage(self._supervisor)
        yield CounterMetricFamily(
            "process_cpu_seconds", "Total user and system CPU time spent in seconds.", value=used.cpu_seconds
        )
        yield GaugeMetricFamily(
            "process_resident_memory_bytes", "Resident memory size in bytes.", value=used.resident_bytes
        )
        yield GaugeMetricFamily(
            "process_start_time_seconds",
            "Start time of the process since unix epoch in seconds.",
            value=used.start_time,
        )


def render(metrics: Metrics, supervisor: int) -> bytes:
    """The page, summed over all workers and, for the process metrics, the supervisor's tree."""
    registry = CollectorRegistry()
    registry.register(_Collector(metrics, supervisor))
    return generate_latest(registry)
