"""Windows of a browser in which somebody is signed in."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import live
from tests.strategies.pages import Working


class Visit(Protocol):
    """
    Open a page as a user; whatever it complains of fails the test.

    ``prepare`` is a script that runs before the page's own; ``url`` names another server than the module's.
    """

    def __call__(self, user: User, path: str, *, prepare: str = "", url: str = "", **options: Any) -> Page: ...


def open_window(browser: Browser, url: str, cookies: Mapping[str, str], **options: Any) -> BrowserContext:
    """Return a window at ``url`` with a visitor's ``cookies``; pages in it may be named by their paths."""
    window = browser.new_context(base_url=url, **options)
    window.set_default_timeout(live.PATIENCE_SECONDS * 1000)
    window.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    return window


def watch(visit: Visit, working: Working, **options: Any) -> Page:
    """Open the page of a job as its owner, and wait until it follows the job."""
    page = visit(working.job.owner, f"/jobs/{working.job.pk}/", **options)
    expect(page.locator("[data-part=connection]")).to_have_text("Live")
    return page
