"""The pages that show how to use ``sse`` are run as they stand."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from sse import topics

DOCS = Path(__file__).parent.parent.parent / "docs" / "how-to"


def blocks(page: str) -> list[str]:
    """The Python on a page."""
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    names: dict[str, Any] = {}
    topics._rules.pop("report", None)
    for block in blocks("add-progress.md") + blocks("test-your-feature.md"):
        exec(block, names)
    return names


def test_progress_is_added_as_the_page_says(written: dict[str, Any], owner: User) -> None:
    written["test_a_report_tells_each_page"](owner)


def test_who_may_watch_is_tested_as_the_page_says(written: dict[str, Any], owner: User, other: User) -> None:
    written["test_the_owner_watches_and_others_do_not"](owner, other)


def test_the_example_takes_ten_lines_as_it_says() -> None:
    rule, work = blocks("add-progress.md")

    lines = [line for line in f"{rule}{work}".splitlines() if line.strip() and not line.startswith("import")]
    assert len(lines) <= 10
