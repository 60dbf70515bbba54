"""The worker, as a process: what it does, what it survives, what it leaves to others."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from sse.models import Event
from strategies import jobs, snapshot
from strategies.models import Job
from tests import live

pytestmark = pytest.mark.live


@pytest.fixture
def site_worker(site: live.Site) -> Iterator[live.Process]:
    """The site's worker; running again when the test is over."""
    yield site.worker
    if site.worker.process is None or site.worker.process.poll() is not None:
        site.worker.start()


def enqueue(user: User, **params: Any) -> Job:
    return jobs.enqueue(owner=user, kind="toy", params=params)[0]


def status(job: Job) -> str:
    job.refresh_from_db()
    return job.status


def ended(*waiting: Job) -> None:
    live.wait_for(
        lambda: not Job.objects.filter(pk__in=[job.pk for job in waiting], status__in=Job.ACTIVE).exists(),
        what=f"{len(waiting)} jobs to end",
    )


def told(job: Job) -> list[dict[str, Any]]:
    return [event.data for event in Event.objects.filter(topic__name=job.topic).order_by("seq")]


def outputs(job: Job) -> dict[str, Any]:
    return dict(job.steps.values_list("key", "output"))


def lines(log: Path) -> list[str]:
    return [line.split()[1] for line in log.read_text().splitlines()]


def test_a_job_is_done_step_by_step(site: live.Site) -> None:
    job = enqueue(live.new_user())

    ended(job)

    assert status(job) == "succeeded"
    assert job.progress == 100
    assert [step.key for step in job.steps.all()] == ["one", "two", "three", "four", "five"]
    assert outputs(job)["five"]["seen"] == ["one", "two", "three", "four"]


def test_an_idle_worker_picks_a_job_up_at_once(site: live.Site) -> None:
    user = live.new_user()

    def picked_up_at_once() -> bool:
        job = enqueue(user)
        ended(job)
        job.refresh_from_db()
        assert job.started
        return (job.started - job.created).total_seconds() < 1

    # By its poll alone none would be begun before a second and a half; a busy machine may delay some that long.
    assert any(picked_up_at_once() for _ in range(10))


def test_two_workers_and_fifty_jobs_none_twice_none_forgotten(site: live.Site, tmp_path: Path) -> None:
    second = live.worker().start()
    users = [live.new_user() for _ in range(5)]
    log = tmp_path / "log"

    asked = [enqueue(user, log=str(log), seconds=0.02) for user in users for _ in range(10)]

    def shared() -> bool:
        asked.append(enqueue(live.new_user(), log=str(log)))  # one of the two may be slow to begin
        return (
            Job.objects.filter(pk__in=[job.pk for job in asked]).exclude(worker="").values("worker").distinct().count()
            == 2
        )

    live.wait_for(shared, what="both to have taken some")
    ended(*asked)
    second.stop()

    done = Counter(tuple(line.split()[:2]) for line in log.read_text().splitlines())
    assert {status(job) for job in asked} == {"succeeded"}
    assert len(done) == len(asked) * 5 >= 50 * 5
    assert set(done.values()) == {1}


def test_after_kill_9_another_worker_goes_on_at_the_step_that_was_not_finished(
    site: live.Site, site_worker: live.Process, tmp_path: Path
) -> None:
    log, gate = tmp_path / "log", tmp_path / "gate"
    job = enqueue(live.new_user(), log=str(log), gates={"three": str(gate)})
    live.wait_for(lambda: job.steps.filter(key="two").exists())

    site_worker.kill()
    gate.touch()
    live.run_out(job.pk)
    site_worker.start()
    ended(job)

    counts = Counter(lines(log))
    assert status(job) == "succeeded"
    assert counts["one"] == counts["two"] == 1
    assert job.attempt == 2
    assert "worker_lost" in [event.get("reason") for event in told(job)]
    seqs = [event["seq"] for event in told(job)]
    assert seqs == list(range(1, len(seqs) + 1))


def test_sigterm_gives_jobs_back_at_their_last_finished_step(
    site: live.Site, site_worker: live.Process, tmp_path: Path
) -> None:
    log, gate = tmp_path / "log", tmp_path / "gate"
    job = enqueue(live.new_user(), log=str(log), gates={"two": str(gate)})
    live.wait_for(lambda: job.steps.filter(key="one").exists())

    site_worker.stop()
    assert site_worker.process
    code, given_back = site_worker.process.returncode, status(job)
    gate.touch()
    site_worker.start()
    ended(job)

    assert (code, given_back) == (0, "queued")  # it was not killed, and did not wait for the step
    assert status(job) == "succeeded"
    assert Counter(lines(log))["one"] == 1
    assert job.idle_attempts == 0


