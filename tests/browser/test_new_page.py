"""Starting a strategy in a real browser: what is typed is kept, whatever happens to the window."""

import os
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from strategies.models import Draft, Strategy
from tests import live
from tests.browser.test_job_page import sign_in
from tests.browser.windows import open_window
from tests.strategies.pages import typed

pytestmark = [pytest.mark.live, pytest.mark.browser]

SAVED = re.compile(r"^Saved .*\d:\d\d")


def status(page: Page) -> Any:
    return expect(page.locator("draft-saver [role=status]"))


def kept(user: str) -> str:
    """The name in a user's only draft; empty where there is none."""
    return Draft.objects.filter(owner__username=user).values_list("name", flat=True).first() or ""


def shoot(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_what_is_typed_is_saved_by_itself_and_goes_on_in_another_session(
    page: Page, chromium: Browser, site: live.Site
) -> None:
    user = sign_in(page, site)
    page.goto(f"{site.url}/strategies/new")
    page.fill("[name=name]", "Spring")
    page.locator("[name=content_preferences]").first.check()
    status(page).to_have_text(SAVED)
    assert "?draft=" in page.url
    page.get_by_role("button", name="Show all 30 questions").click()
    page.fill("[name='content_budget.amount']", "9.000")
    expect(page.locator("[data-read=content_budget]")).to_have_text("Read as 9,000 per month.")

    visitor = live.Visitor(site.url, User.objects.get(username=user))
    elsewhere = open_window(chromium, site.url, visitor.cookies).new_page()
    elsewhere.goto("/")
    shoot(elsewhere, "home")
    elsewhere.get_by_role("link", name="Continue").click()

    expect(elsewhere.locator("[name=name]")).to_have_value("Spring")
    expect(elsewhere.locator("[name=content_preferences]").first).to_be_checked()
    expect(elsewhere.locator("[name='content_budget.amount']")).to_have_value("9.000")
    elsewhere.context.close()


def test_a_window_that_is_closed_while_one_types_loses_nothing(page: Page, site: live.Site) -> None:
    user = sign_in(page, site)
    page.goto(f"{site.url}/strategies/new")
    page.fill("[name=name]", "Closed at once")

    page.goto("about:blank")

    live.wait_for(lambda: kept(user) == "Closed at once", what="the draft")


def test_the_later_of_two_windows_is_told_and_decides(page: Page, site: live.Site) -> None:
    user = sign_in(page, site)
    page.goto(f"{site.url}/strategies/new")
    page.fill("[name=name]", "First")
    status(page).to_have_text(SAVED)
    second = page.context.new_page()
    second.goto(page.url)
    second.fill("[name=name]", "Second")
    status(second).to_have_text(SAVED)
    live.wait_for(lambda: kept(user) == "Second", what="the second window's text")

    page.fill("[name=industry]", "Bakeries")

    status(page).to_have_text("Not saved: It was saved in another window meanwhile.")
    expect(page.get_by_role("link", name="See what was saved there")).to_be_visible()
    shoot(page, "conflict")
    assert kept(user) == "Second"
    page.get_by_role("button", name="Save mine over it").click()
    status(page).to_have_text(SAVED)
    assert kept(user) == "First"


def test_what_could_not_be_saved_is_said_and_tried_again(page: Page, site: live.Site) -> None:
    user = sign_in(page, site)
    page.goto(f"{site.url}/strategies/new")
    page.route("**/strategies/drafts", lambda route: route.abort())
    page.fill("[name=name]", "On the train")
    status(page).to_have_text(re.compile("^Not saved: the server does not answer"))

    page.unroute("**/strategies/drafts")

    status(page).to_have_text(SAVED)
    assert kept(user) == "On the train"


def test_who_was_signed_out_is_told_and_goes_on_after_signing_in_elsewhere(page: Page, site: live.Site) -> None:
    user = sign_in(page, site)
    page.goto(f"{site.url}/strategies/new")
    page.context.clear_cookies(name="sessionid")
    page.fill("[name=name]", "Over lunch")
    status(page).to_have_text(re.compile("^Not saved: you are signed out"))

    second = page.context.new_page()
    second.goto(site.url)
    second.fill("input[name=username]", user)
    second.fill("input[name=password]", "secret")
    second.press("input[name=password]", "Enter")

    second.wait_for_url(f"{site.url}/")
    status(page).to_have_text(SAVED)
    assert kept(user) == "Over lunch"


def test_what_one_user_typed_is_not_saved_for_another_who_signs_in_at_the_same_browser(
    page: Page, site: live.Site
) -> None:
    sign_in(page, site)
    page.goto(f"{site.url}/strategies/new")
    page.context.clear_cookies(name="sessionid")
    page.fill("[name=name]", "Nobody else's")
    status(page).to_have_text(re.compile("^Not saved: you are signed out"))

    second = page.context.new_page()
    other = sign_in(second, site)

    expect(page.get_by_text("Somebody else is signed in now")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Nobody else's")
    assert not Draft.objects.filter(owner__username=other).exists()


def test_meters_and_rows_follow_what_is_typed(page: Page, site: live.Site) -> None:
    sign_in(page, site)
    page.goto(f"{site.url}/strategies/new?form=long")
    needed = page.locator("meter[aria-label='Needed answers']")
    expect(needed).to_have_attribute("value", "0")
    page.fill("[name=business_objectives]", "Sell out by noon")
    expect(needed).to_have_js_property("value", 1)
    for group in page.locator("details.group > summary").all()[1:]:
        group.click()
    page.fill("[name='top_competitors.0.name']", "Backwerk")
    page.get_by_role("button", name="Add another").first.click()
    page.fill("[name='top_competitors.1.name']", "The supermarket")
    expect(needed).to_have_js_property("value", 2)
    expect(page.locator("answer-advice li:visible")).to_have_count(3)

    page.get_by_role("button", name="Remove Competitors 1").click()

    expect(page.locator("[name='top_competitors.1.name']")).to_have_value("The supermarket")
    expect(page.get_by_role("button", name="Remove Competitors 1")).to_have_count(1)
    page.get_by_role("button", name="Remove Competitors 1").click()
    expect(needed).to_have_js_property("value", 1)


@pytest.mark.parametrize("form", ["short", "long"])
@pytest.mark.parametrize(
    "sent",
    [{}, {"name": "Kiln", "industry": "Ceramics"}, typed("bakery"), typed("full")],
    ids=["empty", "begun", "bakery", "full"],
)
def test_the_script_counts_as_the_server_does(
    page: Page, site: live.Site, client: Client, form: str, sent: dict[str, Any]
) -> None:
    client.force_login(User.objects.get(username=sign_in(page, site)))
    drafted = client.post("/strategies/drafts", sent | {"form": form, "key": "counted"}).json()
    # Of nothing there is no draft.
    page.goto(f"{site.url}{drafted.get('url', f'/strategies/new?form={form}')}")
    expect(page.locator("answer-meter.answers")).to_have_count(2)
    counts = "meters => meters.map(each => each.value)"
    told = page.locator("meter").evaluate_all(counts)

    page.evaluate("customElements.whenDefined('answer-meter')")
    page.locator("[name=name]").dispatch_event("input")

    assert page.locator("meter").evaluate_all(counts) == told
    assert page.locator("[data-given]").all_inner_texts() == [f"{count:g}" for count in told]


def test_an_example_becomes_a_strategy_and_its_draft_is_gone(page: Page, site: live.Site) -> None:
    user = sign_in(page, site)
    page.goto(f"{site.url}/strategies/new")
    page.locator("details.beginnings > summary").click()
    page.get_by_role("button", name="Local service").click()
    expect(page.get_by_text("the firm, its figures and its competitors are made up")).to_be_visible()
    shoot(page, "example")
    page.fill("[name=name]", "Our heating")
    status(page).to_have_text(SAVED)

    page.get_by_role("button", name="Create the strategy").click()

    page.wait_for_url(re.compile(r"/jobs/[0-9a-f-]{36}/$"))
    assert Strategy.objects.get(owner__username=user).name == "Our heating"
    assert kept(user) == ""
