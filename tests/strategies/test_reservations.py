"""Tokens that are set aside before a model is asked."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from strategies import budgets, jobs, kinds
from strategies.engines import Usage
from strategies.errors import JobFailed, LeaseLost, StepFailed
from strategies.kinds import Outcome
from strategies.models import Job, Strategy
from tests import live, model_server
from tests.strategies.pages import store

MODEL = "openai:test-model"
SPEC = kinds.get("strategy").steps[2]
# What the model that stands in for one uses for a section.
SECTION_TOKENS = 1_540


@pytest.fixture(autouse=True)
def limit(settings: Any) -> None:
    settings.STRATEGIES_MODEL = MODEL
    settings.STRATEGIES_TOKENS_PER_USER_PER_DAY = 1_000


def later() -> datetime:
    """Until when the lease of a worker runs that a test stands for."""
    return timezone.now() + timedelta(minutes=5)


def at_work(owner: User) -> Job:
    """A job whose worker lives."""
    return Job.objects.create(
        owner=owner,
        kind="strategy",
        engine=MODEL,
        status="running",
        attempt=1,
        weights=[0.125] * 8,
        run_after=timezone.now(),
        lease_until=later(),
    )


def use(job: Job, tokens: int) -> None:
    """End the job's step, which used so many."""
    usage = Usage(engine=MODEL, tokens_in=tokens - 1, tokens_out=1)
    outcome = Outcome(output={}, summary="Done.", usage=usage)
    jobs.record(job, SPEC, outcome, number=3, steps=8, seconds=1.0, done={3})


def test_what_one_job_may_need_is_not_there_for_another(owner: User) -> None:
    first, second = at_work(owner), at_work(owner)

    assert jobs.reserve(first, 600)
    assert not jobs.reserve(second, 600)
    assert jobs.reserve(second, 400)


def test_what_a_step_did_not_use_is_there_again(owner: User) -> None:
    first, second = at_work(owner), at_work(owner)
    jobs.reserve(first, 900)

    use(first, 300)

    assert jobs.reserve(second, 700)
    first.refresh_from_db()
    assert first.reserved == 0


def test_one_users_jobs_do_not_wait_for_anothers(owner: User, other: User) -> None:
    jobs.reserve(at_work(owner), 1_000)

    assert jobs.reserve(at_work(other), 1_000)


def test_where_nothing_else_is_at_work_what_is_left_may_be_used_by_a_step_that_could_need_more(owner: User) -> None:
    use(at_work(owner), 999)

    assert jobs.reserve(at_work(owner), 40_000)


def test_a_day_that_is_used_up_ends_the_step(owner: User) -> None:
    use(at_work(owner), 1_000)

    with pytest.raises(StepFailed) as caught:
        jobs.reserve(at_work(owner), 1)

    assert caught.value.code == budgets.CODE


@pytest.mark.parametrize("end", ["given back", "failed", "cancelled", "lost"])
def test_a_job_that_ended_or_whose_worker_died_holds_nothing(owner: User, end: str) -> None:
    first, second = at_work(owner), at_work(owner)
    jobs.reserve(first, 1_000)

    match end:
        case "given back":
            jobs.give_back(first)
        case "failed":
            jobs.fail(first, JobFailed("no_key", "No."), SPEC.key)
        case "cancelled":
            jobs.cancel(first)
        case _:
            Job.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert jobs.reserve(second, 1_000)


def test_a_worker_that_lost_the_job_sets_nothing_aside(owner: User) -> None:
    job = at_work(owner)
    Job.objects.filter(pk=job.pk).update(attempt=2)

    with pytest.raises(LeaseLost):
        jobs.reserve(job, 10)

    assert not Job.objects.exclude(reserved=0).exists()


def test_without_a_limit_or_a_model_nothing_is_asked(
    owner: User, settings: Any, django_assert_num_queries: Any
) -> None:
    offline = Job(owner=owner, engine="offline")
    with django_assert_num_queries(0):
        assert jobs.reserve(offline, 10**9)
    settings.STRATEGIES_TOKENS_PER_USER_PER_DAY = 0
    with django_assert_num_queries(0):
        assert jobs.reserve(Job(owner=owner, engine=MODEL), 10**9)


# --- side by side ------------------------------------------------------------------------------------------------------


@pytest.fixture
def working(rows: None) -> Iterator[Callable[[], Job]]:
    """Makes jobs of one user that other connections see."""
    owner, made = live.new_user(), list[Job]()

    def make() -> Job:
        made.append(at_work(owner))
        return made[-1]

    yield make
    for job in made:
        job.delete()


@pytest.mark.live
def test_of_many_at_the_same_moment_as_many_are_let_through_as_there_is_room_for(working: Callable[[], Job]) -> None:
    eight = [working() for _ in range(8)]
    barrier = Barrier(len(eight))

    def ask(job: Job) -> bool:
        try:
            barrier.wait(live.PATIENCE_SECONDS)
            return jobs.reserve(job, 300)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(eight)) as threads:
        answers = list(threads.map(ask, eight))

    assert answers.count(True) == 3


@pytest.fixture
def workers(site: live.Site) -> Iterator[Callable[..., list[live.Process]]]:
    """Starts two workers that ask a model, while the site's own rests."""
    started: list[live.Process] = []
    site.worker.stop()

    def start(**environment: str) -> list[live.Process]:
        one = partial(live.worker, STRATEGIES_MODEL=MODEL, STRATEGIES_WORKER_CONCURRENCY="1", **environment)
        started.extend(one().start() for _ in range(2))
        return started

    yield start
    for process in started:
        process.stop()
    site.worker.start()


@pytest.mark.live
def test_two_workers_go_over_the_limit_by_no_more_than_one_would(
    workers: Callable[..., list[live.Process]], settings: Any
) -> None:
    settings.STRATEGIES_TOKENS_PER_USER_PER_DAY = 2 * SECTION_TOKENS + 20
    owner = live.new_user()
    third = at_work(owner)
    jobs.reserve(third, 10 * SECTION_TOKENS)
    Job.objects.filter(pk=third.pk).update(lease_until=later())
    with model_server.running(delay=0.3) as server:
        workers(OPENAI_BASE_URL=server.url, STRATEGIES_TOKENS_PER_USER_PER_DAY=str(2 * SECTION_TOKENS + 20))
        two: list[Strategy] = [store(owner), store(owner)]
        asked = [jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)[0].pk for strategy in two]
        mine = Job.objects.filter(pk__in=asked)
        live.wait_for(lambda: mine.filter(status="running", step=3).count() == 2, what="both to wait")
        waiting = len(server.calls)

        jobs.cancel(third)
        live.wait_for(lambda: not mine.filter(status__in=Job.ACTIVE).exists(), what="both jobs to end")

    # With 20 tokens left one may begin a third section; without the reservation both would, and the calls would be four.
    assert waiting == 0
    assert len(server.calls) == 3
    assert budgets.spent_today(owner.pk) == 3 * SECTION_TOKENS
    assert len(set(mine.values_list("worker", flat=True))) == 2
    codes = {step.error["code"] for job in mine for step in job.steps.filter(ok=False) if step.error}
    assert codes == {budgets.CODE}
