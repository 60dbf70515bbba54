"""Several tabs of one browser: one connection, whichever of them closes, freezes or comes back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sse.models import Event
from tests import live
from tests.browser.rows import page_equals_rows
from tests.browser.streams import hand_over, the_stream, wait_for_streams
from tests.browser.windows import open_window
from tests.strategies.pages import Working, store

pytestmark = [pytest.mark.live, pytest.mark.browser]

Open = Callable[[Working], Page]

# One more who follows the page's job, and writes down each number as it comes.
LEDGER = """
async () => {
  const { SSEConnection } = await import("/static/sse/SSEConnection.js");
  const { NUMBERED } = await import("/static/sse/SSEMessageTypes.js");
  const { streamUrl, user } = document.querySelector("job-progress").dataset;
  globalThis.ledger = [];
  const connection = new SSEConnection(streamUrl, { user });
  for (const type of NUMBERED) connection.on(type, ({ seq }) => ledger.push(seq));
  await connection.connect();
}
"""


@pytest.fixture
def jobs(rows: None, settings: Any) -> list[Working]:
    """Two jobs of one user, which no worker takes."""
    settings.STRATEGIES_LEASE_SECONDS = 3600
    user = live.new_user()
    return [Working(store(user)), Working(store(user, name="Another"))]


@pytest.fixture
def browser(chromium: Browser, server: live.Process, jobs: list[Working]) -> Iterator[BrowserContext]:
    url = server.environment["URL"]
    context = open_window(chromium, url, live.Visitor(url, jobs[0].job.owner).cookies)
    yield context
    context.close()


@pytest.fixture
def open_tab(browser: BrowserContext) -> Open:
    def open_one(working: Working) -> Page:
        page = browser.new_page()
        page.goto(f"/jobs/{working.job.pk}/")
        expect(page.locator("[data-part=connection]")).to_have_text("Live")
        return page

    return open_one


def until_done(page: Page, *numbers: int) -> None:
    for number in numbers:
        expect(page.locator(f"[data-part=steps] li:nth-child({number})")).to_have_attribute("data-status", "done")


def has_every_number_once(page: Page, working: Working) -> None:
    count = Event.objects.filter(topic__name=working.job.topic).count()
    live.wait_for(lambda: len(page.evaluate("ledger")) >= count, what=f"{count} numbers")
    assert page.evaluate("ledger") == list(range(1, count + 1))


def test_eight_tabs_of_two_jobs_have_one_connection_and_go_on_without_the_one_that_had_it(
    jobs: list[Working], open_tab: Open
) -> None:
    one, two = jobs
    tabs = [(open_tab(working), working) for working in (one, two) * 4]
    for page, _ in tabs:
        page.evaluate(LEDGER)
    stream = the_stream(one)

    one.end(1)
    two.end(1)
    for page, _ in tabs:
        until_done(page, 1)
    leader, _ = tabs.pop(0)
    leader.close()
    one.end(2, 3)
    two.end(2, 3)

    for page, _ in tabs:
        until_done(page, 1, 2, 3)
    other = the_stream(one)
    assert other.id != stream.id
    # The header of each page follows what else its owner begins.
    assert set(other.topics) == {one.job.topic, two.job.topic, f"user:{one.job.owner_id}"}
    one.end(*range(4, 9)).finish()
    for page, working in tabs:
        if working is one:
            expect(page.get_by_text("Read your strategy")).to_be_visible()
        else:
            expect(page.locator("[data-part=connection]")).to_have_text("Live")
    two.end(4)
    for page, working in tabs:
        page_equals_rows(page, working.job)
        has_every_number_once(page, working)


def test_a_leader_that_stops_without_a_word_loses_the_lock_and_follows_when_it_goes_on(
    jobs: list[Working], open_tab: Open
) -> None:
    working = jobs[0]
    leader, follower = open_tab(working), open_tab(working)
    before = the_stream(working).id
    devtools = leader.context.new_cdp_session(leader)
    devtools.send("Debugger.enable")

    devtools.send("Debugger.pause")
    working.end(1)
    hand_over(working, before)
    until_done(follower, 1)
    devtools.send("Debugger.resume")

    working.end(2)
    until_done(leader, 1, 2)
    until_done(follower, 2)
    wait_for_streams(working, 1)


def test_tabs_that_were_offline_miss_nothing(jobs: list[Working], browser: BrowserContext, open_tab: Open) -> None:
    working = jobs[0]
    tabs = [open_tab(working), open_tab(working)]

    browser.set_offline(True)
    working.end(1, 2)
    browser.set_offline(False)

    for page in tabs:
        until_done(page, 1, 2)
    working.end(3)
    for page in tabs:
        until_done(page, 3)
        page_equals_rows(page, working.job)
    wait_for_streams(working, 1)


def test_a_tab_that_navigates_away_and_back_goes_on(jobs: list[Working], open_tab: Open) -> None:
    working = jobs[0]
    leader, follower = open_tab(working), open_tab(working)

    leader.goto("/")
    working.end(1)
    until_done(follower, 1)
    leader.go_back()

    until_done(leader, 1)
    working.end(2)
    until_done(leader, 2)
    until_done(follower, 2)
    wait_for_streams(working, 1)


def test_signing_out_in_one_tab_is_told_in_all(jobs: list[Working], browser: BrowserContext, open_tab: Open) -> None:
    tabs = [open_tab(working) for working in jobs]
    other = browser.new_page()
    other.goto("/")

    other.get_by_role("button", name="Sign out").click()

    for page in tabs:
        expect(page.get_by_role("link", name="You were signed out")).to_be_visible()
    wait_for_streams(jobs[0], 0)
