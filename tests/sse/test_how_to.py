"""The examples of the how-to pages do what the pages say, and ``capture`` collects what it promises."""

import re
import unittest
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

import sse
from sse.testing import capture

PAGE = Path(__file__).parents[2] / "docs/how-to/test-your-feature.md"


@pytest.mark.django_db
def test_the_example_of_a_tested_feature_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {"__name__": "example"}
    result = unittest.TestResult()

    exec("\n".join(blocks), names)
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
