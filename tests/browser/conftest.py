"""Chromium, and pages of people who are signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, sync_playwright

from tests import live

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser."""
    # Playwright keeps an event loop in this thread, which is Django's sign of async code; there is none here. For a
    # module only: other modules' tests run loops of their own.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def server(rows: None, redis_server: live.Process) -> Iterator[live.Process]:
    """A web server without a worker: jobs move as the test moves them."""
    process = live.web().start()
    yield process
    process.stop()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Open a server's page as a user; fails when a page threw an error or broke its content security policy."""
    contexts, faults = [], []

    def open_page(server: live.Process, user: User, path: str, **options: Any) -> Page:
        url = server.environment["URL"]
        context = chromium.new_context(base_url=url, **options)
        contexts.append(context)
        cookies = live.Visitor(url, user).cookies
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults
