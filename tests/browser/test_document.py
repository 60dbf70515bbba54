"""The page of a document, as somebody goes through it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.windows import Visit
from tests.strategies.pages import Working

pytestmark = [pytest.mark.live, pytest.mark.browser]


def test_after_a_review_one_stands_where_one_was(visit: Visit, working: Working) -> None:
    working.end(*range(1, 9)).finish()
    page = visit(working.job.owner, f"/strategies/{working.job.strategy_id}/")

    page.locator("#risk_assessment .review summary").click()
    page.locator("#risk_assessment .review button").first.click()

    expect(page).to_have_url(re.compile("#risk_assessment-review$"))
    expect(page.locator("#risk_assessment-review")).to_be_in_viewport()
    said = page.locator("main > [role=status]")
    expect(said).to_be_in_viewport()
    below, badge = said.bounding_box(), page.locator("#risk_assessment-review").bounding_box()
    assert below
    assert badge
    assert badge["y"] >= below["y"] + below["height"]
