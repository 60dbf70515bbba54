"""From notes to a strategy in a real browser: paste, watch, choose, mend, create."""

import os
import re

import pytest
from playwright.sync_api import Page, expect

from strategies.models import Strategy
from tests import live
from tests.browser.test_job_page import sign_in

pytestmark = [pytest.mark.live, pytest.mark.browser]

NOTES = """Notes of the meeting with the bakery <img src=x onerror=alert(1)>
Name: Two bakeries, one oven
Industry: Artisan food retail
Goals:
- Sell out of sourdough by noon on weekdays
- Three wedding-cake orders a month
Main KPI: Online pre-orders per week
The budget is 2,500 EUR.
Pain points: no time; The good bread is gone when I get off work
Competitors:
- Backwerk (backwerk.example)
- The supermarket across the street
Our customers love videos. We publish a blog post every week and send a newsletter.
Tone of voice: casual, humorous"""


def shoot(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_notes_become_a_form_that_can_be_sent(page: Page, site: live.Site) -> None:
    user = sign_in(page, site)
    page.goto(f"{site.url}/strategies/new")
    page.get_by_role("link", name="Start from a text or a web page").click()
    page.get_by_label("A text").fill(NOTES)
    shoot(page, "start")
    page.get_by_role("button", name="Look for values").click()
    page.wait_for_url(re.compile(r"/jobs/[0-9a-f-]{36}/$"))
    shoot(page, "job")
    page.get_by_role("link", name="See what was found").click()
    shoot(page, "found")
    expect(page.get_by_label("2,500 EUR per month")).not_to_be_checked()
    page.get_by_label("2,500 EUR per month").check()
    page.get_by_role("button", name="Take these into the form").click()
    expect(page.locator("[name=name]")).to_have_value("Two bakeries, one oven")
    for group in page.locator("details.group > summary").all()[1:]:
        group.click()
    shoot(page, "form")
    expect(page.locator("[name='top_competitors.0.website']")).to_have_value("https://backwerk.example")
    expect(page.locator("q", has_text="The budget is 2,500 EUR.")).to_be_visible()

    page.get_by_role("button", name="Create the strategy").click()

    page.wait_for_url(re.compile(r"/jobs/[0-9a-f-]{36}/$"))
    strategy = Strategy.objects.get(owner__username=user)
    assert strategy.brief["content_budget"] == {"amount": 2500, "currency": "EUR"}
    assert strategy.brief["brand_voice"] == {"tones": ["Casual", "Humorous"]}
