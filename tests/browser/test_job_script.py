"""What the script of a job's page makes of each turn a job can take, moved by hand: no worker, a real server."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

import sse
from strategies.models import Job
from tests import live
from tests.browser.rows import page_equals_rows
from tests.browser.windows import Visit, watch
from tests.strategies.pages import Working

pytestmark = [pytest.mark.live, pytest.mark.browser]


# What the region says that is spoken, one after the other.
HEAR = """() => {
  const region = document.querySelector("[data-part=status]");
  globalThis.heard = [];
  new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true });
}"""


def without_times(text: str) -> str:
    # The page measures a step's time by its events until the server's own figure comes.
    # And the time so far goes up meanwhile, the time that is left runs down.
    return re.sub(
        r"\S+ (min \S+ )?s so far|about .* left|taking longer than usual", "", re.sub(r"done, .*", "done", text)
    )


def test_each_step_is_shown_as_it_goes_and_the_bar_never_falls(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    page.evaluate(
        """() => {
          const bar = document.querySelector("progress");
          globalThis.seen = [bar.value];
          new MutationObserver(() => seen.push(bar.value)).observe(bar, { attributes: true });
        }"""
    )

    working.begin(1)
    expect(page.locator("[data-step=context]")).to_have_attribute("aria-current", "step")
    expect(page.locator("#lesson-title")).not_to_be_empty()
    working.end(1, summary="Four <b>people</b>")
    expect(page.locator("[data-step=context] .summary")).to_have_text("Four <b>people</b>")
    working.end(2)
    expect(page).to_have_title(re.compile(f"^{working.job.progress} % · Two bakeries"))
    working.end(3, 4, 5, 6, 7, 8).finish()
    expect(page.locator("text=Read your strategy")).to_be_visible()

    assert page.title() == "✓ Two bakeries, one oven"
    edges = [page.locator(part).evaluate("(one) => one.getBoundingClientRect().left") for part in (".ledger", "h1")]
    assert edges[0] == edges[1]
    assert not page.get_by_role("link", name="Cancel").is_visible()
    seen = page.evaluate("seen")
    assert seen == sorted(seen)


def test_a_page_that_comes_from_the_browser_s_cache_tells_the_time_that_passed(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    page.goto("/strategies/new")
    Job.objects.filter(pk=working.job.pk).update(started=timezone.now() - timedelta(minutes=20))

    page.go_back()
    working.end(1)

    expect(page.locator("[data-part=elapsed]")).to_have_text(re.compile("^20 min .* so far$"))


def test_what_is_being_written_is_shown_as_text_until_its_step_ends(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    writing = page.locator("[data-part=writing]")
    working.end(1, 2)
    working.begin(3)
    expect(page.locator("[data-step=strategic_insights]")).to_have_attribute("data-status", "running")
    assert not writing.is_visible()
    current = {"step_key": "strategic_insights", "attempt": working.job.attempt}

    sse.show(working.job.topic, current | {"text": "Bread <b>first</b>\n<img src=x onerror=alert(1)>"})
    expect(page.locator("[data-part=writing-text]")).to_have_text("Bread <b>first</b>\n<img src=x onerror=alert(1)>")
    sse.show(working.job.topic, current | {"attempt": 99, "text": "Of another attempt"})
    sse.show(working.job.topic, current | {"step_key": "risk_assessment", "text": "Of another step"})
    sse.show(working.job.topic, current | {"text": "Bread first, and cakes"})
    expect(page.locator("[data-part=writing-text]")).to_have_text("Bread first, and cakes")
    expect(page.get_by_role("region", name="Being written: Strategic insights")).to_be_visible()
    expect(writing).to_have_attribute("aria-live", "off")
    working.end(3)

    expect(writing).to_be_hidden()
    assert page.locator("[data-part=writing] img").count() == 0


def test_in_german_the_page_moves_on_whatever_the_server_says(visit: Visit, working: Working) -> None:
    page = watch(visit, working, locale="de-DE")

    working.end(1, summary="What no catalogue holds.")

    expect(page.locator("[data-step=context] .summary")).to_have_text("What no catalogue holds.")
    expect(page.locator("[data-step=context] .word")).to_contain_text("erledigt")


def test_a_page_loads_no_module_that_it_does_not_need(visit: Visit, working: Working) -> None:
    page = watch(visit, working)

    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop())")

    modules = {name.split(".")[0] for name in loaded if name.endswith(".js")}
    assert {"SSEConnection", "SSETabs"} <= modules
    assert not modules & {"SSEFetch", "SSEParser", "index", "useSSE"}


def test_a_reload_changes_nothing_that_is_seen(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    working.end(1, 2)
    working.begin(3)
    expect(page.locator("[data-step=strategic_insights]")).to_have_attribute("data-status", "running")
    parts = ("[data-part=steps]", "[data-part=lesson]", "[data-part=progress]", "h1")
    before = [without_times(page.locator(part).inner_text()) for part in parts]

    page.reload()
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    after = [without_times(page.locator(part).inner_text()) for part in parts]
    working.end(3)

    assert after == before
    expect(page.locator("[data-step=strategic_insights]")).to_have_attribute("data-status", "done")


def test_an_end_is_said_once_whatever_was_about_to_be_said(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    page.evaluate(HEAR)
    working.end(1)
    working.begin(2)
    expect(page.locator("[data-part=status]")).to_contain_text("Step")

    working.end(*range(2, 9)).finish()
    expect(page.locator("[data-part=outcome] h2")).to_have_text("Your strategy is ready")
    live.wait_for(lambda: "ready" in page.evaluate("heard.at(-1)"), what="the end to be said")

    heard = page.evaluate("heard")
    assert heard[-1] == "Your strategy is ready. All 8 steps are done."
    assert sum("ready" in said for said in heard) == 1
    assert page.locator("[data-part=outcome] [role]").count() == 0


def test_whoever_stood_on_what_goes_at_the_end_goes_on_at_the_outcome(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    page.evaluate(HEAR)
    page.get_by_role("link", name="Cancel").focus()

    working.end(*range(1, 9)).finish()

    expect(page.locator("[data-part=outcome] h2")).to_be_focused()
    assert not any("ready" in said for said in page.evaluate("heard"))


def test_a_failure_is_told_once_and_aloud_and_leads_on(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    working.end(1)
    working.begin(2)

    working.give_up("foundation", "There is <b>no</b> key.")

    expect(page.get_by_role("alert")).to_contain_text("There is <b>no</b> key.")
    expect(page.locator("[data-part=status]")).to_be_empty()
    page.get_by_role("button", name="Retry from").click()
    page.wait_for_url(re.compile(rf"/jobs/(?!{working.job.pk})"))
    expect(page.locator("[data-step=context]")).to_have_attribute("data-status", "done")


def test_a_partial_end_names_the_step_that_failed(visit: Visit, working: Working) -> None:
    page = watch(visit, working)

    working.end(1, 2, 3, 4).fail(5, "The model said no.").end(6, 7, 8).finish(partial=True)

    expect(page.locator("[data-part=outcome]")).to_contain_text("Performance predictions failed: The model said no.")
    expect(page.locator("[data-step=performance_predictions] .word")).to_contain_text("failed")


def test_a_cancel_that_is_not_meant_changes_nothing(visit: Visit, working: Working) -> None:
    page = watch(visit, working)

    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("link", name="Let it go on")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("dialog")).to_be_hidden()
    working.job.refresh_from_db()
    assert working.job.status == "running"


def test_a_cancel_elsewhere_is_shown_at_once(server: live.Process, visit: Visit, working: Working) -> None:
    page = watch(visit, working)

    elsewhere = live.Visitor(server.environment["URL"], working.job.owner)
    elsewhere.http.post(f"/api/jobs/{working.job.pk}/cancel").raise_for_status()

    expect(page.get_by_role("heading", name="It was cancelled")).to_be_visible()
    assert page.title() == "✗ Two bakeries, one oven"


def test_five_minutes_without_news_are_told_and_one_may_go_on_waiting(visit: Visit, working: Working) -> None:
    page = visit(working.job.owner, "/")
    page.clock.install()
    page.goto(f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    notice = page.locator("[data-part=quiet]")

    page.clock.run_for(280_000)
    expect(notice).to_be_hidden()
    page.clock.run_for(30_000)
    expect(notice).to_be_visible()
    expect(notice.get_by_role("link")).to_have_text("Leave; it goes on without you")
    notice.get_by_role("button", name="Keep waiting").click()
    expect(notice).to_be_hidden()
    page.clock.run_for(310_000)
    expect(notice).to_be_visible()
    # In five minutes that took an instant no heartbeat came: the page is about to connect anew.
    working.end(1)
    page.clock.run_for(31_000)

    expect(notice).to_be_hidden()


def test_who_is_signed_out_midway_is_told_and_finds_everything_after_signing_in(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    working.end(1)
    other = page.context.new_page()
    other.goto("/")

    other.get_by_role("button", name="Sign out").click()
    link = page.get_by_role("link", name="You were signed out")
    expect(link).to_be_visible()
    working.end(2)
    link.click()
    page.fill("input[name=username]", working.job.owner.username)
    page.fill("input[name=password]", "secret")
    page.press("input[name=password]", "Enter")

    page.wait_for_url(f"**/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    page_equals_rows(page, working.job)
    working.end(3)
    expect(page.locator("[data-step=strategic_insights]")).to_have_attribute("data-status", "done")


def test_a_page_whose_reader_was_signed_out_tells_the_last_that_was_known_and_counts_no_further(
    visit: Visit, working: Working
) -> None:
    page = watch(visit, working)
    cancel = page.get_by_role("link", name="Cancel", exact=True)
    expect(cancel).to_be_visible()
    expect(page.locator("#at-work summary")).to_be_visible()
    other = page.context.new_page()
    other.goto("/")

    other.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("link", name="You were signed out")).to_be_visible()
    expect(page.locator("[data-part=elapsed]")).to_have_text("This is the last that was known.")
    expect(page.locator("[data-part=eta]")).to_have_text("")
    expect(cancel).to_be_hidden()
    expect(page.locator("#at-work summary")).to_be_hidden()


def test_without_scripts_the_page_follows_by_itself(visit: Visit, working: Working) -> None:
    page = visit(working.job.owner, f"/jobs/{working.job.pk}/", java_script_enabled=False)

    working.end(*range(1, 9)).finish()

    expect(page.locator("text=Read your strategy")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_page_without_scrolling_sideways(visit: Visit, working: Working, scheme: str) -> None:
    working.end(1, 2, summary="w" * 200)

    page = watch(visit, working, viewport={"width": 360, "height": 740}, color_scheme=scheme)

    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_rows_are_added_as_they_are_needed(visit: Visit, working: Working) -> None:
    page = visit(working.job.owner, "/strategies/new")
    rows = page.locator("row-list").first.locator(".row")
    before = rows.count()

    page.get_by_role("button", name="Add another").first.click()
    page.keyboard.type("The bridge")

    assert (before, rows.count()) == (1, 2)
    assert page.locator("[name='top_competitors.1.name']").input_value() == "The bridge"
    assert rows.nth(1).get_attribute("aria-label") == "Competitors 2"
