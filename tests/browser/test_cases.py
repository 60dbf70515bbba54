"""Chromium's own EventSource on the cases of tests/sse/cases.json."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.sse import cases
from tests.sse.cases import CASES

pytestmark = [pytest.mark.browser, pytest.mark.attack(1, 3)]

SCRIPT = """
([url, names]) => new Promise((resolve) => {
  const events = [];
  const source = new EventSource(url);
  const note = ({type, data, lastEventId}) => {
    if (typeof data === "string") {
      events.push({event: type, data, lastEventId});
    } else if (type === "error") {
      source.close();
      resolve(events);
    }
  };
  for (const name of new Set(["message", "error", ...names])) source.addEventListener(name, note);
})
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with cases.told() as here:
        yield here


def test_chromium_reads_every_case_by_the_standard(address: str, page: Page) -> None:
    page.goto(address.removesuffix("case/"))

    read: list[Any] = [page.evaluate(SCRIPT, [f"{address}{number}", cases.NAMES]) for number in range(len(CASES))]

    wrong = {
        case["name"]: events
        for case, events in zip(CASES, read, strict=True)
        if (events == cases.expected(case)) is cases.deviates(case, "Chromium")
    }
    assert not wrong
