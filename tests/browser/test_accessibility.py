"""Every page, for everybody: checked by axe in light and dark, on a phone, and against its own policy."""

import copy
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from strategies import sections
from tests import live
from tests.browser.windows import open_window
from tests.strategies import canonical
from tests.strategies.pages import Working

pytestmark = [pytest.mark.live, pytest.mark.browser]

AXE = Path(__file__).parents[1] / "js" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="axe-core could not be installed: npm ci in tests/js/axe")

# By what each needs: nobody, a strategy with two versions and a calendar, a job, an autofill.
PAGES = {
    "home": "/",
    "archive": "/?status=archived",
    "short form": "/strategies/new",
    "long form": "/strategies/new?form=long",
    "example": "/strategies/new?template=example:online_shop",
    "draft": "/strategies/new?draft={draft}",
    "draft deleted": "/strategies/drafts/{draft}/delete",
    "brief": "/strategies/{strategy}/brief",
    "autofill": "/strategies/autofill",
    "document": "/strategies/{strategy}/",
    "first version": "/strategies/{strategy}/?version=1",
    "versions": "/strategies/{strategy}/versions",
    "compared": "/strategies/{strategy}/compare?from=1&to=2",
    "edit": "/strategies/{strategy}/sections/risk_assessment/edit",
    "piece": "/strategies/{strategy}/calendar/pieces/piece_001",
    "another piece": "/strategies/{strategy}/calendar/pieces/add",
    "delete": "/strategies/{strategy}/delete",
    "job": "/jobs/{job}/",
    "found": "/jobs/{found}/found",
    "not found": "/strategies/none",
}
ADMIN = {
    "admin": "/admin/",
    "jobs": "/admin/strategies/job/",
    "a job": "/admin/strategies/job/{job}/change/",
    "strategies": "/admin/strategies/strategy/",
    "a job's log": "/admin/strategies/job/{job}/history/",
    "no job": "/admin/strategies/job/?q=nobody",
    "a strategy": "/admin/strategies/strategy/{strategy}/change/",
    "a review": "/admin/strategies/strategy/{strategy}/review/",
    "a strategy deleted": "/admin/strategies/strategy/{strategy}/delete/",
    "lessons": "/admin/strategies/lesson/",
    "a lesson": "/admin/strategies/lesson/1/change/",
    "connections": "/admin/sse/connection/",
    "topics": "/admin/sse/topic/",
    "a topic": "/admin/sse/topic/1/change/",
    "events": "/admin/sse/event/",
    "an event": "/admin/sse/event/1/change/",
    "tokens": "/admin/sse/token/",
    "another token": "/admin/sse/token/add/",
}


@pytest.fixture(scope="module")
def staff(site: live.Site) -> tuple[live.Visitor, dict[str, str]]:
    """A member of staff, and the ids of what the pages are about."""
    user = live.new_user()
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    visitor = live.Visitor(site.url, user)
    strategy = visitor.create(canonical.request("pumpen"))
    job = visitor.ended(visitor.start(strategy)["id"])
    again = visitor.http.post(f"/api/strategies/{strategy['id']}/jobs", json={"kind": "strategy"}).json()
    visitor.ended(again["id"])
    for key in sections.KEYS:
        visitor.http.post(f"/api/strategies/{strategy['id']}/sections/{key}/review", json={"reviewed": True})
    calendar = visitor.http.post(f"/api/strategies/{strategy['id']}/jobs", json={"kind": "calendar"}).json()
    visitor.ended(calendar["id"])
    text = "We are a team of 4. Our budget is 2,500 EUR per month. Competitors: Grundfos, ProMinent."
    found = visitor.http.post("/api/jobs", json={"kind": "autofill", "text": text}).json()
    visitor.ended(found["id"])
    draft = str(uuid.uuid4())
    visitor.http.post("/strategies/drafts", data={"key": draft, "name": "Spring", "form": "long"}).raise_for_status()
    return visitor, {"strategy": strategy["id"], "job": job["id"], "found": found["id"], "draft": draft}


