"""The examples of the how-to pages do what the pages say, and ``capture`` collects what it promises."""

import re
import unittest
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

import sse
from sse import topics
from sse.testing import capture

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"


def blocks(page: str) -> str:
    """Return the Python of a page."""
    return "\n".join(re.findall(r"```python\n(.*?)```", (HOW_TO / page).read_text(), re.DOTALL))


@pytest.mark.django_db
def test_the_example_of_a_tested_feature_runs() -> None:
    names: dict[str, Any] = {"__name__": "example"}
    result = unittest.TestResult()

    exec(blocks("test-your-feature.md"), names)
    unittest.defaultTestLoader.loadTestsFromTestCase(names["CountTest"]).run(result)

    assert (result.testsRun, result.errors, result.failures) == (1, [], [])


@pytest.mark.django_db
def test_events_before_the_block_and_of_other_topics_are_not_captured() -> None:
    sse.publish("a:1", "status")

    with capture("a:1") as published:
        sse.publish("a:1", "progress", {"percent": 1})
        sse.publish("b:1", "status")

    assert [(event["topic"], event["seq"], event["type"]) for event in published] == [("a:1", 2, "progress")]


@pytest.mark.django_db
def test_what_was_rolled_back_is_not_captured() -> None:
    with capture() as published, transaction.atomic():
        sse.publish("a:1", "status")
        transaction.set_rollback(True)

    assert published == []


@pytest.mark.django_db
def test_all_topics_are_captured_where_none_is_named() -> None:
    with capture() as published:
        sse.publish("a:1", "status")
        sse.publish("b:1", "status")

    assert [event["topic"] for event in published] == ["a:1", "b:1"]


@pytest.mark.django_db
def test_the_example_of_added_progress_runs(monkeypatch: pytest.MonkeyPatch, django_user_model: Any) -> None:
    monkeypatch.setattr(topics, "_rules", dict(topics._rules))
    names: dict[str, Any] = {}
    user = django_user_model.objects.create(username="ada")

    exec(blocks("add-progress.md"), names)
    with capture() as published:
        names["add"](user.pk, [1, 2])

    assert [event.get("progress", event.get("sum")) for event in published] == [50, 100, 3]
    assert topics.permitted(user, [f"sum:{user.pk}"])
    assert not topics.permitted(user, ["sum:0"])
