"""Windows of a browser in which somebody is signed in."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from tests import live


def open_window(browser: Browser, url: str, cookies: Mapping[str, str], **options: Any) -> BrowserContext:
    """Return a window at ``url`` with a visitor's ``cookies``; pages in it may be named by their paths."""
    window = browser.new_context(base_url=url, **options)
    window.set_default_timeout(live.PATIENCE_SECONDS * 1000)
    window.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    return window
