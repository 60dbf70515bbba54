"""How long it takes: from what was measured, as a range, and never said before it is known."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from strategies import jobs, kinds, pace
from strategies.models import Job, Step

pytestmark = pytest.mark.django_db

TOY = kinds.get("toy")
# When it is asked, however long a busy machine takes until then.
NOW = timezone.now()


def run(owner: User, *seconds: float, engine: str = "offline", **members: Any) -> Job:
    """Store a finished run whose steps took so long, the last of them repeated."""
    finished = {"status": Job.Status.SUCCEEDED, "finished": timezone.now(), "run_after": timezone.now(), "weights": []}
    job = Job.objects.create(owner=owner, kind="toy", engine=engine, **finished | members)
    for number, spec in enumerate(TOY.steps, 1):
        took = seconds[min(number, len(seconds)) - 1]
        Step.objects.create(job=job, key=spec.key, number=number, attempt=1, seconds=took)
    return job


def at_work(owner: User, *, done: int = 0, since: float = 0, **members: Any) -> tuple[Job, list[Step]]:
    """Store a job whose step after so many has been at work for so many seconds."""
    began = NOW - timedelta(seconds=since)
    members = {"status": Job.Status.RUNNING, "started": began, "run_after": began, "weights": []} | members
    job = Job.objects.create(owner=owner, kind="toy", engine="offline", **members)
    steps = [
        Step.objects.create(job=job, key=spec.key, number=number, attempt=1, seconds=1)
        for number, spec in enumerate(TOY.steps[:done], 1)
    ]
    for step in steps:
        step.finished = began
    return job, steps


def eta(job: Job, done: Sequence[Step]) -> dict[str, int] | None:
    caches["local"].clear()
    return pace.eta(job, TOY, done, now=NOW)


def test_before_five_runs_nothing_is_said(owner: User) -> None:
    for _ in range(4):
        run(owner, 10)

    assert eta(*at_work(owner)) is None


def test_five_runs_give_a_range_from_their_quartiles(owner: User) -> None:
    for took in (8, 10, 10, 10, 16):
        run(owner, took)

    assert eta(*at_work(owner)) == {"low": 45, "high": 66}


def test_each_kind_and_engine_has_its_own_pace(owner: User) -> None:
    for _ in range(5):
        run(owner, 10, engine="openai:slow")

    assert eta(*at_work(owner)) is None


def test_only_whole_runs_are_measured(owner: User) -> None:
    first = run(owner, 1)
    for status in (Job.Status.FAILED, Job.Status.PARTIAL, Job.Status.CANCELLED):
        run(owner, 1, status=status)
    run(owner, 1, retry_of=first)
    for _ in range(3):
        run(owner, 10)

    assert eta(*at_work(owner)) is None


def test_the_steps_that_a_retry_took_over_are_not_waited_for(owner: User) -> None:
    for _ in range(5):
        run(owner, 100, 100, 1)
    failed = run(owner, 100, status=Job.Status.FAILED)
    Step.objects.filter(job=failed, number__gt=2).delete()

    again = jobs.retry(failed)
    steps = list(again.steps.all())
    Job.objects.filter(pk=again.pk).update(status=Job.Status.RUNNING, started=timezone.now())
    again.refresh_from_db()

    assert [step.copied for step in steps] == [True, True]
    assert eta(again, steps) == {"low": 3, "high": 4}


def test_a_job_that_waits_has_no_time_left(owner: User) -> None:
    for _ in range(5):
        run(owner, 10)

    assert eta(*at_work(owner, status=Job.Status.QUEUED, started=None)) is None


@pytest.mark.parametrize("status", [Job.Status.SUCCEEDED, Job.Status.PARTIAL, Job.Status.FAILED, Job.Status.CANCELLED])
def test_a_job_that_has_ended_has_no_time_left(owner: User, status: str) -> None:
    for _ in range(5):
        run(owner, 10)

    assert eta(*at_work(owner, status=status)) is None


def test_the_time_left_runs_down_while_a_step_works(owner: User) -> None:
    for _ in range(5):
        run(owner, 10)

    assert eta(*at_work(owner, done=2, since=0)) == {"low": 30, "high": 31}
    assert eta(*at_work(owner, done=2, since=4)) == {"low": 26, "high": 27}


@pytest.mark.parametrize("done", range(5))
def test_a_step_that_is_late_neither_freezes_the_time_left_nor_makes_it_negative(owner: User, done: int) -> None:
    for _ in range(5):
        run(owner, 10)

    told = [eta(*at_work(owner, done=done, since=since)) for since in (0, 5, 10, 30, 100, 1000)]

    rest = 10 * (4 - done)
    assert [each["low"] for each in told if each] == [rest + 10, rest + 5, rest, rest, rest, rest]
    assert [each["high"] for each in told if each] == [rest + 11, rest + 6, rest + 6, rest + 16, rest + 51, rest + 501]


def test_when_every_step_is_done_nothing_but_the_end_is_left(owner: User) -> None:
    for _ in range(5):
        run(owner, 10)

    assert eta(*at_work(owner, done=5, since=30)) == {"low": 0, "high": 1}


def test_the_page_shows_the_range_and_what_comes_by_polling_is_the_same(client: Client, owner: User) -> None:
    for _ in range(5):
        run(owner, 10)
    caches["local"].clear()
    job, _ = at_work(owner, since=-86_400)  # it has just begun, for as long as this test takes
    client.force_login(owner)

    shown = client.get(f"/jobs/{job.pk}/").content.decode()
    told = client.get(f"/api/jobs/{job.pk}").json()["eta"]

    assert "about 50–51 s left" in shown
    assert told == {"low": 50, "high": 51}
