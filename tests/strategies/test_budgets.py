"""What a user may use of models in a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from strategies import budgets, jobs
from strategies.engines import Usage
from strategies.errors import StepFailed, TooMany
from strategies.models import Job, Step, Strategy
from tests.strategies.pages import Working, store

MODEL = "openai:test-model"


@pytest.fixture(autouse=True)
def limit(settings: Any) -> None:
    settings.STRATEGIES_MODEL = MODEL
    settings.STRATEGIES_TOKENS_PER_USER_PER_DAY = 1_000


@pytest.fixture
def strategy(owner: User) -> Strategy:
    return store(owner)


def use(owner: User, tokens: int, *, ago: timedelta = timedelta(0), **members: Any) -> Step:
    """Note that a finished job of a user used so many tokens."""
    finished = timezone.now() - ago
    job = Job.objects.create(
        owner=owner, kind="strategy", engine=MODEL, status="succeeded", run_after=finished, finished=finished
    )
    step = Step.objects.create(
        job=job, key="risk_assessment", number=7, attempt=1, tokens_in=tokens - 1, tokens_out=1, **members
    )
    Step.objects.filter(pk=step.pk).update(finished=finished)
    return step


def today() -> datetime:
    return timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def test_a_job_is_refused_where_the_days_tokens_are_used_up(owner: User, strategy: Strategy) -> None:
    use(owner, 1_000)

    with pytest.raises(TooMany) as caught:
        jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)

    assert caught.value.code == "token_budget_spent"
    assert "1,000 tokens" in caught.value.message
    assert "from 00:00 UTC on" in caught.value.message
    assert 0 < caught.value.wait <= 86_400
    assert not Job.objects.filter(strategy=strategy).exists()


def test_what_is_below_it_or_anothers_or_of_yesterday_or_copied_does_not_count(
    owner: User, other: User, strategy: Strategy
) -> None:
    use(owner, 999)
    use(other, 5_000)
    use(owner, 5_000, copied=True)
    use(owner, 5_000, ago=timedelta(days=1, minutes=1))

    job, created = jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)

    assert created
    budgets.check_step(job)
    assert budgets.spent(owner, since=today()) == 999


def test_a_section_that_failed_counts_too(owner: User, strategy: Strategy) -> None:
    use(owner, 1_000, ok=False)

    with pytest.raises(TooMany):
        jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)


def test_the_offline_engine_uses_none(owner: User, strategy: Strategy, settings: Any) -> None:
    settings.STRATEGIES_MODEL = "offline"
    use(owner, 1_000)

    assert jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)


def test_without_a_limit_nothing_is_asked(
    owner: User, strategy: Strategy, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.STRATEGIES_TOKENS_PER_USER_PER_DAY = 0
    use(owner, 10**9)

    with django_assert_num_queries(0):
        budgets.check(owner, engine=MODEL)


def test_a_step_fails_where_the_budget_was_spent_meanwhile_and_says_when_to_retry(
    owner: User, strategy: Strategy
) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)
    use(owner, 1_000)

    with pytest.raises(StepFailed) as caught:
        budgets.check_step(job)

    assert (caught.value.code, caught.value.retryable) == ("token_budget_spent", True)
    assert "Retry from here then" in caught.value.message


def test_a_retry_is_refused_too(owner: User, strategy: Strategy) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)
    jobs.cancel(job)
    use(owner, 1_000)

    with pytest.raises(TooMany):
        jobs.retry(job)


def test_a_program_is_told_when_to_ask_again(owner: User, strategy: Strategy, client: Client) -> None:
    use(owner, 1_000)
    client.force_login(owner)

    answer = client.post(f"/api/strategies/{strategy.pk}/jobs", {"kind": "strategy"}, content_type="application/json")

    assert answer.status_code == 429
    assert answer.json()["code"] == "token_budget_spent"
    assert 0 < int(answer["Retry-After"]) <= 86_400


def test_what_a_failed_section_used_is_kept(owner: User, strategy: Strategy) -> None:
    working = Working(strategy)
    spec = working.kind.steps[6]
    error = StepFailed("bad_answer", "No.", retryable=True)
    error.usage = Usage(engine=MODEL, tokens_in=700, tokens_out=200, cost=0.25)

    jobs.record_failure(working.job, spec, error, number=7, steps=8, seconds=1.0, done={7})

    step = working.job.steps.get()
    assert (step.ok, step.engine, step.tokens_in, step.tokens_out) == (False, MODEL, 700, 200)
    assert float(step.cost or 0) == 0.25
    assert budgets.spent(owner, since=today()) == 900