def test_a_poison_job_ends_failed_and_holds_nobody_up(site: live.Site, site_worker: live.Process) -> None:
    user = live.new_user()
    poison = enqueue(user, kill="two")
    beside = [enqueue(user, seconds=0.1) for _ in range(5)]

    def buried() -> bool:
        if site_worker.process and site_worker.process.poll() is not None:
            for job in (poison, *beside):
                live.run_out(job.pk)
            site_worker.start()  # what a supervisor does
        return status(poison) not in Job.ACTIVE

    live.wait_for(buried, what="the poison to be given up")
    ended(*beside)

    assert status(poison) == "failed"
    assert poison.error is not None
    assert poison.error["code"] == "worker_died"
    assert poison.error["step_key"] == "two"
    assert {status(job) for job in beside} == {"succeeded"}


def test_a_cancelled_job_stops_at_once_and_writes_nothing_more(site: live.Site, tmp_path: Path) -> None:
    log, gate = tmp_path / "log", tmp_path / "gate"
    job = enqueue(live.new_user(), log=str(log), gates={"one": str(gate)})
    live.wait_for(lambda: Job.objects.get(pk=job.pk).step == 1)  # one that has not begun it ends without a word

    jobs.cancel(Job.objects.get(pk=job.pk))
    live.wait_for(lambda: f"job {job.pk} is no longer ours and is dropped" in site.worker.said())
    gate.touch()
    ended(enqueue(live.new_user()))  # which takes longer than the rest of the step would

    assert status(job) == "cancelled"
    assert not log.exists()
    assert told(job)[-1]["status"] == "cancelled"


def test_one_failed_step_is_named_and_the_rest_is_kept(site: live.Site) -> None:
    job = enqueue(live.new_user(), fail={"three": "broken"})

    ended(job)

    assert status(job) == "partial"
    assert job.steps.filter(key="three", error__code="broken").exists()
    assert outputs(job)["five"]["seen"] == ["one", "two", "four"]
    assert told(job)[-1]["type"] == "complete"
    assert told(job)[-1]["status"] == "partial"
    shown = {step["key"]: step for step in snapshot.of(job)["steps"]}
    assert (shown["three"]["status"], shown["two"]["error"]) == ("failed", None)
    assert shown["three"]["error"] == {"code": "broken", "message": "Step three can't be done.", "retryable": True}


def test_a_retry_of_a_partial_job_does_the_failed_step_and_what_joins(site: live.Site, tmp_path: Path) -> None:
    log = tmp_path / "log"
    job = enqueue(live.new_user(), fail={"three": "broken"})
    ended(job)
    Job.objects.filter(pk=job.pk).update(params={"log": str(log)})

    new = jobs.retry(Job.objects.get(pk=job.pk))
    ended(new)

    assert status(new) == "succeeded"
    assert lines(log) == ["three", "five"]


def test_where_every_section_failed_the_job_failed(site: live.Site) -> None:
    job = enqueue(live.new_user(), fail={"two": "a", "three": "b", "four": "c"})

    ended(job)

    assert status(job) == "failed"
    assert job.error == {
        "code": "all_failed",
        "message": "Every part failed. The first: Step two can't be done.",
        "step_key": "two",
        "retryable": True,
    }


def test_an_error_that_no_other_step_could_pass_ends_the_job(site: live.Site) -> None:
    job = enqueue(live.new_user(), fail={"two": "end"})

    ended(job)

    assert status(job) == "failed"
    assert job.error is not None
    assert (job.error["code"], job.error["step_key"]) == ("end", "two")


def test_a_bug_in_a_step_fails_that_step_and_never_says_what_it_was(site: live.Site) -> None:
    job = enqueue(live.new_user(), fail={"one": "bug"})

    ended(job)

    assert status(job) == "failed"
    assert job.error is not None
    assert job.error["code"] == "internal"
    assert "ZeroDivision" not in str(told(job))
    assert "ZeroDivisionError" in site.worker.said()


@pytest.mark.attack(29)
def test_jobs_run_without_redis(site: live.Site) -> None:
    site.redis.kill()
    try:
        job = enqueue(live.new_user())
        ended(job)
    finally:
        site.redis.start()

    assert status(job) == "succeeded"
