"""The elements of jobs on pages and in the admin: they go on by themselves, on one stream, whatever is done to them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Page, expect

from tests import live
from tests.browser.streams import wait_for_streams
from tests.browser.test_accessibility import needs_axe, violations
from tests.browser.windows import Visit, watch
from tests.strategies.pages import Working, section, store

pytestmark = [pytest.mark.live, pytest.mark.browser]


def done(page: Page, key: str) -> None:
    expect(page.locator(f"[data-step={key}]")).to_have_attribute("data-status", "done")


def test_the_header_and_the_list_follow_a_job_on_one_stream_until_it_ends(visit: Visit, working: Working) -> None:
    page = visit(working.job.owner, "/")
    count, row = page.locator("#at-work [data-part=count]"), page.locator("#strategies [data-job]")
    wait_for_streams(working, 1)
    page.evaluate("globalThis.seen = document.querySelector('#strategies [data-job]')")

    working.end(1, 2)
    expect(row).to_have_text(f"At work · {working.job.progress}\u00a0%")
    wait_for_streams(working, 1)
    working.end(*range(3, 9)).finish()

    expect(row).to_have_text("Ready")
    expect(row.locator(".badge")).to_have_class("badge good")
    expect(count).to_have_text("0")
    expect(page.locator("#at-work details")).to_be_hidden()
    assert page.evaluate("seen === document.querySelector('#strategies [data-job]')")
    wait_for_streams(working, 0)


def test_a_job_that_is_begun_elsewhere_comes_into_the_header(visit: Visit, working: Working) -> None:
    page = visit(working.job.owner, "/strategies/new")
    expect(page.locator("#at-work [data-part=count]")).to_have_text("1")
    wait_for_streams(working, 1)

    later = Working(store(working.job.owner, name="<b>Another</b>"))
    expect(page.locator("#at-work [data-part=count]")).to_have_text("2")
    later.end(1)

    page.locator("#at-work summary").click()
    expect(page.locator(f"#at-work [data-job='{later.job.pk}']")).to_have_text(
        re.compile(rf"<b>Another</b>\s+At work · {later.job.progress}\s%")
    )


def test_an_element_that_is_moved_or_taken_out_for_a_while_goes_on(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    page.evaluate("document.body.append(document.querySelector('job-progress'))")
    working.end(1)
    done(page, "context")

    page.evaluate("globalThis.kept = document.querySelector('job-progress'); kept.remove()")
    working.end(2)
    page.evaluate("document.querySelector('main').append(kept)")
    done(page, "foundation")
    working.end(3)

    done(page, "strategic_insights")


def staff() -> User:
    user = live.new_user(is_staff=True)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return User.objects.get(pk=user.pk)


def test_the_admins_list_moves_while_what_its_reader_does_stays(visit: Visit, working: Working) -> None:
    page = visit(staff(), f"/admin/strategies/job/?q={str(working.job.pk)[:8]}")
    page.get_by_role("checkbox", name="Select this object").check()

    working.end(1, 2)
    working.begin(3)

    expect(page.locator(".field-where")).to_contain_text("3/8 Strategic insights")
    expect(page.locator(".field-where [data-part=percent]")).to_have_text(f"{working.job.progress} %")
    expect(page.get_by_role("checkbox", name="Select this object")).to_be_checked()
    working.end(*range(3, 9)).finish()
    expect(page.locator(".field-state .status")).to_have_class("status status-succeeded")


@pytest.fixture
def streamless(rows: None, redis_server: live.Process) -> Iterator[str]:
    """A server that refuses streams."""
    process = live.web(SSE_ENABLED="0").start()
    yield process.environment["URL"]
    process.stop()


def test_without_streams_lists_are_fetched_now_and_then(visit: Visit, working: Working, streamless: str) -> None:
    page = visit(working.job.owner, "/accounts/login/", url=streamless)
    page.clock.install()
    page.goto("/")

    working.end(1)
    expect(page.locator("job-list").first).to_have_js_property("streamState.state", "reconnecting")
    page.clock.run_for(12_000)

    expect(page.locator("#strategies [data-job]")).to_have_text(f"At work · {working.job.progress}\u00a0%")


def test_the_admins_page_of_a_job_moves_and_says_that_it_has_ended(visit: Visit, working: Working) -> None:
    page = visit(staff(), f"/admin/strategies/job/{working.job.pk}/change/")

    working.end(1)
    working.begin(2)
    expect(page.locator(".fieldBox.field-step_title")).to_contain_text("2/8 Laying the groundwork")
    working.give_up("foundation", "There is <b>no</b> key.")

    expect(page.locator(".field-told")).to_contain_text("There is <b>no</b> key.")
    page.get_by_role("link", name="Show what can be done now").click()
    expect(page.get_by_role("button", name="Retry this job")).to_be_visible()


def test_the_admins_list_fits_a_window_of_1280_pixels(visit: Visit, working: Working) -> None:
    working.end(1, 2)
    page = visit(staff(), "/admin/strategies/job/", viewport={"width": 1280, "height": 900})

    table, place = page.locator("#result_list"), page.locator("#changelist .results")

    assert table.bounding_box()["width"] <= place.bounding_box()["width"]  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_a_job_is_at_work(visit: Visit, working: Working, scheme: str) -> None:
    working.end(1, 2).end(3, section=section("strategic_insights"))
    working.begin(4)
    page = watch(visit, working, color_scheme=scheme)
    page.locator("#at-work summary").click()
    page.locator("[data-step=strategic_insights] summary").click()
    expect(page.locator("[data-step=strategic_insights] [data-part=section]")).to_contain_text("Positioning")

    assert violations(page) == []


def lesson_titles(page: Page) -> Any:
    return page.locator("#lesson-title")


def test_a_lesson_that_is_being_read_can_be_kept_and_that_is_remembered(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    working.begin(1)
    expect(lesson_titles(page)).not_to_be_empty()
    first = lesson_titles(page).inner_text()

    page.get_by_role("button", name="Pause lessons").click()
    working.end(1)
    working.begin(2)
    expect(page.get_by_role("button", name="Next lesson")).to_be_visible()
    kept = lesson_titles(page).inner_text()
    page.get_by_role("button", name="Next lesson").click()
    second = lesson_titles(page).inner_text()
    page.reload()

    assert kept == first != second
    expect(page.get_by_role("button", name="Pause lessons")).to_have_attribute("aria-pressed", "true")


def test_where_less_motion_is_wanted_no_lesson_turns_by_itself(visit: Visit, working: Working) -> None:
    page = watch(visit, working, reduced_motion="reduce")

    working.begin(1)

    expect(page.get_by_role("button", name="Pause lessons")).to_have_attribute("aria-pressed", "true")


# A headless browser shows no notification and takes every page for seen.
NOTIFIES = """
globalThis.told = [];
globalThis.Notification = class {
  static permission = "default";
  static async requestPermission() { return (this.permission = globalThis.answer ?? "granted"); }
  constructor(title, options) { told.push([title, options.body]); }
};
Object.defineProperty(document, "hidden", { get: () => true });
"""


def test_whoever_asks_for_it_is_told_of_the_end(visit: Visit, working: Working) -> None:
    page = watch(visit, working, prepare=NOTIFIES)

    button = page.get_by_role("button", name="Notify me at the end")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    working.end(*range(1, 9)).finish()

    expect(page.locator("text=Read your strategy")).to_be_visible()
    live.wait_for(lambda: page.evaluate("told.length"), what="a notification")
    title, body = page.evaluate("told[0]")
    assert (title, len(page.evaluate("told"))) == ("✓ Two bakeries, one oven", 1)
    assert body


def test_a_browser_that_says_no_is_told_in_words(visit: Visit, working: Working) -> None:
    page = watch(visit, working, prepare=NOTIFIES + "globalThis.answer = 'denied';")

    page.get_by_role("button", name="Notify me at the end").click()

    expect(page.locator("[data-part=notify-said]")).to_contain_text("does not let this page notify you")


def test_the_tabs_icon_goes_along(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    icon = page.locator("link[rel=icon]")
    expect(icon).to_have_attribute("href", re.compile("^data:image/svg"))

    working.end(*range(1, 9)).finish()

    expect(icon).to_have_attribute("href", re.compile(re.escape("%231d6f3c")))


def test_a_section_is_read_beside_its_step_while_the_next_is_written(visit: Visit, working: Working) -> None:
    page = watch(visit, working)
    working.end(1, 2).end(3, section=section("strategic_insights"))
    working.begin(4)
    done(page, "strategic_insights")

    page.locator("[data-step=strategic_insights] summary").click()

    expect(page.locator("[data-step=strategic_insights] [data-part=section]")).to_contain_text("Positioning")
    working.end(4)
    done(page, "competitive_analysis")
    expect(page.locator("[data-step=strategic_insights] [data-part=section]")).to_be_visible()


@pytest.fixture
def collected(rows: None, redis_server: live.Process, tmp_path: Path) -> Iterator[str]:
    """A server whose static files are named by their content."""
    with override_settings(STATIC_ROOT=tmp_path):
        call_command("collectstatic", "--noinput", verbosity=0)
    process = live.web(DJANGO_STATIC_ROOT=str(tmp_path)).start()
    yield process.environment["URL"]
    process.stop()


def test_modules_that_are_named_by_their_content_find_each_other(
    visit: Visit, working: Working, collected: str
) -> None:
    page = visit(working.job.owner, "/accounts/login/", url=collected)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    working.end(1)
    done(page, "context")

    modules = [url for url in asked if url.endswith(".js")]
    assert len(modules) > 15
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", url) for url in modules)
