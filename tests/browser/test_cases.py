"""Chromium's own EventSource, and clients that need a browser, on the cases of tests/sse/cases.json."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.sse import cases
from tests.sse.cases import CASES
from tests.sse.test_cases import FOLDER, INSTALLED

pytestmark = [pytest.mark.browser, pytest.mark.attack(1, 3)]

PACKAGES = FOLDER / "node_modules"

# Each reads one address, and returns its events when the stream has ended.
CHROMIUM = """
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
SSE_JS = """
async ([url, names, code]) => {
  globalThis.SSE ??= (await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})))).SSE;
  return new Promise((resolve) => {
    const events = [];
    const source = new SSE(url, {start: false});
    const note = ({type, data, lastEventId}) => void events.push({event: type, data, lastEventId});
    for (const name of new Set(["message", ...names])) source.addEventListener(name, note);
    source.addEventListener("readystatechange", ({readyState}) => readyState === 2 && resolve(events));
    source.stream();
  });
}
"""
HTMX = """
async ([url, names, code]) => {
  if (!globalThis.htmx) (0, eval)(code);
  return new Promise((resolve) => {
    const events = [];
    const place = document.createElement("div");
    place.setAttribute("hx-sse:connect", url);
    place.addEventListener("htmx:sse:before:message", ({detail}) => {
      const {event, data, id} = detail.message;
      events.push({event: event || "message", data, lastEventId: id});
      detail.cancelled = true;
    });
    place.addEventListener("htmx:sse:before:connection", ({detail: {connection}}) => {
      connection.cancelled = connection.attempt > 0;
    });
    place.addEventListener("htmx:sse:close", () => resolve(events));
    document.body.append(place);
    htmx.process(place);
  });
}
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with cases.told() as here:
        yield here


def read_otherwise(page: Page, address: str, script: str, parser: str, numbers: list[int], code: str = "") -> list[str]:
    """Return the names of cases that a parser did not read as is known of it."""
    page.goto(address.removesuffix("case/"))
    read: list[Any] = [page.evaluate(script, [f"{address}{number}", cases.NAMES, code]) for number in numbers]
    return [
        f"{CASES[number]['name']}: {events}"
        for number, events in zip(numbers, read, strict=True)
        if (events == cases.expected(CASES[number])) is cases.deviates(CASES[number], parser)
    ]


def test_chromium_reads_every_case_by_the_standard(address: str, page: Page) -> None:
    assert read_otherwise(page, address, CHROMIUM, "Chromium", list(range(len(CASES)))) == []


@pytest.mark.skipif(not INSTALLED, reason="needs npm ci in tests/js/parsers")
@pytest.mark.parametrize(
    ("parser", "script", "files"),
    [
        ("sse.js", SSE_JS, ["sse.js/lib/sse.js"]),
        ("htmx", HTMX, ["htmx.org/dist/htmx.js", "htmx.org/dist/ext/hx-sse.js"]),
    ],
)
def test_a_client_of_others_reads_each_case_as_is_known_of_it(
    address: str, page: Page, parser: str, script: str, files: list[str]
) -> None:
    # In what pieces a page gets a stream is the browser's affair, and what these two read depends on it.
    whole = [number for number, case in enumerate(CASES) if "every" not in case]
    code = "\n".join((PACKAGES / name).read_text() for name in files)

    assert read_otherwise(page, address, script, parser, whole, code) == []
