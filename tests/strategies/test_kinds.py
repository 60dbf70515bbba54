"""Adding a kind of job takes one file: the one that the README shows."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies import jobs, kinds
from strategies.errors import UnknownKind
from strategies.models import Job, Step, Strategy
from strategies.run import Run
from tests.live import ROOT
from tests.strategies import markup
from tests.strategies.pages import page


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


def work(owner: User) -> Job:
    """Have a job of the README's kind done."""
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
    return job


def test_the_kind_of_the_readme_is_found_and_does_its_work(summary: None, owner: User) -> None:
    job = work(owner)

    assert job.status == Job.Status.SUCCEEDED
    assert job.steps.get(key="write").output == {"text": "3 words"}


def made(mine: Client, job: Job) -> markup.Element:
    return page(mine, f"/jobs/{job.pk}/").one("section", aria_labelledby="made-heading")


def test_the_page_of_a_job_shows_what_it_made_where_its_kind_has_no_page(
    summary: None, owner: User, mine: Client
) -> None:
    job = work(owner)

    shown = made(mine, job)

    assert shown.all("summary")[-1].text == "Writing"
    assert shown.all("dd")[-1].text == "3 words"


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ({"text": "<b>bold</b> {{ 7 }}"}, "<b>bold</b> {{ 7 }}"),
        (["one", {"two": 3}], "one"),
        ("x" * 200_000, "Too long to be shown here."),
        (None, None),
    ],
)
def test_whatever_a_step_made_is_shown_as_text(
    summary: None, owner: User, mine: Client, output: Any, told: str | None
) -> None:
    job = work(owner)
    Step.objects.filter(job=job, key="write").update(output=output)

    shown = made(mine, job)

    titles = [one.text for one in shown.all("summary")]
    assert ("Writing" in titles) is (told is not None)
    assert (told or "") in shown.all("details")[-1].text
    assert not shown.all("b")


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
