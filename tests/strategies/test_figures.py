"""The queue's figures for operators."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from strategies import figures
from strategies.models import Job

pytestmark = pytest.mark.django_db


def job(owner: User, **members: Any) -> Job:
    return Job.objects.create(owner=owner, engine="offline", **{"kind": "note", "run_after": timezone.now(), **members})


def values() -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in figures.collect()
        for sample in family.samples
    }


def test_what_waits_and_what_runs_is_told_by_kind_and_what_ended_is_not(owner: User) -> None:
    job(owner)
    job(owner, kind="other")
    job(owner, status=Job.Status.RUNNING, lease_until=timezone.now() + timedelta(minutes=1))
    job(owner, status=Job.Status.SUCCEEDED)

    found = values()

    assert found["strategies_jobs", "note", "queued"] == 1
    assert found["strategies_jobs", "note", "running"] == 1
    assert found["strategies_jobs", "other", "queued"] == 1
    assert found["strategies_leases_lost", "note"] == 0


def test_the_oldest_is_as_old_as_the_time_since_it_was_due(owner: User) -> None:
    job(owner, run_after=timezone.now() - timedelta(seconds=90))
    job(owner, kind="later", run_after=timezone.now() + timedelta(hours=1))

    found = values()

    assert 90 <= found["strategies_oldest_due_seconds", "note"] < 1_000
    assert found["strategies_oldest_due_seconds", "later"] == 0


def test_a_job_whose_worker_went_silent_is_told(owner: User) -> None:
    job(owner, status=Job.Status.RUNNING, lease_until=timezone.now() - timedelta(seconds=1))

    assert values()["strategies_leases_lost", "note"] == 1


def test_one_query_is_enough(owner: User, django_assert_num_queries: Any) -> None:
    job(owner)

    with django_assert_num_queries(1):
        list(figures.collect())


def test_what_has_ended_is_not_read(owner: User) -> None:
    job(owner)

    plan = figures._active().explain()

    assert connection.vendor != "sqlite" or "USING INDEX job_turn" in plan
