"""Adding a kind of job takes one file: the one that the README shows."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from strategies import jobs, kinds
from strategies.errors import UnknownKind
from strategies.models import Job, Strategy
from strategies.run import Run
from tests.live import ROOT


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The README's kind, in a folder of kinds."""
    readme = (ROOT / "README.md").read_text()
    source = re.search(r"```python\n# strategies/kinds/summary\.py\n(.*?)```", readme, re.S)
    assert source
    (tmp_path / "summary.py").write_text(source[1])
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.discover()
    yield
    sys.modules.pop("strategies.kinds.summary", None)


def test_the_kind_of_the_readme_is_found_and_does_its_work(summary: None, owner: User) -> None:
    strategy = Strategy.objects.create(owner=owner, name="Bread", industry="Food", brief={"a": "one two"})
    job, _ = jobs.enqueue(owner=owner, kind="summary", strategy=strategy)
    (claimed,) = jobs.claim("w", 1)
    run = Run(claimed)

    for number, step in enumerate(run.kind.steps, 1):
        outcome = _now(step.work(run))
        jobs.begin(claimed, step, number=number, steps=2)
        jobs.record(claimed, step, outcome, number=number, steps=2, seconds=0, done={number})
        run.results[step.key] = outcome.output
    jobs.finish(claimed, run.kind, run.results, partial=False)

    job.refresh_from_db()
    assert job.status == Job.Status.SUCCEEDED
    assert job.steps.get(key="write").output == {"text": "3 words"}


def _now(work: Any) -> Any:
    """Run a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waited")


def test_an_unknown_kind_is_an_error_that_lists_the_kinds() -> None:
    with pytest.raises(UnknownKind, match="strategy"):
        kinds.get("magic")
