"""A job's page in a real browser, against a real server."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from strategies.models import Job
from tests import live
from tests.browser.conftest import Visit
from tests.strategies.pages import Working, store

pytestmark = [pytest.mark.live, pytest.mark.browser]


@pytest.fixture
def owner(rows: None) -> User:
    return live.new_user()


@pytest.fixture
def working(owner: User, settings: Any) -> Working:
    # A worker of another test must not take the job while this test has it.
    settings.STRATEGIES_LEASE_SECONDS = 3600
    return Working(store(owner))


def state(page: Page, step: str) -> str:
    return page.locator(f"[data-step={step}]").get_attribute("data-status") or ""


def percent(job: Job) -> re.Pattern[str]:
    return re.compile(f"^{job.progress} %")


def watch(page: Page) -> None:
    """Note each change of the bar."""
    page.evaluate(
        """() => {
          const bar = document.querySelector("progress");
          globalThis.seen = [bar.value];
          new MutationObserver(() => seen.push(bar.value)).observe(bar, { attributes: true });
        }"""
    )


def test_a_job_is_watched_from_its_first_step_to_its_end(
    server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    page = visit(server, owner, f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    watch(page)

    working.begin(1)
    expect(page.locator("[data-step=context]")).to_have_attribute("aria-current", "step")
    expect(page.locator("#lesson-title")).not_to_be_empty()
    working.end(1, summary="Four <b>people</b>")
    expect(page.locator("[data-step=context] .summary")).to_have_text("Four <b>people</b>")
    working.end(2)
    expect(page).to_have_title(percent(working.job))
    working.end(3, 4, 5, 6, 7, 8).finish()
    expect(page.locator("text=Read your strategy")).to_be_visible()

    assert page.title() == "✓ Two bakeries, one oven"
    assert page.locator("[data-part=outcome] > *").get_attribute("role") == "status"
    assert not page.locator("text=Cancel").is_visible()
    seen = page.evaluate("seen")
    assert seen == sorted(seen)
    assert page.locator("[data-status=done]").count() == 8


def test_a_page_that_is_reloaded_is_where_it_was_and_goes_on(
    server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    page = visit(server, owner, f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    working.end(1, 2)
    working.begin(3)
    expect(page.locator("[data-step=strategic_insights]")).to_have_attribute("data-status", "running")
    before = [page.locator(part).inner_text() for part in ("[data-part=steps]", "[data-part=lesson]", ".bar")]

    page.reload()
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    after = [page.locator(part).inner_text() for part in ("[data-part=steps]", "[data-part=lesson]", ".bar")]
    working.end(3)
    expect(page.locator("[data-step=strategic_insights]")).to_have_attribute("data-status", "done")

    # The time of a step is measured by the page in the first case and by the server in the second.
    assert [without_times(text) for text in after] == [without_times(text) for text in before]


def without_times(text: str) -> str:
    return re.sub(r"done, .*", "done", text)


def test_a_failure_is_told_once_and_aloud_with_the_way_on(
    server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    page = visit(server, owner, f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    working.end(1)
    working.begin(2)

    working.give_up("foundation", "There is <b>no</b> key.")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("There is <b>no</b> key.")
    page.get_by_role("button", name="Retry from").click()
    page.wait_for_url(re.compile(r"/jobs/(?!" + str(working.job.pk) + ")"))

    retried = Job.objects.get(retry_of=working.job)
    assert page.url.endswith(f"/jobs/{retried.pk}/")
    assert state(page, "context") == "done"


def test_cancelling_asks_in_a_dialog_and_is_shown(
    server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    page = visit(server, owner, f"/jobs/{working.job.pk}/")

    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Let it go on").click()
    working.job.refresh_from_db()
    before = working.job.status
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Cancel it").click()
    expect(page.locator("text=It was cancelled")).to_be_visible()

    working.job.refresh_from_db()
    assert before == "running"
    assert working.job.status == "cancelled"


def test_a_job_cancelled_elsewhere_is_shown_at_once(
    server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    page = visit(server, owner, f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")

    live.Visitor(server.environment["URL"], owner).http.post(f"/api/jobs/{working.job.pk}/cancel").raise_for_status()

    expect(page.locator("text=It was cancelled")).to_be_visible()
    assert page.title() == "✗ Two bakeries, one oven"


def test_without_streams_the_page_polls_and_misses_nothing(
    rows: None, redis_server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    server = live.web(SSE_ENABLED="0").start()
    try:
        page = visit(server, owner, f"/jobs/{working.job.pk}/")
        expect(page.locator("[data-part=connection]")).to_have_text("Updating now and then")

        working.end(1, 2, 3)
        expect(page).to_have_title(percent(working.job))
        working.end(4, 5, 6, 7, 8).finish()
        expect(page.locator("text=Read your strategy")).to_be_visible()

        assert page.locator("[data-status=done]").count() == 8
    finally:
        server.stop()


def test_a_server_that_dies_and_comes_back_costs_nothing(
    server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    page = visit(server, owner, f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    working.end(1)
    expect(page.locator("[data-step=context]")).to_have_attribute("data-status", "done")

    server.kill()
    working.end(2, 3)
    expect(page.locator("[data-part=connection]")).to_have_text("Reconnecting")
    server.start()

    expect(page.locator("[data-part=connection]")).to_have_text("Live", timeout=20_000)
    expect(page).to_have_title(percent(working.job))
    assert state(page, "strategic_insights") == "done"


def test_five_minutes_without_news_are_told_and_one_may_go_on_waiting(
    server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    page = visit(server, owner, "/")
    page.clock.install()
    page.goto(f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    notice = page.locator("[data-part=quiet]")

    page.clock.run_for(290_000)
    expect(notice).to_be_hidden()
    page.clock.run_for(20_000)
    expect(notice).to_be_visible()
    expect(notice.get_by_role("link")).to_have_text("Leave; it goes on without you")
    notice.get_by_role("button", name="Keep waiting").click()
    expect(notice).to_be_hidden()
    page.clock.run_for(310_000)
    expect(notice).to_be_visible()
    working.end(1)
    expect(notice).to_be_hidden()


def test_who_signs_out_elsewhere_is_told_on_the_page(
    server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    page = visit(server, owner, f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")

    page.context.request.post(
        "/accounts/logout/", headers={"X-CSRFToken": csrf(page), "Referer": server.environment["URL"]}
    )
    server.kill()
    server.start()

    link = page.get_by_role("link", name="You were signed out")
    expect(link).to_be_visible(timeout=20_000)
    assert link.get_attribute("href") == f"/accounts/login/?next=%2Fjobs%2F{working.job.pk}%2F"


def csrf(page: Page) -> str:
    return next(str(cookie["value"]) for cookie in page.context.cookies() if cookie["name"] == "csrftoken")


def test_without_scripts_the_page_follows_by_itself(
    server: live.Process, owner: User, working: Working, visit: Visit
) -> None:
    page = visit(server, owner, f"/jobs/{working.job.pk}/", java_script_enabled=False)

    working.end(*range(1, 9)).finish()

    expect(page.locator("text=Read your strategy")).to_be_visible(timeout=10_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_page_without_scrolling_sideways(
    server: live.Process, owner: User, working: Working, visit: Visit, scheme: Any
) -> None:
    working.end(1, 2, summary="w" * 200)
    options = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}

    page = visit(server, owner, f"/jobs/{working.job.pk}/", **options)

    assert page.evaluate("document.documentElement.scrollWidth") == 360
