"""
Metrics in Prometheus' text format: what ``sse.tally`` counted, and what the hub holds at this moment.

Each process answers for itself. No label says who a user is or what a topic is called: there are as many of these as
there is traffic, and they are nobody's business but their owners'.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from prometheus_client import CollectorRegistry, exposition
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from . import border, error_rate, hub, limits, sinks, tally

CONTENT_TYPE: Final = exposition.CONTENT_TYPE_PLAIN_0_0_4

# Attribute of the tally, name, help, labels.
_COUNTED: Final[tuple[tuple[str, str, str, list[str]], ...]] = (
    ("connects", "sse_connects", "Requests for a stream, by what came of them.", ["outcome"]),
    (
        "published",
        "sse_events_published",
        "Events published by this process; owed: Redis was away.",
        ["type", "result"],
    ),
    ("heard", "sse_events_heard", "Events that arrived for a topic somebody watches here, once each.", ["type"]),
    ("deliveries", "sse_events_delivered", "Live events times the readers they were sent to.", []),
    (
        "gaps",
        "sse_gaps_repaired",
        "Gaps closed from the rows (prune: told by a reset), by what showed them.",
        ["cause"],
    ),
    (
        "repaired",
        "sse_events_repaired",
        "Events that live readers got from the rows, since no message brought them.",
        [],
    ),
    ("resets", "sse_resets", "Cursors that could not be honoured.", ["reason"]),
    ("byes", "sse_byes", "Streams that were told to end.", ["reason"]),
    ("revoked", "sse_streams_revoked", "Streams ended since a re-check found that they may not go on.", ["reason"]),
    ("fell_behind", "sse_streams_fell_behind", "Times a reader's backlog was full and it went on from the rows.", []),
    ("slow_closes", "sse_slow_closes", "Streams closed since their reader took nothing.", []),
    ("malformed", "sse_malformed_messages", "Messages from Redis that were dropped.", []),
    ("redis_connects", "sse_redis_connects", "Connections made to hear from Redis; the first counts.", []),
    ("redis_silences", "sse_redis_silences", "Connections to Redis given up since not even probes arrived.", []),
)


class _Process(Collector):
    """Makes metric families of a process's tally and hubs."""

    def collect(self) -> Iterator[Metric]:
        """Yield every family; called for each scrape, in any thread."""
        for attribute, name, text, labels in _COUNTED:
            yield counter(name, text, labels, getattr(tally.here, attribute))
        yield _delivery()
        errors = "Errors logged within the last five minutes."
        yield GaugeMetricFamily("sse_errors_in_five_minutes", errors, value=error_rate.here.count())
        yield from _hubs(list(hub.existing()))
        yield GaugeMetricFamily("sse_places", "Streams this process counts in the limits.", value=limits.here.held)
        yield GaugeMetricFamily("sse_border_waiting", "Queries that wait for a thread.", value=border.waiting())
        yield GaugeMetricFamily(
            "sse_loop_lag_seconds", "How late the loop woke, the worst of late, fading.", value=tally.here.loop_lag
        )


def counter(name: str, text: str, labels: list[str], counted: int | Mapping[Any, int]) -> CounterMetricFamily:
    """Return a family of a number, or of numbers by their label (a text) or labels (a tuple)."""
    family = CounterMetricFamily(name, text, labels=labels)
    values = dict(counted).items() if isinstance(counted, Mapping) else [((), counted)]
    for label, value in values:
        family.add_metric([label] if isinstance(label, str) else list(label), value)
    return family


def gauge(name: str, text: str, labels: list[str], values: Mapping[str, float]) -> GaugeMetricFamily:
    """Return a family of gauges with one label."""
    family = GaugeMetricFamily(name, text, labels=labels)
    for label, value in values.items():
        family.add_metric([label], value)
    return family


def _delivery() -> HistogramMetricFamily:
    text = "From an event's timestamp until all readers here were sent it; one for each batch."
    total, buckets = 0, []
    bounds = [*map(str, tally.DELIVERY_BUCKETS), "+Inf"]
    for bound, count in zip(bounds, list(tally.here.delivery_counts), strict=True):
        total += count
        buckets.append((bound, total))
    return HistogramMetricFamily("sse_delivery_seconds", text, buckets=buckets, sum_value=tally.here.delivery_sum)


def _hubs(hubs: list[hub.Hub]) -> Iterator[Metric]:
    streams = {"hand_off": 0, "stock": 0}
    for one in hubs:
        for stream in list(one.streams):
            streams["hand_off" if isinstance(stream.sink, sinks.Direct) else "stock"] += 1
    topics = sum(len(one.topics) for one in hubs)
    away = sum(one.feed.away_seconds for one in hubs)
    polling = any(one.degraded for one in hubs)
    yield gauge("sse_streams_open", "Open streams, by the way their bytes go.", ["transport"], streams)
    yield GaugeMetricFamily("sse_topics_watched", "Topics that somebody watches here.", value=topics)
    yield GaugeMetricFamily("sse_polling", "1 while Redis is away and streams follow the rows.", value=polling)
    yield CounterMetricFamily("sse_polling_seconds", "For how long streams followed the rows.", value=away)


registry: Final = CollectorRegistry(auto_describe=False)
registry.register(_Process())


def add(collect: Callable[[], Iterable[Metric]]) -> None:
    """Have what ``collect`` returns told beside it, at each scrape; for an app that has figures of its own."""
    registry.register(_Added(collect))


class _Added(Collector):
    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        return self._collect()


def text() -> bytes:
    """Return all metrics in Prometheus' text format. Sync; what other apps added may query."""
    return exposition.generate_latest(registry)
