"""The verbs of a job."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sse.models import Event, Topic
from strategies import jobs, kinds, snapshot
from strategies.errors import LeaseLost, Refused, StepFailed, TooMany, UnknownKind
from strategies.kinds import Outcome
from strategies.models import Job, Strategy
from tests.extra.toys import TOY

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy(owner: User) -> Strategy:
    return Strategy.objects.create(owner=owner, name="Bread", industry="Food", brief={})


@pytest.fixture
def job(owner: User) -> Job:
    return jobs.enqueue(owner=owner, kind="toy")[0]


def told(job: Job) -> list[dict[str, Any]]:
    return [event.data for event in Event.objects.filter(topic__name=job.topic).order_by("seq")]


def claim(worker: str = "w1", limit: int = 10, **options: Any) -> list[Job]:
    return jobs.claim(worker, limit, **options)


def expire(*claimed: Job) -> None:
    """Let the leases run out, as if the worker had been silent."""
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk__in=[job.pk for job in claimed]).update(lease_until=past)


def record(job: Job, number: int, *, done: set[int] | None = None) -> None:
    spec = TOY.steps[number - 1]
    jobs.begin(job, spec, number=number, steps=5)
    outcome = Outcome(output={"made": spec.key}, summary=f"Made {spec.key}.", count=1)
    jobs.record(job, spec, outcome, number=number, steps=5, seconds=0.1, done=done or set(range(1, number + 1)))


# --- enqueue -----------------------------------------------------------------------------------------------------------


def test_a_new_job_is_queued_and_tells_so(owner: User) -> None:
    job, new = jobs.enqueue(owner=owner, kind="toy")

    assert new
    assert job.status == "queued"
    assert [(event["type"], event["status"]) for event in told(job)] == [("status", "queued")]


def test_an_unknown_kind_names_those_there_are(owner: User) -> None:
    with pytest.raises(UnknownKind, match="toy"):
        jobs.enqueue(owner=owner, kind="nothing")

    assert not Job.objects.exists()


def test_a_second_start_returns_the_first_job(owner: User, strategy: Strategy) -> None:
    first, _ = jobs.enqueue(owner=owner, kind="toy", strategy=strategy)

    second, new = jobs.enqueue(owner=owner, kind="toy", strategy=strategy)

    assert second == first
    assert not new


def test_an_idempotency_key_returns_the_same_job_even_after_it_ended(owner: User, strategy: Strategy) -> None:
    first, _ = jobs.enqueue(owner=owner, kind="toy", strategy=strategy, idempotency_key="k")
    jobs.cancel(first)

    second, new = jobs.enqueue(owner=owner, kind="toy", strategy=strategy, idempotency_key="k")

    assert second == first
    assert not new


def test_an_idempotency_key_used_for_something_else_is_refused(owner: User, strategy: Strategy) -> None:
    jobs.enqueue(owner=owner, kind="toy", idempotency_key="k")

    with pytest.raises(Refused) as refused:
        jobs.enqueue(owner=owner, kind="toy", strategy=strategy, idempotency_key="k")

    assert refused.value.code == "idempotency_key_reused"


def test_nobody_has_more_active_jobs_than_the_limit(owner: User, other: User, settings: Any) -> None:
    settings.STRATEGIES_MAX_ACTIVE_JOBS_PER_USER = 2
    jobs.enqueue(owner=owner, kind="toy")
    jobs.enqueue(owner=owner, kind="toy")

    with pytest.raises(TooMany):
        jobs.enqueue(owner=owner, kind="toy")

    assert jobs.enqueue(owner=other, kind="toy")[1]


# --- claim -------------------------------------------------------------------------------------------------------------


def test_a_queued_job_is_claimed_once(job: Job) -> None:
    first, second = claim("w1"), claim("w2")

    assert first == [job]
    assert second == []
    assert (first[0].attempt, first[0].worker) == (1, "w1")
    assert told(job)[-1]["status"] == "running"


def test_a_job_whose_worker_went_silent_is_taken_up_by_another(job: Job) -> None:
    (mine,) = claim("w1")
    expire(mine)

    (theirs,) = claim("w2")

    assert (theirs.pk, theirs.attempt, theirs.worker) == (job.pk, 2, "w2")
    assert told(job)[-1]["reason"] == "worker_lost"


def test_a_job_that_is_not_due_is_left_alone(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now() + timedelta(minutes=1))

    assert claim() == []


def test_a_kind_that_nobody_knows_is_left_alone_and_stops_nobody(owner: User, job: Job) -> None:
    unknown, _ = jobs.enqueue(owner=owner, kind="toy")
    Job.objects.filter(pk=unknown.pk).update(kind="magic", priority=9)

    assert claim() == [job]
    unknown.refresh_from_db()
    assert snapshot.of(unknown)["steps"] == []


def test_claims_are_fair_to_owners(owner: User, other: User) -> None:
    for _ in range(5):
        jobs.enqueue(owner=owner, kind="toy")
    late, _ = jobs.enqueue(owner=other, kind="toy")

    claimed = claim(limit=2)

    assert late in claimed


def test_who_waits_is_not_overtaken_by_whoever_comes_later(owner: User, other: User, db: None) -> None:
    waiting = [jobs.enqueue(owner=owner, kind="toy")[0] for _ in range(3)]
    claim(limit=1)

    later = [jobs.enqueue(owner=user, kind="toy")[0] for user in (other, User.objects.create_user("third"))]

    assert claim(limit=10) == [waiting[1], *later, waiting[2]]


def test_a_claim_reads_as_much_of_a_long_queue_as_of_a_short_one(owner: User) -> None:
    jobs.enqueue(owner=owner, kind="toy")

    with CaptureQueriesContext(connection) as captured:
        claim()

    asked = [query["sql"] for query in captured if query["sql"].startswith("SELECT") and "LIMIT" in query["sql"]]
    plans = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in asked:
            cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql)
            plans.append(str(cursor.fetchall()))
    assert ["job_leased" in plans[0], "job_queued" in plans[1]] == [True, True], plans
    assert not any("TEMP B-TREE" in plan or "Sort" in plan for plan in plans), plans


def test_a_higher_priority_goes_first(owner: User) -> None:
    jobs.enqueue(owner=owner, kind="toy")
    urgent, _ = jobs.enqueue(owner=owner, kind="toy")
    Job.objects.filter(pk=urgent.pk).update(priority=5)

    assert claim(limit=1) == [urgent]


def test_a_job_that_kills_its_workers_three_times_is_given_up(job: Job) -> None:
    for _ in range(3):
        expire(*claim())

    assert claim() == []

    job.refresh_from_db()
    assert job.status == "failed"
    assert job.error is not None
    assert job.error["code"] == "worker_died"
    assert told(job)[-1]["type"] == "error"
    assert told(job)[-1]["final"] is True


def test_a_finished_step_clears_the_suspicion(job: Job) -> None:
    expire(*claim())
    expire(*claim())
    (third,) = claim()
    record(third, 1)
    expire(third)

    (fourth,) = claim()

    assert fourth.attempt == 4
    assert fourth.status == "running"


def test_a_suspect_runs_alone(owner: User, job: Job) -> None:
    expire(*claim())
    expire(*claim())
    beside, _ = jobs.enqueue(owner=owner, kind="toy")

    assert job not in claim(holds=1)
    expire(beside)
    assert claim("w3", limit=10, holds=0) in ([job], [beside])


# --- the fence ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["begin", "record", "fail", "finish", "give_back"])
def test_an_attempt_that_lost_its_lease_writes_nothing(job: Job, verb: str) -> None:
    (mine,) = claim("w1")
    expire(mine)
    claim("w2")
    before = told(job)

    with pytest.raises(LeaseLost):
        _do(verb, mine)

    job.refresh_from_db()
    assert told(job) == before
    assert not job.steps.exists()
    assert (job.status, job.worker) == ("running", "w2")


def _do(verb: str, job: Job) -> None:
    match verb:
        case "begin":
            jobs.begin(job, TOY.steps[0], number=1, steps=5)
        case "record":
            outcome = Outcome(output=None, summary="")
            jobs.record(job, TOY.steps[0], outcome, number=1, steps=5, seconds=0, done={1})
        case "fail":
            jobs.fail(job, StepFailed("x", "y"), None)
        case "finish":
            jobs.finish(job, TOY, {}, partial=False)
        case "give_back":
            jobs.give_back(job)


def test_a_late_finisher_cannot_overwrite_a_cancel(job: Job) -> None:
    (mine,) = claim()
    jobs.cancel(Job.objects.get(pk=job.pk))

    with pytest.raises(LeaseLost):
        jobs.finish(mine, TOY, {}, partial=False)

    job.refresh_from_db()
    assert job.status == "cancelled"


def test_a_heartbeat_renews_what_is_held_and_names_what_is_not(owner: User, job: Job) -> None:
    second, _ = jobs.enqueue(owner=owner, kind="toy")
    claim()
    jobs.cancel(second)
    expire(job)

    lost = jobs.beat("w1", [job.pk, second.pk])

    assert lost == {second.pk}
    assert claim("w2") == []


# --- progress ----------------------------------------------------------------------------------------------------------


def test_progress_never_falls_and_reaches_100_only_at_the_end(job: Job) -> None:
    (mine,) = claim()
    for number in range(1, 6):
        record(mine, number)
    jobs.finish(mine, TOY, {}, partial=False)

    percents = [event["progress"] for event in told(job)]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert max(percents[:-1]) < 100


def test_events_are_numbered_and_the_last_alone_is_final(job: Job) -> None:
    (mine,) = claim()
    record(mine, 1)
    jobs.finish(mine, TOY, {}, partial=False)

    events = told(job)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event.get("final", False) for event in events] == [False] * (len(events) - 1) + [True]
    assert Topic.objects.get(name=job.topic).closed


# --- cancel ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("running", [False, True])
def test_a_job_is_cancelled_at_any_moment(job: Job, running: bool) -> None:
    if running:
        claim()

    jobs.cancel(job)

    assert job.status == "cancelled"
    assert told(job)[-1]["status"] == "cancelled"
    assert told(job)[-1]["final"] is True


def test_a_job_that_has_ended_cannot_be_cancelled(job: Job) -> None:
    jobs.cancel(job)

    with pytest.raises(Refused) as refused:
        jobs.cancel(job)

    assert refused.value.code == "not_cancellable"


# --- retry -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def failed(job: Job) -> Job:
    """A job that failed at its third step."""
    (mine,) = claim()
    record(mine, 1)
    record(mine, 2)
    jobs.fail(mine, StepFailed("broken", "It broke.", retryable=True), "three")
    return mine


def test_a_retry_is_a_new_job_with_copies_of_what_was_finished(failed: Job) -> None:
    new = jobs.retry(failed)

    failed.refresh_from_db()
    assert failed.status == "failed"
    assert new.pk != failed.pk
    assert new.retry_of == failed
    assert list(new.steps.values_list("key", "copied")) == [("one", True), ("two", True)]
    assert new.progress > 0


def test_a_retry_does_again_what_joins_the_others(job: Job) -> None:
    (mine,) = claim()
    for number in (1, 2, 3, 4, 5):
        record(mine, number)
    jobs.finish(mine, TOY, {}, partial=True)

    new = jobs.retry(mine)

    assert "five" not in new.steps.values_list("key", flat=True)


def test_a_second_retry_is_refused(failed: Job) -> None:
    jobs.retry(failed)

    with pytest.raises(Refused) as refused:
        jobs.retry(failed)

    assert refused.value.code == "already_retried"


def test_a_job_at_work_cannot_be_retried(job: Job) -> None:
    with pytest.raises(Refused) as refused:
        jobs.retry(job)

    assert refused.value.code == "not_retryable"


def test_a_retry_beside_an_active_job_is_refused(owner: User, strategy: Strategy) -> None:
    first, _ = jobs.enqueue(owner=owner, kind="toy", strategy=strategy)
    jobs.cancel(first)
    jobs.enqueue(owner=owner, kind="toy", strategy=strategy)

    with pytest.raises(Refused) as refused:
        jobs.retry(first)

    assert refused.value.code == "job_active"


# --- give back, delete -------------------------------------------------------------------------------------------------


def test_a_job_given_back_is_claimed_by_the_next_and_counts_no_failure(job: Job) -> None:
    (mine,) = claim("w1")

    jobs.give_back(mine)
    (theirs,) = claim("w2")

    assert (theirs.attempt, theirs.idle_attempts) == (2, 1)


def test_deleting_a_strategy_cancels_its_job_and_removes_its_topics(owner: User, strategy: Strategy) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="toy", strategy=strategy)

    jobs.delete_strategy(strategy)

    assert not Job.objects.exists()
    assert not Topic.objects.filter(name=job.topic).exists()


def test_every_kind_has_different_step_keys() -> None:
    for name in kinds.keys():  # noqa: SIM118 - a module, not a dict
        keys = [step.key for step in kinds.get(name).steps]
        assert len(keys) == len(set(keys)), name
