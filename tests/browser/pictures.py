"""
Pictures of every page, to look at; and the two that README.md shows.

    PICTURES=/tmp/pictures python -m pytest tests/browser/pictures.py

Files are named by page and look; docs/images/job.png is `working-light.png`, docs/images/document.png is
`finished-light.png`.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

import sse
from strategies import jobs
from strategies.models import Job
from tests import live
from tests.browser.test_accessibility import ADMIN, PAGES, staff
from tests.browser.windows import open_window
from tests.strategies.pages import Working, section, store

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
    "german-phone": {"viewport": {"width": 360, "height": 740}, "locale": "de-DE"},
    # A window of 1,280 × 1,024 pixels at 400 percent.
    "zoomed": {"viewport": {"width": 320, "height": 256}},
}
WRITTEN = (
    "Three names come up when your customers compare: the supermarket across the street, the chain at the station, and "
    "the habit of buying on Saturday for the whole week.\n"
    "The supermarket sells bread from nine to nine, and nobody knows when it was baked. That is the gap: say the hour"
)
SUMMARIES = {
    "9 of 30 fields are filled in": 0.1,
    "Four people, one oven; 50 pieces in 12 months": 0.2,
    "5 insights; you stand for the hour at which the bread leaves the oven": 41.0,
}
SILENT = "The model did not answer within 120 seconds, five times in a row."


def turn(page: Page, look: str) -> None:
    if look == "right-to-left":
        page.evaluate("document.documentElement.dir = 'rtl'")


@pytest.mark.parametrize("look", LOOKS)
def test_every_page(chromium: Browser, staff: Any, look: str) -> None:
    visitor, ids = staff
    FOLDER.mkdir(parents=True, exist_ok=True)
    window = open_window(chromium, visitor.url, visitor.cookies, **LOOKS[look])
    page = window.new_page()

    for group in (ADMIN,) if os.environ.get("ONLY_ADMIN") else (PAGES, ADMIN):
        for name, path in group.items():
            page.goto(path.format(**ids))
            turn(page, look)
            page.screenshot(path=FOLDER / f"{name.replace(' ', '-')}-{look}.png", full_page=True)

    window.close()
    assert list(FOLDER.glob(f"*-{look}.png"))


@pytest.fixture(scope="module")
def paced(rows: None) -> None:
    """Five runs of which one can say how long another takes."""
    seconds = [*SUMMARIES.values(), 38.0, 29.0, 44.0, 36.0, 0.4]
    for run in range(5):
        working = Working(store(live.new_user()))
        for number, usual in enumerate(seconds, 1):
            working.end(number, seconds=usual * (0.8 + run / 10))
        working.finish()


@pytest.mark.parametrize("look", LOOKS)
def test_a_job_at_work_and_what_it_made(
    chromium: Browser, paced: None, server: live.Process, working: Working, look: str
) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    url = server.environment["URL"]
    window = open_window(chromium, url, live.Visitor(url, working.job.owner).cookies, **LOOKS[look])
    page = window.new_page()
    Job.objects.filter(pk=working.job.pk).update(started=timezone.now() - timedelta(seconds=56))
    for number, (summary, seconds) in enumerate(SUMMARIES.items(), 1):
        working.end(number, summary=summary, seconds=seconds, section=section("strategic_insights"))
    working.begin(4)

    page.goto(f"/jobs/{working.job.pk}/")
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    text = {"step_key": "competitive_analysis", "attempt": working.job.attempt, "text": WRITTEN}
    # What is written is shown to whoever watches at that moment, and to nobody later.
    writing = page.locator("[data-part=writing-text]")
    live.wait_for(lambda: sse.show(working.job.topic, text) and writing.text_content() == WRITTEN, what="the text")
    turn(page, look)
    page.screenshot(path=FOLDER / f"working-{look}.png", full_page=look != "light")
    job = working.end(*range(4, 9)).finish()
    page.goto(f"/strategies/{job.strategy_id}/")
    page.screenshot(path=FOLDER / f"finished-{look}.png")

    window.close()
    assert all((FOLDER / f"{name}-{look}.png").exists() for name in ("working", "finished"))


# How a job may end beside well.
ENDS: dict[str, Callable[[Working], object]] = {
    "failed": lambda job: job.end(1, 2).fail(3, SILENT).give_up("strategic_insights", SILENT),
    "cancelled": lambda job: jobs.cancel(job.end(1, 2).job),
    "partial": lambda job: job.end(1, 2, 3).fail(4, SILENT).end(5, 6, 7, 8).finish(partial=True),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("end", ENDS)
def test_a_job_that_ended_otherwise(
    chromium: Browser, server: live.Process, working: Working, look: str, end: str
) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    url = server.environment["URL"]
    ENDS[end](working)
    window = open_window(chromium, url, live.Visitor(url, working.job.owner).cookies, **LOOKS[look])
    page = window.new_page()

    for name, path in {
        "job": f"/jobs/{working.job.pk}/",
        "strategy": f"/strategies/{working.job.strategy_id}/",
    }.items():
        page.goto(path)
        turn(page, look)
        page.screenshot(path=FOLDER / f"{end}-{name}-{look}.png", full_page=True)

    window.close()
    assert (FOLDER / f"{end}-strategy-{look}.png").exists()


def test_a_document_on_paper(chromium: Browser, staff: Any) -> None:
    visitor, ids = staff
    FOLDER.mkdir(parents=True, exist_ok=True)
    window = open_window(chromium, visitor.url, visitor.cookies)
    page = window.new_page()

    page.goto(PAGES["document"].format(**ids))
    page.pdf(path=FOLDER / "document.pdf", prefer_css_page_size=True, format="A4")

    window.close()
    assert (FOLDER / "document.pdf").exists()
