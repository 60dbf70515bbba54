"""A job's page behind networks that misbehave: a proxy that buffers, a server that holds the line and says nothing."""

import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import live
from tests.browser.rows import page_equals_rows
from tests.browser.streams import the_stream
from tests.browser.windows import open_window
from tests.config import proxies
from tests.faults.proxy import Loop, Proxy
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
    expect(step).to_have_attribute("data-status", "done")


def test_behind_a_proxy_that_buffers_the_page_polls_and_misses_nothing(
    server: live.Process, visit: Visit, working: Working
) -> None:
    with proxies.proxy(server.environment["URL"], "buffer") as proxy:
        page = visit(proxy.url)
        working.end(1)

        expect(page.locator("[data-part=connection]")).to_have_text("Updating now and then")
        until_done(page, 1)
        working.end(2)
        until_done(page, 2)
        page_equals_rows(page, working.job)
        page.close()


def test_over_plain_http_where_a_browser_has_no_locks_the_page_is_live_on_one_stream(
    server: live.Process, visit: Visit, working: Working
) -> None:
    page = visit(server.environment["URL"].replace("127.0.0.1", "testserver"))
    assert page.evaluate("[isSecureContext, 'locks' in navigator]") == [False, False]

    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    working.end(1)

    until_done(page, 1)
    the_stream(working)


def test_a_line_that_is_open_and_dumb_is_given_up_and_the_page_goes_on_when_it_speaks_again(
    server: live.Process, visit: Visit, working: Working
) -> None:
    page = visit(server.environment["URL"])
    chip = page.locator("[data-part=connection]")
    expect(chip).to_have_text("Live")

    server.send(signal.SIGSTOP)
    try:
        working.end(1)
        expect(chip).to_have_text("Reconnecting")
    finally:
        server.send(signal.SIGCONT)

    until_done(page, 1)
    expect(chip).to_have_text("Live")
    working.end(2)
    until_done(page, 2)
    page_equals_rows(page, working.job)


@pytest.fixture
def line(server: live.Process) -> Iterator[Proxy]:
    """A way to the server on which connections can be lost without a word."""
    loop = Loop()
    yield Proxy(loop, int(server.environment["URL"].rpartition(":")[2]))
    loop.stop()


def test_a_half_open_connection_is_given_up_for_a_new_one_and_nothing_is_lost_or_doubled(
    visit: Visit, working: Working, line: Proxy
) -> None:
    page = visit(f"http://127.0.0.1:{line.port}")
    chip = page.locator("[data-part=connection]")
    expect(chip).to_have_text("Live")
    working.end(1)
    until_done(page, 1)
    # The server closes what idles. Of several connections that died unnoticed a browser tries one after the other.
    live.wait_for(lambda: line.open == 1, what=f"the stream alone; there are {line.open}")

    line.strand()
    working.end(2)
    working.begin(3)

    until_done(page, 2)
    expect(chip).to_have_text("Live")
    working.end(3)
    until_done(page, 3)
    page_equals_rows(page, working.job)