@pytest.fixture(scope="module", params=["light", "dark"])
def window(request: pytest.FixtureRequest, chromium: Browser, staff: Any) -> Iterator[Page]:
    visitor, _ = staff
    size = {"width": 1280, "height": 900}
    context = open_window(chromium, visitor.url, visitor.cookies, color_scheme=request.param, viewport=size)
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    # The admin's links take 0.15 s from light to dark, where the browser hears late that it is dark; halfway they have
    # too little contrast.
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.transitionProperty && one.finished))")
    # Evaluated, not added as a tag: the page's policy lets in no script of ours.
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(({violations}) => violations)")
    return [f"{one['id']}: {json.dumps([node['html'][:200] for node in one['nodes']][:3])}" for one in found]


@needs_axe
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_on_a_page(window: Page, staff: Any, path: str) -> None:
    visitor, ids = staff

    answer = window.goto(visitor.url + path.format(**ids))

    assert answer is not None
    assert answer.status == (404 if path.endswith("none") else 200)
    assert violations(window) == []


@needs_axe
def test_axe_finds_nothing_where_one_signs_in(page: Page, site: live.Site) -> None:
    page.goto(f"{site.url}/accounts/login/")

    assert violations(page) == []


# The search field of its lists has no visible label.
DJANGOS = {"label-title-only"}


@needs_axe
@pytest.mark.parametrize("path", ADMIN.values(), ids=ADMIN)
def test_axe_finds_nothing_in_the_admin_but_what_is_djangos(window: Page, staff: Any, path: str) -> None:
    visitor, ids = staff

    answer = window.goto(visitor.url + path.format(**ids))

    assert answer is not None
    assert answer.status == 200
    assert [one for one in violations(window) if one.partition(":")[0] not in DJANGOS] == []


@pytest.mark.parametrize("path", [*PAGES.values(), *ADMIN.values()], ids=[*PAGES, *ADMIN])
def test_no_page_breaks_its_own_policy(window: Page, staff: Any, path: str) -> None:
    visitor, ids = staff
    said: list[str] = []
    window.on("console", lambda message: said.append(message.text))

    answer = window.goto(visitor.url + path.format(**ids))
    window.wait_for_load_state("networkidle")

    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe-" not in policy
    assert "default-src 'none'" in policy
    assert [text for text in said if "Content Security Policy" in text or "Content-Security-Policy" in text] == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_page_scrolls_sideways_on_a_phone_or_at_400_percent(chromium: Browser, staff: Any, path: str) -> None:
    visitor, ids = staff
    # A window of 1,280 pixels at 400 percent.
    context = open_window(chromium, visitor.url, visitor.cookies, viewport={"width": 320, "height": 740})
    page = context.new_page()

    page.goto(visitor.url + path.format(**ids))
    width = page.evaluate("document.documentElement.scrollWidth")
    page.evaluate("document.documentElement.dir = 'rtl'")
    mirrored = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert width <= 320
    assert mirrored <= 320


@pytest.fixture(scope="module")
def unbroken(staff: Any) -> dict[str, str]:
    """A strategy whose names and answers have no blank at which a line could end, and its job."""
    signed_in, _ = staff
    visitor = live.Visitor(signed_in.url, signed_in.user)
    asked = copy.deepcopy(canonical.FULL) | {"name": "W" * 200, "industry": "M" * 100}
    asked["brief"]["business_objectives"] = ["x" * 200]
    asked["brief"]["target_metrics"]["primary_metric"] = "M" * 120
    asked["brief"]["audience_pain_points"] = ["z" * 200]
    asked["brief"]["top_competitors"] = [{"name": "C" * 120, "weakness": "y" * 200}]
    strategy = visitor.create(asked)
    job = visitor.ended(visitor.start(strategy)["id"])
    return {"strategy": strategy["id"], "job": job["id"]}


