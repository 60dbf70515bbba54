"""A job's page behind networks that misbehave: a proxy that buffers, a server that holds the line and says nothing."""

import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import live
from tests.browser.windows import open_window
from tests.config import proxies
from tests.strategies.pages import Working

pytestmark = [pytest.mark.live, pytest.mark.browser]

Visit = Callable[[str], Page]


@pytest.fixture
def visit(chromium: Browser, server: live.Process, working: Working) -> Iterator[Visit]:
    contexts = []

    def open_page(url: str) -> Page:
        visitor = live.Visitor(server.environment["URL"], working.job.owner)
        context = open_window(chromium, url, visitor.cookies)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/jobs/{working.job.pk}/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def until_done(page: Page, number: int) -> None:
    step = page.locator(f"[data-part=steps] li:nth-child({number})")
    expect(step).to_have_attribute("data-status", "done", timeout=20_000)


def test_behind_a_proxy_that_buffers_the_page_polls_and_misses_nothing(
    server: live.Process, visit: Visit, working: Working
) -> None:
    with proxies.proxy(server.environment["URL"], "buffer") as proxy:
        page = visit(proxy.url)
        working.end(1)

        expect(page.locator("[data-part=connection]")).to_have_text("Updating now and then", timeout=20_000)
        until_done(page, 1)
        working.end(2)
        until_done(page, 2)
        page.close()


def test_a_line_that_is_open_and_dumb_is_given_up_and_the_page_goes_on_when_it_speaks_again(
    server: live.Process, visit: Visit, working: Working
) -> None:
    page = visit(server.environment["URL"])
    chip = page.locator("[data-part=connection]")
    expect(chip).to_have_text("Live")

    server.send(signal.SIGSTOP)
    try:
        working.end(1)
        expect(chip).to_have_text("Reconnecting", timeout=15_000)
    finally:
        server.send(signal.SIGCONT)

    until_done(page, 1)
    expect(chip).to_have_text("Live", timeout=20_000)
    working.end(2)
    until_done(page, 2)
