"""Tabs that the browser freezes, or stores when one leaves and brings back when one returns."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from strategies import snapshot
from tests import live
from tests.browser.bare import Bare, Tab
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.streams import hand_over, the_stream
from tests.strategies.pages import Working

pytestmark = [pytest.mark.live, pytest.mark.browser]

Open = Callable[[], Tab]

SHOWN = "[...document.querySelectorAll('[data-part=steps] li')].map((step) => step.dataset.status).join()"


@pytest.fixture(scope="module")
def storing(chromium: Browser) -> Iterator[Browser]:
    """A browser that stores pages as browsers do; Playwright would have it not."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


@pytest.fixture
def window(storing: Browser, server: live.Process, working: Working) -> Iterator[Bare]:
    url = server.environment["URL"]
    bare = Bare(storing, url, live.Visitor(url, working.job.owner).cookies)
    yield bare
    bare.close()


@pytest.fixture
def open_tab(window: Bare, working: Working) -> Open:
    def open_one() -> Tab:
        tab = window.open(f"/jobs/{working.job.pk}/")
        tab.until("document.querySelector('[data-part=connection]')?.dataset.state", "live")
        return tab

    return open_one


def equals_rows(tab: Tab, working: Working) -> None:
    tab.until(SHOWN, ",".join(step["status"] for step in snapshot.of(working.job)["steps"]))


def test_a_leader_that_freezes_hands_over_and_comes_back_knowing_all(working: Working, open_tab: Open) -> None:
    leader, follower = open_tab(), open_tab()
    before = the_stream(working).id
    leader.evaluate("globalThis.met = []")
    for event in ("freeze", "resume"):
        leader.evaluate(f"document.addEventListener('{event}', () => met.push('{event}'))")

    leader.live_on("frozen")
    hand_over(working, before)
    working.end(1, 2)
    equals_rows(follower, working)
    leader.live_on("active")

    equals_rows(leader, working)
    assert leader.evaluate("met.join()") == "freeze,resume"
    working.end(3)
    for tab in (leader, follower):
        equals_rows(tab, working)
    the_stream(working)


def test_a_leader_that_one_leaves_hands_over_and_comes_back_knowing_all(working: Working, open_tab: Open) -> None:
    leader, follower = open_tab(), open_tab()
    before = the_stream(working).id

    leader.visit("/")
    hand_over(working, before)
    working.end(1, 2)
    equals_rows(follower, working)
    leader.back()

    # Whether it stored the page or loads it anew is the browser's choice, which a busy machine sways.
    equals_rows(leader, working)
    working.end(3)
    for tab in (leader, follower):
        equals_rows(tab, working)
    the_stream(working)
