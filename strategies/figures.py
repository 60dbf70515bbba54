"""Figures of the queue for operators: how many jobs wait and run, and how long the oldest has been due."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from strategies.models import Job

Status = Job.Status


def collect() -> Iterable[Metric]:
    """Return gauges of what is active, by kind: one query over what waits and runs, however much has ended before."""
    jobs = GaugeMetricFamily("strategies_jobs", "Jobs that wait or are at work.", labels=["kind", "status"])
    oldest = GaugeMetricFamily("strategies_oldest_due_seconds", "How long the oldest has been due.", labels=["kind"])
    lost = GaugeMetricFamily("strategies_leases_lost", "At work, but their worker went silent.", labels=["kind"])
    for row in _active():
        jobs.add_metric([row["kind"], "queued"], row["queued"])
        jobs.add_metric([row["kind"], "running"], row["running"])
        lost.add_metric([row["kind"]], row["lost"])
        waited = (timezone.now() - row["oldest"]).total_seconds() if row["oldest"] else 0.0
        oldest.add_metric([row["kind"]], max(0.0, waited))
    return jobs, oldest, lost


def _active() -> QuerySet[Any, Any]:
    queued, running = Q(status=Status.QUEUED), Q(status=Status.RUNNING)
    # Written out: SQLite knows an index of some rows by the words of its condition, which a parameter hides.
    active = Job.objects.extra(where=["status IN ('queued', 'running')"])
    counted: QuerySet[Any, Any] = (
        active.order_by()
        .values("kind")
        .annotate(
            queued=Count("pk", filter=queued),
            running=Count("pk", filter=running),
            lost=Count("pk", filter=running & Q(lease_until__lt=Now())),
            oldest=Min("run_after", filter=queued & Q(run_after__lte=Now())),
        )
    )
    return counted
