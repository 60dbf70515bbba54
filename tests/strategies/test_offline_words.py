"""How the offline planner speaks: it follows from the answers, and reads as a person would write it."""

import re
from typing import Any

import pytest

from strategies import grounding
from strategies.brief import starts

from . import canonical

# What a starting template leaves open, with answers of one business.
OPEN: dict[str, Any] = {
    "business_objectives": ["Ten new client firms"],
    "target_metrics": {"primary_metric": "Trial sign-ups per month", "target_value": 600},
    "content_preferences": ["Blog Posts", "Videos"],
    "audience_pain_points": ["Technical Complexity", "I only think of taxes in May"],
    "top_competitors": [{"name": "QuickBooks", "weakness": "Too big for one person"}, {"name": "Excel"}],
    "preferred_formats": ["Blog Posts", "Email Newsletters", "Videos"],
    "content_frequency": "Weekly",
    "brand_voice": {"tones": ["Friendly"]},
    "content_budget": {"amount": 3000, "currency": "USD"},
    "team_size": 2,
    "performance_metrics": {"traffic": 24000, "conversion_rate": 1.2},
}

# Marks of a sentence that was put together and not read: gaps, doubled words and stops, keys, missing plurals.
BROKEN = re.compile(
    r"  | [.,;:]|\.\.(?!\.)|,,|\b(\w+) \1\b|\{|\}|\bNone\b(?! of)|(?<![\d.,])1 (?:months|pieces|hours)\b"
    r"|\b\w+_\w+\b|\ban? [a-z]+s on “"
)


def business(start: str, **changes: Any) -> dict[str, Any]:
    """Return a request made from a starting template, with answers changed."""
    answers = starts.templates()[start]["brief"] | OPEN | changes
    return {"name": "Ledgerly", "industry": "Accounting for freelancers", "brief": answers}


def texts(asked: dict[str, Any]) -> str:
    """Return all that people read in the sections, a line a text."""
    return "\n".join(text for _, text in grounding.text_leaves(canonical.made(asked)["sections"]))


def data(asked: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a section's data."""
    found: dict[str, Any] = next(e["data"] for e in canonical.made(asked)["sections"] if e["key"] == key)
    return found


@pytest.mark.parametrize("start", starts.templates())
@pytest.mark.parametrize("budget", [3000, 0, None])
def test_no_sentence_is_broken_whatever_a_business_begins_with(start: str, budget: int | None) -> None:
    asked = business(start, content_budget=budget)
    if budget is None:
        del asked["brief"]["content_budget"]

    lines = re.sub(r"“[^”]*”", "“…”", texts(asked)).splitlines()

    assert [line for line in lines if BROKEN.search(line)] == []


def test_without_money_nothing_is_priced_or_paid_for() -> None:
    asked = business("growth", content_budget=0)

    read = texts(asked)

    assert "costs hours alone" in read
    assert "There is no money, so all hangs on" in read
    assert not re.search(r"(?<![\d.,])0 (?:a month|a piece)\b(?!, so the plan)", read)
    assert data(asked, "implementation_roadmap")["budget"] == []


def test_a_number_of_followers_is_decided_where_people_meet_the_name() -> None:
    asked = business(
        "brand",
        target_metrics={"primary_metric": "Instagram followers", "target_value": 50000},
        audience_pain_points=["Budget Constraints"],
    )

    read = texts(asked)

    assert "“Instagram followers” is decided at the awareness stage" in read
    assert "“Instagram followers” is put off" not in read


@pytest.mark.parametrize("metric", ["Regular donors", "Members", "Mitglieder"])
def test_people_who_stay_are_not_counted_by_the_month(metric: str) -> None:
    asked = business("growth", target_metrics={"primary_metric": metric, "target_value": 40})

    read = texts(asked)

    assert f"“{metric}” names no period" not in read
    assert "none of the fields measures where this metric stands" in read


def test_advice_for_a_thin_stage_names_a_format_that_serves_it() -> None:
    asked = canonical.request("bakery")
    asked["brief"] |= {"preferred_formats": ["Infographics"], "content_preferences": ["Infographics"]}

    funnel = next(e for e in data(asked, "strategic_insights")["insights"] if e["type"] == "funnel")

    assert "make infographics" not in funnel["insight"]
    assert "who could make case studies" in funnel["insight"]


def test_a_word_that_comes_up_twice_is_spelled_as_the_user_spelled_it() -> None:
    asked = business("niche", audience_pain_points=["Ausfall der Anlage"], business_objectives=["Jede Anlage warten"])

    theme = next(e for e in data(asked, "strategic_insights")["insights"] if e["type"] == "theme")

    assert "“Anlage”" in theme["insight"]


def test_a_plan_beyond_a_year_says_where_the_target_is_reached() -> None:
    asked = business("growth") | {"timeline_months": 24}

    assert "To reach 600 by month 24" in data(asked, "performance_predictions")["reading"]["text"]


def test_what_is_known_of_the_start_is_not_called_unknown() -> None:
    path = data(business("growth"), "implementation_roadmap")["critical_path"]

    assert not any("Without a start" in line for line in path)
    assert "The 288 of today is only computed" in path[0]


def test_each_risk_has_an_owner_and_a_date_inside_the_plan_the_worst_first() -> None:
    risks = data(business("growth"), "risk_assessment")["risks"]

    assert {risk["owner"] for risk in risks} <= {"Lead", "Editor"}  # a team of two
    due = [int(re.fullmatch(r"by the end of month (\d+)", risk["due"])[1]) for risk in risks]  # type: ignore[index]
    assert due == sorted(due)
    assert due[0] >= 1
    assert due[-1] <= 12


def test_the_first_measure_of_success_is_the_tree_that_leads_to_it() -> None:
    success = data(business("growth"), "implementation_roadmap")["success_metrics"]

    assert success[0] == (
        "KPI tree: “Ten new client firms” ← “Trial sign-ups per month” (288 a month) ← Website traffic "
        "(24,000 visits a month) and Share of visits that convert (1.2 %) ← published pieces (4.17 pieces a month)"
    )
