"""A strategist's way, in a real browser: sign in, create, watch, reload, read; whatever is killed meanwhile."""

import re
import time
from collections import Counter
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from strategies import jobs
from strategies.models import Job, Strategy
from tests import live, model_server
from tests.browser.rows import page_equals_rows

pytestmark = [pytest.mark.live, pytest.mark.browser]

HOSTILE = 'Zwei Öfen & "Zuhause" 🥖 <img src=x onerror=alert(1)> שלום'
OBJECTIVE = f"Sell out of sourdough by noon </script><script>alert(1)</script> {HOSTILE}"


def sign_in(page: Page, site: live.Site) -> str:
    user = live.new_user()
    page.goto(site.url)
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", "secret")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{site.url}/")
    return user.username


def fill_short_form(page: Page, site: live.Site, *, name: str = HOSTILE) -> None:
    page.goto(f"{site.url}/strategies/new")
    page.fill("[name=name]", name)
    # The model's words are made of these, so what it writes is as hostile.
    page.fill("[name=industry]", HOSTILE)
    page.fill("[name=business_objectives]", OBJECTIVE)
    page.fill("[name='target_metrics.primary_metric']", f"Pre-orders {HOSTILE}")
    page.check("[name=content_preferences][value='Videos']")
    page.check("[name=audience_pain_points][value='Lack of Time']")
    page.fill("[name='top_competitors.0.name']", f"The supermarket {HOSTILE}")
    page.check("[name=preferred_formats][value='Email Newsletters']")
    page.select_option("[name=content_frequency]", "Weekly")
    page.check("[name='brand_voice.tones'][value='Casual']")


def create(page: Page, site: live.Site, **options: str) -> Job:
    fill_short_form(page, site, **options)
    page.get_by_role("button", name="Create the strategy").click()
    page.wait_for_url(re.compile(r"/jobs/[0-9a-f-]{36}/$"))
    return Job.objects.get(pk=page.url.rstrip("/").rsplit("/", 1)[-1])


def percent(page: Page) -> int:
    return int(page.evaluate("document.querySelector('progress')?.value ?? 100"))  # there is none when it has ended


def steps_done(page: Page) -> int:
    return page.locator("[data-part=steps] li[data-status=done]").count()


def until_done(page: Page, steps: int) -> None:
    live.wait_for(lambda: steps_done(page) >= steps, what=f"{steps} steps, there are {steps_done(page)}")


def finished(page: Page) -> None:
    expect(page.get_by_role("link", name=re.compile("Read"))).to_be_visible()
    until_done(page, 8)


def nothing_became_markup(page: Page) -> None:
    assert page.locator("img[src=x]").count() == 0
    kinds = page.locator("script:not([src])").evaluate_all("scripts => scripts.map(({type}) => type)")
    assert set(kinds) <= {"application/json", "importmap"}


