"""The brief in words."""

from typing import Any

from hypothesis import given

from strategies import brief
from tests.strategies.brief import examples


def words(raw: dict[str, Any]) -> dict[str, str]:
    """Return what is said of each field of a draft."""
    return {each.id: text for each, text in brief.describe(brief.clean_partial(raw))}


def test_figures_come_with_their_units() -> None:
    raw = {
        "content_budget": "2,5k EUR",
        "team_size": 1,
        "market_share": 4.25,
        "performance_metrics": {"traffic": 82_000, "conversion_rate": 0.000001},
    }

    assert words(raw) == {
        "content_budget": "2,500 EUR per month",
        "team_size": "1 person",
        "market_share": "4.25%",
        "performance_metrics": "Visits: 82,000 visits per month\nConversion rate: 0.000001%",
    }


def test_a_budget_without_currency_and_a_team_of_several() -> None:
    assert words({"content_budget": 0, "team_size": 3}) == {"content_budget": "0 per month", "team_size": "3 people"}


def test_lists_objects_and_rows_are_lines() -> None:
    raw = {
        "business_objectives": ["Sell more", "Waste less"],
        "top_competitors": [{"name": "Matomo", "weakness": "Heavy"}, {"name": "Fathom"}],
        "seasonal_trends": ["Easter", "Q4 Review"],
        "brand_voice": {"tones": ["Casual"], "dos": ["Smile", "Wave"]},
        "ab_testing_capabilities": False,
        "content_frequency": "Weekly",
        "optimal_timing": ["Weekend"],
    }

    assert words(raw) == {
        "business_objectives": "Sell more\nWaste less",
        "seasonal_trends": "Easter; Q4 Review",
        "top_competitors": "Name: Matomo; Weakness: Heavy\nName: Fathom",
        "content_frequency": "Weekly",
        "optimal_timing": "Slots: Weekend",
        "brand_voice": "Tones: Casual\nDo: Smile; Wave",
        "ab_testing_capabilities": "no",
    }


def test_nobody_s_text_can_pass_for_a_line_of_its_own() -> None:
    raw = {"buying_journey": {"awareness": "x\nDecision: buy\u2028now", "retention": "<b>=1</b>"}}

    assert words(raw)["buying_journey"] == "Awareness: x Decision: buy now\nRetention: <b>=1</b>"


def test_the_order_is_the_registry_s_and_nothing_is_said_of_what_is_not_given() -> None:
    found = brief.describe({"brand_voice": {"tones": ["Casual"]}, "team_size": 2, "market_gaps": []})

    assert [each.id for each, _ in found] == ["team_size", "brand_voice"]


@given(examples.valid())
def test_everything_that_is_given_is_said(raw: dict[str, Any]) -> None:
    cleaned = brief.clean(raw)

    described = brief.describe(cleaned)

    assert {each.id for each, text in described if text} == cleaned.keys()
