"""Prometheus counters, by endpoint and never by path. With PROMETHEUS_MULTIPROC_DIR set (`flask serve` does) workers are added up.

The client is imported at the first request, because it looks at that variable once, when it is imported.
"""

import os
from functools import cache
from typing import Any

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


@cache
def _instruments() -> tuple[Any, Any, Any]:
    """(registry, requests, seconds)."""
    import prometheus_client as prometheus  # noqa: PLC0415

    prometheus.disable_created_metrics()
    registry = prometheus.CollectorRegistry()
    requests = prometheus.Counter("http_requests", "Requests answered", ["method", "endpoint", "status"], registry=registry)
    seconds = prometheus.Histogram("http_request_seconds", "Time to answer", ["endpoint"], registry=registry, buckets=BUCKETS)
    return registry, requests, seconds


def observe_request(method: str, endpoint: str, status: int, seconds: float) -> None:
    """Count one answer. Unknown methods share a label, so that a stranger cannot grow the table."""
    _, requests, histogram = _instruments()
    requests.labels(method if method in METHODS else "other", endpoint, str(status)).inc()
    histogram.labels(endpoint).observe(seconds)


def exposition(gauges: dict[str, dict[str, float]]) -> bytes:
    """The text format: request metrics, and `gauges` as name → status → value, read at this moment by the caller."""
    lines = [f'{name}{{status="{status}"}} {value}' for name, values in gauges.items() for status, value in values.items()]
    return _requests() + "".join(f"{line}\n" for line in lines).encode()


def _requests() -> bytes:
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(_instruments()[0])
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return generate_latest(together)
