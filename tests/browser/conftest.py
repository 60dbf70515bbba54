"""A real Chromium, and the project running with a model whose calls take a while."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests import live, model_server
from tests.browser.windows import Visit, open_window
from tests.strategies.pages import Working, store

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that is no localhost: over plain HTTP a browser trusts it less.
    "--host-resolver-rules=MAP testserver 127.0.0.1",
]

# Milliseconds. What comes at all comes within them, on the busiest machine.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where there is no browser, and say so."""
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="there is no Chromium: install Debian's package chromium"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    # Playwright's sync interface keeps an event loop in this thread; Django takes that for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def storing(chromium: Browser) -> Iterator[Browser]:
    """A browser that stores pages as browsers do; Playwright would have it not."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def model() -> Iterator[model_server.Server]:
    """A model whose calls take two thirds of a second."""
    with model_server.running(delay=0.7) as server:
        yield server


@pytest.fixture(scope="module")
def slow(site: live.Site, model: model_server.Server) -> Iterator[live.Site]:
    """The project with that model. The other worker pauses: it knows no model, and might take its jobs."""
    site.worker.stop()
    environment = {"STRATEGIES_MODEL": "openai:slow", "OPENAI_BASE_URL": f"{model.url}", "SSE_HEARTBEAT_SECONDS": "2"}
    try:
        with live.site(redis=site.redis, **environment) as running:
            yield running
    finally:
        site.worker.start()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window; whatever it complains of fails the test."""
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        # A refused or lost connection is what some tests are about; the browser says so by itself.
        if message.type == "error" and "Failed to load resource" not in message.text and "net::ERR" not in message.text:
            complaints.append(message.text)

    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    window = context.new_page()
    window.on("console", complain)
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.set_default_timeout(PATIENCE)
    yield window
    context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def server(rows: None, redis_server: live.Process) -> Iterator[live.Process]:
    """A web server whose heartbeat a page need not wait long for."""
    process = live.web(SSE_HEARTBEAT_SECONDS="2").start()
    yield process
    process.stop()


@pytest.fixture
def visit(chromium: Browser, server: live.Process) -> Iterator[Visit]:
    """Open pages as users; whatever they complain of fails the test."""
    contexts, complaints = [], []

    def open_page(user: User, path: str, *, prepare: str = "", url: str = "", **options: Any) -> Page:
        url = url or server.environment["URL"]
        context = open_window(chromium, url, live.Visitor(url, user).cookies, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        if prepare:
            page.add_init_script(prepare)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def working(rows: None, settings: Any) -> Working:
    """A job that a test moves on by itself."""
    # A worker of another test must not take it meanwhile.
    settings.STRATEGIES_LEASE_SECONDS = 3600
    return Working(store(live.new_user()))
