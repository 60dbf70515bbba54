"""Tabs that the browser freezes, or stores when one leaves and brings back when one returns."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from sse.models import Event
from strategies import snapshot
from tests import live
from tests.browser.bare import Bare, Tab
from tests.browser.streams import hand_over, the_stream
from tests.strategies.pages import Working

pytestmark = [pytest.mark.live, pytest.mark.browser]

Open = Callable[[], Tab]

# Which streams a page has opened, by their addresses.
ADDRESSES = """
globalThis.addresses = [];
globalThis.EventSource = class extends EventSource {
  constructor(url) {
    super(url);
    addresses.push(url);
  }
};
"""
WHY_NOT = "JSON.stringify(performance.getEntriesByType('navigation')[0].notRestoredReasons)"
SHOWN = "[...document.querySelectorAll('[data-part=steps] li')].map((step) => step.dataset.status).join()"


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


def leave(tab: Tab) -> None:
    tab.evaluate("globalThis.shown = ''; globalThis.onpageshow = ({ persisted }) => { shown = String(persisted); }")
    tab.visit("/")
    tab.until("location.pathname", "/")


def is_stored_when_back(tab: Tab) -> bool:
    tab.back()
    tab.until("location.pathname.startsWith('/jobs/') && document.readyState === 'complete'")
    # A page that was loaded anew has never heard of it.
    return bool(live.wait_for(lambda: tab.evaluate("String(globalThis.shown)"), what="the page to be shown") == "true")


def until_stored(tab: Tab, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Leave a page and come back, until it was stored: a busy machine may store none for once."""
    reasons = []
    for _ in range(4):
        leave(tab)
        meanwhile()
        if is_stored_when_back(tab):
            return
        reasons.append(tab.evaluate(WHY_NOT))
    raise AssertionError(f"the page is not stored: {reasons}")


def test_a_page_that_one_leaves_is_stored_and_goes_on_from_its_cursor(working: Working, window: Bare) -> None:
    tab = window.open(f"/jobs/{working.job.pk}/", prepare=ADDRESSES)
    tab.until("document.querySelector('[data-part=connection]')?.dataset.state", "live")
    # Its own element, and the header's.
    assert tab.evaluate("document.querySelectorAll('[data-stream-url]').length") == 2
    told, numbers = [0], iter(range(1, 6))

    def go_on() -> None:
        told.append(Event.objects.filter(topic__name=working.job.topic).count())
        working.end(next(numbers))

    until_stored(tab, go_on)

    tab.until(f"decodeURIComponent(addresses.at(-1)).includes('{working.job.topic}={told[-1]}')")
    equals_rows(tab, working)
    working.end(next(numbers))
    equals_rows(tab, working)
    the_stream(working)


def test_a_leader_that_one_leaves_hands_over_and_comes_back_knowing_all_and_can_be_stored(
    working: Working, open_tab: Open
) -> None:
    leader, follower = open_tab(), open_tab()
    before = the_stream(working).id

    leave(leader)
    hand_over(working, before)
    working.end(1, 2)
    equals_rows(follower, working)
    leader.back()

    equals_rows(leader, working)
    working.end(3)
    for tab in (leader, follower):
        equals_rows(tab, working)
    the_stream(working)
    until_stored(leader)
