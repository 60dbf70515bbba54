"""Work that is begun in another tab or on another device, seen from a page that knew of none."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from tests import live
from tests.browser.bare import Bare
from tests.browser.streams import wait_for_streams
from tests.browser.windows import Visit
from tests.strategies.pages import Working, store

pytestmark = [pytest.mark.live, pytest.mark.browser]

COUNT = "#at-work [data-part=count]"


@pytest.fixture
def owner(rows: None, settings: Any) -> User:
    settings.STRATEGIES_LEASE_SECONDS = 3600
    return live.new_user()


def return_to(page: Page, working: Working) -> None:
    """Look at a window again, and again, until it lists a job; Playwright's windows are looked at always."""

    def look() -> bool:
        page.evaluate("dispatchEvent(new Event('focus'))")
        return page.locator(f"#at-work [data-job='{working.job.pk}']").count() == 1

    live.wait_for(look, what="the job in the header")


def test_a_page_without_work_holds_no_stream_and_asks_when_it_is_looked_at_again(visit: Visit, owner: User) -> None:
    page = visit(owner, "/strategies/new")
    page.fill("[name=name]", "Kept")
    expect(page.locator("#at-work")).to_be_hidden()
    working = Working(store(owner))
    wait_for_streams(working, 0)

    return_to(page, working)
    expect(page.locator(COUNT)).to_have_text("1")
    wait_for_streams(working, 1)
    working.end(1)

    page.locator("#at-work summary").click()
    expect(page.locator(f"#at-work [data-job='{working.job.pk}']")).to_have_text(
        re.compile(rf"{working.job.progress}\s%")
    )
    expect(page.locator("[name=name]")).to_have_value("Kept")


def test_a_page_whose_work_ended_learns_of_what_is_begun_after(visit: Visit, owner: User) -> None:
    first = Working(store(owner))
    page = visit(owner, "/strategies/new")
    wait_for_streams(first, 1)
    first.end(*range(1, 9)).finish()
    expect(page.locator("#at-work details")).to_be_hidden()
    second = Working(store(owner, name="Second"))

    return_to(page, second)

    expect(page.locator(COUNT)).to_have_text("1")


def test_the_list_of_strategies_learns_of_it_too(visit: Visit, owner: User) -> None:
    known = store(owner, name="Known")
    page = visit(owner, "/")
    expect(page.locator("#strategies .name")).to_have_text(["Known"])
    expect(page.locator("#strategies [data-job]")).to_have_count(0)
    working = Working(known)
    store(owner, name="<i>New</i>")

    return_to(page, working)

    row = page.locator(f"#strategies [data-job='{working.job.pk}']")
    expect(page.locator("#strategies .name")).to_have_text(["<i>New</i>", "Known"])
    expect(row).to_contain_text("At work")
    wait_for_streams(working, 1)
    working.end(1)
    expect(row).to_contain_text(f"{working.job.progress}\u00a0%")


def test_a_tab_that_shows_work_tells_the_others(visit: Visit, owner: User) -> None:
    page = visit(owner, "/strategies/new")
    expect(page.locator("#at-work")).to_be_hidden()
    working = Working(store(owner))

    beside = page.context.new_page()
    beside.goto(f"/jobs/{working.job.pk}/")

    expect(page.locator(COUNT)).to_have_text("1")
    wait_for_streams(working, 1)


def test_a_page_that_comes_back_from_the_browser_s_store_asks(
    storing: Browser, server: live.Process, owner: User
) -> None:
    url = server.environment["URL"]
    window = Bare(storing, url, live.Visitor(url, owner).cookies)
    tab = window.open("/strategies/new")
    tab.until("document.querySelector('#at-work')?.hidden")
    tab.evaluate("globalThis.mark = 1; addEventListener('pageshow', ({persisted}) => globalThis.stored = persisted)")
    tab.visit("/strategies/autofill")
    tab.until("location.pathname", "/strategies/autofill")
    Working(store(owner))

    tab.back()

    tab.until("globalThis.stored")
    tab.until(f"document.querySelector('{COUNT}')?.textContent", "1")
    window.close()
