"""The model engine against a real, small model: what a stand-in would only claim."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from strategies import jobs, sections
from strategies.models import Job
from tests import live, local_model
from tests.strategies.pages import store

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(bool(local_model.lacking()), reason=local_model.lacking() or "it is installed"),
    pytest.mark.timeout(900),
]

# As docs/how-to/choose-a-model.md says.
ASKED = {
    "STRATEGIES_MODEL": "openai:smollm2",
    "STRATEGIES_MODEL_PROMPTS": "compact",
    "STRATEGIES_MODEL_ANSWER_TOKENS": "1500",
    "STRATEGIES_MODEL_TIMEOUT_SECONDS": "600",
    "STRATEGIES_MODEL_CONCURRENCY": "1",
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The model's server, running."""
    port = live.free_port()
    command = [sys.executable, "-m", "tests.local_model", "--port", str(port)]
    server = subprocess.Popen(command, cwd=live.ROOT, env=dict(os.environ), stderr=subprocess.DEVNULL)
    try:
        live.wait_for(lambda: _answers(port), what="the model's server")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(10)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def asking(site: live.Site, address: str) -> Iterator[live.Process]:
    """A worker that asks the model, while the site's own rests."""
    site.worker.stop()
    worker = live.worker(OPENAI_BASE_URL=address, **ASKED).start()
    yield worker
    worker.stop()
    site.worker.start()


def test_a_whole_strategy_of_valid_sections(site: live.Site, asking: live.Process, settings: Any) -> None:
    settings.STRATEGIES_MODEL = ASKED["STRATEGIES_MODEL"]
    visitor = site.visitor()
    strategy = store(visitor.user)
    job, _ = jobs.enqueue(owner=visitor.user, kind="strategy", strategy=strategy)
    watching = visitor.watch(f"job:{job.pk}")

    visitor.ended(str(job.pk), seconds=800)

    job.refresh_from_db()
    steps = {step.key: step for step in job.steps.all()}
    for key in sections.KEYS:
        step = steps[key]
        print(f"{key}: {step.seconds:.0f} s, {step.tokens_in} tokens in, {step.tokens_out} out, {step.summary}")
    assert {key: steps[key].error for key in sections.KEYS if not steps[key].ok} == {}
    assert job.status == Job.Status.SUCCEEDED
    document = strategy.versions.get().document
    stored = {entry["key"]: sections.check(entry["key"], entry["data"]) for entry in document["sections"]}
    assert list(stored) == list(sections.KEYS)
    assert all(steps[key].tokens_in > 300 and steps[key].tokens_out > 10 for key in sections.KEYS)
    assert {step.cost for step in steps.values()} == {None}
    assert watching.named("text")
