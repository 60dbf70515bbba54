"""Times of day: the server's in UTC, and by a script in the zone and the language of whoever reads."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from strategies.models import Strategy, Version
from tests import live
from tests.browser.windows import Visit
from tests.strategies.pages import document_of, store

pytestmark = [pytest.mark.live, pytest.mark.browser]

AT = datetime(2027, 5, 3, 20, 5, tzinfo=UTC)
IN_UTC = "3. Mai 2027, 20:05 UTC"
# Intl puts other words and blanks between the parts, by its version.
IN_INDIA = re.compile(r"^4\. Mai 2027\D+01:35\sGMT\+5:30$")
IN_INDIA_GERMAN = {"timezone_id": "Asia/Kolkata", "locale": "de-DE"}


@pytest.fixture
def strategy(rows: None) -> Strategy:
    strategy = store(live.new_user(is_staff=True, is_superuser=True))
    document_of(strategy)
    Version.objects.filter(strategy=strategy).update(created=AT)
    Strategy.objects.filter(pk=strategy.pk).update(created=AT)
    return strategy


def reads(page: Page, scope: str, text: str | re.Pattern[str]) -> None:
    expect(page.locator(f"{scope} time").first).to_have_text(text)


@pytest.mark.parametrize("place", ["main .facts", "#versions"])
def test_a_page_tells_moments_by_the_reader_s_clock_and_keeps_utc_beside(
    visit: Visit, strategy: Strategy, place: str
) -> None:
    page = visit(strategy.owner, f"/strategies/{strategy.pk}/", **IN_INDIA_GERMAN)

    reads(page, place, IN_INDIA)
    expect(page.locator(f"{place} time").first).to_have_attribute("title", IN_UTC)


def test_without_a_script_times_are_told_in_utc(visit: Visit, strategy: Strategy) -> None:
    page = visit(strategy.owner, f"/strategies/{strategy.pk}/", java_script_enabled=False, **IN_INDIA_GERMAN)

    reads(page, "main .facts", IN_UTC)
    reads(page, "#versions", IN_UTC)


def test_a_day_is_told_as_the_day_that_it_is_there(visit: Visit, strategy: Strategy) -> None:
    page = visit(strategy.owner, "/", **IN_INDIA_GERMAN)

    reads(page, "#strategies", "4. Mai 2027")


def test_staff_review_by_their_own_clock(visit: Visit, strategy: Strategy) -> None:
    page = visit(strategy.owner, f"/admin/strategies/strategy/{strategy.pk}/review/", **IN_INDIA_GERMAN)

    reads(page, "#content-main", IN_INDIA)


def test_what_a_script_puts_in_later_is_told_by_the_same_clock(visit: Visit, strategy: Strategy) -> None:
    page = visit(strategy.owner, "/strategies/new", **IN_INDIA_GERMAN)
    page.fill("[name=name]", "Frühling")

    saved = page.locator("draft-saver [role=status] time")
    expect(saved).to_have_text(re.compile(r"\d:\d\d\sGMT\+5:30$"))
    expect(saved).to_have_attribute("title", re.compile(r"\d:\d\d\sUTC$"))


def test_a_part_that_comes_later_is_told_once(visit: Visit, strategy: Strategy) -> None:
    page = visit(strategy.owner, f"/strategies/{strategy.pk}/", **IN_INDIA_GERMAN)
    reads(page, "main .facts", IN_INDIA)

    page.evaluate("""() => {
        const part = document.createElement('div');
        part.id = 'later';
        part.append(document.createElement('time'));
        part.firstChild.dateTime = '2027-05-03T20:05:00+00:00';
        part.firstChild.textContent = 'at five past eight';
        document.querySelector('main').append(part);
        document.querySelector('main').prepend(part);
    }""")

    reads(page, "#later", IN_INDIA)
    expect(page.locator("#later time")).to_have_attribute("title", "at five past eight")