def test_sign_in_create_watch_reload_finish_read(page: Page, slow: live.Site) -> None:
    sign_in(page, slow)
    job = create(page, slow)
    expect(page.locator("[data-part=connection]")).to_have_attribute("data-state", "live")
    until_done(page, 3)
    seen = percent(page)

    page.reload()

    assert percent(page) >= seen
    assert steps_done(page) >= 3
    finished(page)
    page_equals_rows(page, job)
    page.get_by_role("link", name=re.compile("Read")).first.click()
    expect(page.get_by_role("heading", name="Strategic insights")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    nothing_became_markup(page)
    strategy = f"/strategies/{job.strategy_id}"
    for place in ("/", f"{strategy}/versions", f"{strategy}/sections/risk_assessment/edit"):
        page.goto(slow.url + place)
        expect(page.get_by_text(HOSTILE).first).to_be_visible()
        nothing_became_markup(page)


def test_what_the_model_writes_is_seen_while_it_does(
    page: Page, slow: live.Site, model: model_server.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "pause", 0.02)
    sign_in(page, slow)
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          globalThis.seen = [];
          const place = document.querySelector("[data-part=writing-text]");
          if (place) new MutationObserver(() => seen.push(place.textContent))
            .observe(place, { childList: true, characterData: true, subtree: true });
        })"""
    )
    job = create(page, slow)

    def seen() -> list[str]:
        texts: list[str] = page.evaluate("seen")
        grew = any(later.startswith(earlier) and len(later) > len(earlier) for earlier, later in pairwise(texts))
        return texts if grew and len(texts) >= 4 else []

    texts = live.wait_for(seen, what="texts that grow")
    monkeypatch.setattr(model, "pause", 0.0)
    finished(page)

    assert not any(mark in text for text in texts for mark in "{}[]")
    expect(page.locator("[data-part=writing]")).to_be_hidden()
    nothing_became_markup(page)
    page_equals_rows(page, job)


def test_kill_9_of_the_worker_after_the_second_call_costs_no_call(
    page: Page, slow: live.Site, model: model_server.Server
) -> None:
    sign_in(page, slow)
    before = len(model.calls)
    job = create(page, slow)
    # Context, foundation, and two that the model wrote; asked of the rows, since a page that is late knows it too late.
    live.wait_for(lambda: job.steps.count() >= 4, what="four steps")

    slow.worker.kill()
    live.run_out(job.pk)
    slow.worker.start()
    until_done(page, 5)
    finished(page)

    page_equals_rows(page, job)
    # Five sections; only the call that was under way when the worker died was made again.
    asked = Counter(call.section for call in model.calls[before:])
    assert len(asked) == 5
    assert asked.total() <= 6
    assert set(job.steps.values_list("attempt", flat=True)) == {1, 2}


@pytest.mark.parametrize("victim", ["redis", "web"])
def test_what_is_killed_and_comes_back_costs_the_page_nothing(page: Page, slow: live.Site, victim: str) -> None:
    sign_in(page, slow)
    job = create(page, slow)
    until_done(page, 3)

    process = getattr(slow, victim)
    process.kill()
    time.sleep(5)  # for so long it is away
    process.start()
    finished(page)

    page_equals_rows(page, job)


def test_a_server_without_streams_is_polled(page: Page, slow: live.Site) -> None:
    off = live.web(SSE_ENABLED="0").start()
    site = live.Site(slow.redis, off, slow.worker)
    try:
        sign_in(page, site)
        job = create(page, site)
        finished(page)
        page_equals_rows(page, job)
    finally:
        off.stop()


def test_cancel_asks_first_and_ends_the_job(
    page: Page, slow: live.Site, model: model_server.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "delay", 60.0)  # it must not end before the page has asked
    sign_in(page, slow)
    job = create(page, slow)
    until_done(page, 2)

    page.get_by_role("link", name="Cancel").click()
    page.locator("dialog").get_by_role("button", name=re.compile("Cancel")).click()

    expect(page.locator("[data-part=outcome]")).to_contain_text(re.compile("[Cc]ancelled"))
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_a_failed_job_says_which_step_and_why_and_is_retried(page: Page, slow: live.Site) -> None:
    slow.worker.stop()
    lost = live.site(redis=slow.redis, STRATEGIES_MODEL="openai:none")
    try:
        with lost as without_key:
            sign_in(page, without_key)
            job = create(page, without_key)
            outcome = page.locator("[data-part=outcome]")
            expect(outcome).to_contain_text("Strategic insights")
            expect(outcome.get_by_role("button", name=re.compile("Retry"))).to_be_visible()
        job.refresh_from_db()
        assert job.error is not None
        assert (job.status, job.error["code"]) == ("failed", "model_not_configured")
    finally:
        slow.worker.start()

    again = jobs.retry(job)  # by now the site has an engine
    live.wait_for(lambda: Job.objects.filter(pk=again.pk, status="succeeded").exists())
    assert again.steps.filter(copied=True).count() == 2


def test_without_javascript_the_page_shows_everything(chromium: object, slow: live.Site) -> None:
    context = chromium.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    context.set_default_timeout(live.PATIENCE_SECONDS * 1000)
    page = context.new_page()
    sign_in(page, slow)
    job = create(page, slow)
    live.wait_for(lambda: Job.objects.filter(pk=job.pk, status="succeeded").exists())

    page.goto(page.url)

    finished(page)
    context.close()


def test_bad_input_comes_back_with_each_error_beside_its_field(page: Page, site: live.Site) -> None:
    username = sign_in(page, site)
    fill_short_form(page, site)
    page.fill("[name=name]", "")
    page.fill("[name='target_metrics.target_value']", "many")

    page.locator("form", has=page.locator("[name=name]")).evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Create the strategy").click()

    expect(page.locator("[name=name]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name='target_metrics.target_value']")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name='target_metrics.target_value']")).to_have_value("many")
    expect(page.locator("[name=business_objectives]")).to_have_value(OBJECTIVE)
    assert not Strategy.objects.filter(owner__username=username).exists()
