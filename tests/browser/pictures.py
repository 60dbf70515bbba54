"""
Pictures of every page, to look at; and the two that README.md shows.

    PICTURES=/tmp/pictures python -m pytest tests/browser/pictures.py

Files are named by page and look; docs/images/job.png is `working-light.png`, docs/images/document.png is
`finished-light.png`.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import sse
from tests import live
from tests.browser.test_accessibility import ADMIN, PAGES, staff
from tests.browser.windows import open_window
from tests.strategies.pages import Working

__all__ = ["staff"]

pytestmark = [pytest.mark.live, pytest.mark.browser]

FOLDER = Path(os.environ.get("PICTURES", "pictures"))
WIDE = {"width": 1200, "height": 900}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": WIDE},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}},
    "right-to-left": {"viewport": WIDE},
    "forced-colours": {"viewport": WIDE, "forced_colors": "active"},
    "german": {"viewport": WIDE, "locale": "de-DE"},
}
WRITTEN = (
    "The supermarket sells bread; you sell the hour at which it leaves the oven. Nobody within two kilometres tells its "
    "customers in advance what will be ready when, and the three who search for it each week find a closed shop.\n"
    "A standing promise, the second batch at eleven"
)


@pytest.mark.parametrize("look", LOOKS)
def test_every_page(chromium: Browser, staff: Any, look: str) -> None:
    visitor, ids = staff
    FOLDER.mkdir(parents=True, exist_ok=True)
    window = open_window(chromium, visitor.url, visitor.cookies, **LOOKS[look])
    page = window.new_page()

    for group in (ADMIN,) if os.environ.get("ONLY_ADMIN") else (PAGES, ADMIN):
        for name, path in group.items():
            page.goto(path.format(**ids))
            if look == "right-to-left":
                page.evaluate("document.documentElement.dir = 'rtl'")
            page.screenshot(path=FOLDER / f"{name.replace(' ', '-')}-{look}.png", full_page=True)

    window.close()
    assert list(FOLDER.glob(f"*-{look}.png"))


@pytest.mark.parametrize("look", LOOKS)
def test_a_job_at_work_and_what_it_made(chromium: Browser, server: live.Process, working: Working, look: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    url = server.environment["URL"]
    window = open_window(chromium, url, live.Visitor(url, working.job.owner).cookies, **LOOKS[look])
    page = window.new_page()
    summaries = ["30 of 30 fields are filled in", "Four people, one oven; 38 pieces in 12 months"]

    page.goto(f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    for number, summary in enumerate(summaries, 1):
        working.end(number, summary=summary)
    working.begin(3)
    expect(page.locator("[data-step=strategic_insights]")).to_have_attribute("data-status", "running")
    text = {"step_key": "strategic_insights", "attempt": working.job.attempt, "text": WRITTEN}
    sse.show(working.job.topic, text)
    expect(page.locator("[data-part=writing-text]")).to_have_text(WRITTEN)
    if look == "right-to-left":
        page.evaluate("document.documentElement.dir = 'rtl'")
    page.screenshot(path=FOLDER / f"working-{look}.png", full_page=look != "light")
    job = working.end(*range(3, 9)).finish()
    page.goto(f"/strategies/{job.strategy_id}/")
    page.screenshot(path=FOLDER / f"finished-{look}.png")

    window.close()
    assert all((FOLDER / f"{name}-{look}.png").exists() for name in ("working", "finished"))
