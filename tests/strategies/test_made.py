"""What a reader is told of what a model used: on the job's page, in its snapshot, in the document."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies import budgets, jobs, kinds
from strategies.engines import Usage
from strategies.kinds import Outcome
from strategies.models import Job, Section
from tests import model_server
from tests.strategies.kinds import works
from tests.strategies.pages import Working, made, store

KEY = "strategic_insights"
USED = Usage(engine="openai:gpt-5", prompt="2.1", tokens_in=1200, tokens_out=340, cost=0.0123)


@pytest.fixture
def job(owner: User) -> Job:
    """A job whose third step a model wrote."""
    working = Working(store(owner))
    working.end(1, 2)
    working.begin(3)
    outcome = Outcome(output={"section": {}, "raw": "{}", "prompt": USED.prompt}, summary="Six.", usage=USED)
    jobs.record(working.job, working.kind.steps[2], outcome, number=3, steps=8, seconds=12.0, done={1, 2, 3})
    return working.job


@pytest.fixture
def mine(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


def test_the_jobs_page_tells_tokens_and_cost_of_a_step(mine: Client, job: Job) -> None:
    assert "1,200 tokens read, 340 written, US$ 0.0123" in text(mine, f"/jobs/{job.pk}/")


def test_the_snapshot_tells_them_as_numbers(mine: Client, job: Job) -> None:
    steps = mine.get(f"/api/jobs/{job.pk}").json()["steps"]

    assert (steps[2]["tokens_in"], steps[2]["tokens_out"], steps[2]["cost"]) == (1200, 340, 0.0123)
    assert (steps[0]["tokens_in"], steps[0]["cost"]) == (0, None)


def test_the_document_tells_them_with_engine_time_and_prompt(mine: Client, job: Job) -> None:
    results = {"compile": made("bakery"), KEY: {"raw": "{}", "prompt": "2.1"}}
    jobs.finish(job, kinds.get("strategy"), results, partial=False)

    said = text(mine, f"/strategies/{job.strategy_id}/")

    assert "Written by openai:gpt-5 in 12 s, prompt 2.1: 1,200 tokens read, 340 written, US$ 0.0123." in said
    assert Section.objects.get(version__job=job, key=KEY).prompt == "2.1"
    assert said.count("Written by") == 1


def test_the_step_that_ended_its_job_tells_what_it_used(
    mine: Client, admin_client: Client, owner: User, settings: Any
) -> None:
    settings.STRATEGIES_MODEL = "openai:test-model"
    # What it said first could not be used; when it was asked again, the key was not taken any more.
    with model_server.running(script=[model_server.other_shape(), model_server.status(401)]) as server:
        settings.OPENAI_BASE_URL = server.url
        job = works.done(store(owner), "strategy")

    step = job.steps.get(key=KEY)
    snapshot = mine.get(f"/api/jobs/{job.pk}").json()
    assert (job.status, step.ok, step.attempt) == ("failed", False, 1)
    assert (step.engine, step.tokens_in, step.tokens_out) == ("openai:test-model", 1200, 340)
    assert step.seconds > 0
    assert snapshot["steps"][2]["tokens_in"] == 1200
    assert snapshot["steps"][2]["error"]["code"] == snapshot["error"]["code"] == "model_unauthorized"
    assert "1,200 tokens read, 340 written" in text(mine, f"/jobs/{job.pk}/")
    assert "1,200 / 340" in text(admin_client, f"/admin/strategies/job/{job.pk}/change/")
    assert budgets.spent_today(owner.pk) == 1540


def test_a_retry_keeps_what_a_step_cost_when_it_was_made(owner: User, job: Job) -> None:
    again = jobs.retry(jobs.cancel(job))

    step = again.steps.get(key=KEY)
    assert (step.copied, step.tokens_in, step.tokens_out, float(step.cost or 0)) == (True, 1200, 340, 0.0123)