@pytest.mark.parametrize("size", [320, 1280])
@pytest.mark.parametrize("name", ["home", "document", "brief", "versions", "delete", "job"])
def test_names_without_a_blank_are_broken_into_lines(
    chromium: Browser, staff: Any, unbroken: dict[str, str], name: str, size: int
) -> None:
    visitor, _ = staff
    context = open_window(chromium, visitor.url, visitor.cookies, viewport={"width": size, "height": 740})
    page = context.new_page()

    page.goto(PAGES[name].format(**unbroken))
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert width <= size


def test_the_list_of_what_is_at_work_opens_within_a_phone(
    chromium: Browser, server: live.Process, working: Working
) -> None:
    url = server.environment["URL"]
    context = open_window(
        chromium, url, live.Visitor(url, working.job.owner).cookies, viewport={"width": 320, "height": 740}
    )
    page = context.new_page()

    page.goto("/")
    page.locator(".at-work summary").click()
    expect(page.locator(".at-work li")).to_be_visible()
    box = page.locator(".at-work ul").bounding_box()
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert width <= 320


WORDY = ["versions", "compared", "edit", "piece", "another piece"]


@pytest.mark.parametrize("path", [PAGES[name] for name in WORDY], ids=WORDY)
def test_the_longer_words_of_german_fit_a_phone_too(chromium: Browser, staff: Any, path: str) -> None:
    visitor, ids = staff
    context = open_window(
        chromium, visitor.url, visitor.cookies, locale="de-DE", viewport={"width": 360, "height": 740}
    )
    page = context.new_page()

    page.goto(visitor.url + path.format(**ids))
    language = page.evaluate("document.documentElement.lang")
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert language == "de"
    assert width <= 360


MAIN = ["home", "long form", "document", "edit", "job"]


@needs_axe
@pytest.mark.parametrize("path", [PAGES[name] for name in MAIN], ids=MAIN)
def test_axe_finds_nothing_in_german_nor_from_right_to_left(chromium: Browser, staff: Any, path: str) -> None:
    visitor, ids = staff
    context = open_window(chromium, visitor.url, visitor.cookies, locale="de-DE")
    page = context.new_page()

    page.goto(visitor.url + path.format(**ids))
    language = page.evaluate("document.documentElement.lang")
    found = violations(page)
    page.evaluate("document.documentElement.dir = 'rtl'")
    mirrored = violations(page)
    context.close()

    assert language == "de"
    assert (found, mirrored) == ([], [])


@pytest.mark.parametrize("path", [PAGES["home"], PAGES["document"], PAGES["job"]])
def test_with_forced_colours_states_and_focus_have_lines_instead(chromium: Browser, staff: Any, path: str) -> None:
    visitor, ids = staff
    context = open_window(chromium, visitor.url, visitor.cookies, forced_colors="active")
    page = context.new_page()

    page.goto(visitor.url + path.format(**ids))
    styles = (
        "[...document.querySelectorAll('.badge, .note, .mark')].map((each) => getComputedStyle(each).borderTopStyle)"
    )
    borders = page.evaluate(styles)
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    context.close()

    assert borders
    assert set(borders) == {"solid"}
    assert outline == "solid"


def test_a_document_on_paper_is_whole_and_has_nothing_to_press(chromium: Browser, staff: Any) -> None:
    visitor, ids = staff
    context = open_window(chromium, visitor.url, visitor.cookies)
    page = context.new_page()
    page.goto(visitor.url + PAGES["document"].format(**ids))
    last = page.locator("#calendar .month").last.locator("td").first
    pressed = page.locator("main").locator("button, .button, .foot summary, .outline a")
    assert not last.is_visible()
    assert any(one.is_visible() for one in pressed.all())

    page.emulate_media(media="print")

    seen = last.is_visible()
    left = [one.text_content() for one in pressed.all() if one.is_visible()]
    context.close()
    assert seen
    assert left == []
