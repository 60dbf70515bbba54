"""What is computed from a brief: it adds up, it follows from the answers, and it says what it lacks."""

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies import arithmetic
from strategies.arithmetic import figures

from . import arbitrary, canonical


def found(asked: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the foundation of a request, with answers of its brief changed; None takes one away."""
    for field, value in changes.items():
        asked["brief"][field] = value
        if value is None:
            del asked["brief"][field]
    return dict(canonical.material(asked).foundation)


def all_figures(data: Any) -> Iterator[dict[str, Any]]:
    """Yield each figure of a foundation."""
    if isinstance(data, dict):
        if "basis" in data and "value" in data:
            yield data
        for value in data.values():
            yield from all_figures(value)
    elif isinstance(data, list):
        for value in data:
            yield from all_figures(value)


@given(
    total=st.integers(0, 10_000), weights=st.lists(st.integers(0, 1000) | st.floats(0, 1000), min_size=1, max_size=12)
)
def test_parts_add_up_to_the_whole_and_none_is_a_unit_off_its_share(total: int, weights: list[float]) -> None:
    parts = figures.split(total, weights)

    assert sum(parts) == total
    whole = sum(map(Fraction, weights)) or len(weights)
    exact = [total * Fraction(weight) / whole if sum(weights) else Fraction(total, len(weights)) for weight in weights]
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))


@given(cents=st.integers(0, 10**11), weights=st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_money_is_split_to_the_last_cent(cents: int, weights: list[int]) -> None:
    amount = float(Decimal(cents).scaleb(-2))

    parts = figures.split_amount(amount, weights)

    assert sum(Decimal(str(part)) for part in parts) == Decimal(str(amount))


def test_a_figure_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="basis"):
        figures.Figure(value=20, unit="%", basis="experience")
    with pytest.raises(ValueError, match="low and a high"):
        figures.Figure(value=20, unit="%", basis=figures.ESTIMATE)
    with pytest.raises(ValueError, match="has a value exactly when"):
        figures.Figure(value=None, unit="%", basis=figures.YOURS)


@pytest.mark.parametrize(
    ("frequency", "pieces"),
    [("Daily", 365), ("2-3 times per week", 130), ("Weekly", 52), ("Bi-weekly", 26), ("Monthly", 12), ("Quarterly", 4)],
)
def test_a_years_pieces_follow_from_the_frequency(frequency: str, pieces: int) -> None:
    foundation = found(canonical.request("shortest"), content_frequency=frequency)

    assert foundation["cadence"]["wanted"]["value"] == pieces
    assert foundation["cadence"]["planned"]["value"] == min(pieces, 50)


def test_the_plan_says_which_of_rhythm_limit_and_capacity_decided_it() -> None:
    free = found(canonical.request("shortest"), content_frequency="Monthly")
    limited = found(canonical.request("shortest"), content_frequency="Daily")
    alone = found(canonical.request("shortest"), content_frequency="Weekly", team_size=1)

    assert free["cadence"]["bound_by"] == "frequency"
    assert limited["cadence"]["bound_by"] == "max_content_pieces"
    assert alone["cadence"]["bound_by"] == "capacity"
    assert alone["cadence"]["planned"]["value"] == 36  # 60 hours × 12 months ÷ 20 hours a video


def test_pieces_follow_the_content_mix_and_formats_that_nobody_makes_are_named() -> None:
    foundation = found(canonical.request("analytics-saas"))

    assert {entry["format"]: entry["pieces"] for entry in foundation["formats"]} == {
        "Blog Posts": 25, "Case Studies": 3, "Email Newsletters": 10, "Videos": 5, "Social Media Posts": 7,
    }  # fmt: skip
    assert foundation["fit"]["unlisted"] == ["Videos", "Social Media Posts"]
    assert foundation["fit"]["unlisted_pieces"] == 12


def test_without_a_mix_each_format_gets_the_same() -> None:
    foundation = found(canonical.request("bakery"))

    assert [entry["pieces"] for entry in foundation["formats"]] == [25, 25]
    assert "equal share" in foundation["formats"][0]["share"]["basis"]


def test_a_budget_without_a_currency_gets_none() -> None:
    unnamed = found(canonical.request("pumpen"))
    named = found(canonical.request("full"))

    assert unnamed["budget"]["monthly"] == figures.yours(2500, "a month")
    assert {line["unit"] for line in unnamed["budget"]["lines"]} == {"a month"}
    assert {line["unit"] for line in named["budget"]["lines"]} == {"EUR a month"}


def test_paid_advertising_and_tests_move_the_budgets_shares() -> None:
    plain = found(canonical.request("pumpen"))
    paid = found(canonical.request("pumpen"), traffic_sources=["Paid Advertising"], ab_testing_capabilities=True)

    shares = [{line["item"]: line["share"] for line in each["budget"]["lines"]} for each in (plain, paid)]
    assert shares[0]["Promotion and distribution"] == 20
    assert shares[1]["Promotion, paid clicks included"] == 30
    assert shares[1]["Tools, measuring and tests"] == 15
    assert shares[1]["Reserve"] == 5


def test_the_baseline_of_conversions_is_traffic_times_the_rate_that_fits() -> None:
    foundation = found(canonical.request("analytics-saas"))

    assert foundation["metric"]["rate"] == "conversion_rates.lead_generation"
    assert foundation["metric"]["baseline"]["value"] == 902
    assert foundation["metric"]["baseline"]["basis"] == "computed: your monthly traffic × your lead generation rate"


def test_a_metric_by_the_week_is_compared_by_the_week() -> None:
    foundation = found(
        canonical.request("bakery"),
        performance_metrics={"traffic": 5200, "conversion_rate": 2},
    )

    assert foundation["metric"]["baseline"] == figures.computed(
        24, "a week", "your monthly traffic × your conversion rate"
    )


@pytest.mark.parametrize(
    ("metric", "kind"),
    [
        ("Monthly visits", "visits"),
        ("Website-Besuche", "visits"),
        ("Bounce rate", "bounce_rate"),
        ("Conversion rate", "conversion_rate"),
        ("Umsatz im Monat", "revenue"),
        ("Qualifizierte Anfragen", "conversions"),
        ("Instagram followers", "other"),
        ("New followers per week", "conversions"),
        ("Zamówienia", "conversions"),
    ],
)
def test_what_a_metric_counts_is_read_from_its_words(metric: str, kind: str) -> None:
    foundation = found(canonical.request("shortest"), target_metrics={"primary_metric": metric})

    assert foundation["metric"]["kind"] == kind


@pytest.mark.parametrize(
    ("performance", "lacking"),
    [
        (None, "add your monthly traffic and your conversion rate"),
        ({"traffic": 900}, "add your conversion rate"),
        ({"conversion_rate": 3}, "add your monthly traffic"),
    ],
)
def test_a_missing_baseline_says_what_to_add(performance: dict[str, Any] | None, lacking: str) -> None:
    asked = canonical.request("bakery")
    if performance:
        asked["brief"]["performance_metrics"] = performance

    foundation = found(asked)

    row = foundation["metrics"][0]
    assert all(row[column]["value"] is None for column in ("baseline", "month_3", "month_6", "month_12"))
    assert row["month_6"]["basis"] == f"not estimated: {lacking}"


def test_the_forecast_leads_from_the_baseline_to_the_users_target() -> None:
    row = found(canonical.request("analytics-saas"))["metrics"][0]

    assert [row[column]["value"] for column in ("baseline", "month_3", "month_6", "month_12")] == [
        902,
        1007,
        1124,
        1400,
    ]
    assert row["month_12"]["low"] == 1124
    assert row["month_12"]["high"] == 1563


def test_the_target_is_told_in_visits_and_in_rate() -> None:
    growth = found(canonical.request("analytics-saas"))["growth"]

    assert growth["visits_needed"]["value"] == 127273
    assert growth["rate_needed"]["value"] == 1.71
    assert growth["per_month"]["value"] == 3.73


@pytest.mark.parametrize(
    ("changes", "column", "what"),
    [
        ({"target_metrics": {"primary_metric": "Trials per month"}}, "month_3", "add a target value"),
        (
            {"target_metrics": {"primary_metric": "Trials", "target_value": 100}},
            "month_3",
            "goes beyond where it stands",
        ),
    ],
)
def test_a_target_that_is_missing_or_passed_gives_no_forecast(changes: dict[str, Any], column: str, what: str) -> None:
    row = found(canonical.request("analytics-saas"), **changes)["metrics"][0]

    assert row[column]["value"] is None
    assert what in row[column]["basis"]


def test_months_beyond_the_timeline_are_not_forecast() -> None:
    asked = canonical.request("analytics-saas") | {"timeline_months": 6}

    row = found(asked)["metrics"][0]

    assert row["month_6"]["value"] == 1400
    assert row["month_12"]["value"] is None
    assert row["month_12"]["basis"] == "not estimated: add months to the timeline, which ends before this one"


def test_a_rate_that_should_fall_falls() -> None:
    row = found(
        canonical.request("analytics-saas"), target_metrics={"primary_metric": "Bounce rate", "target_value": 40}
    )["metrics"][0]

    assert row["baseline"]["value"] == 54
    assert 40 < row["month_3"]["value"] < 54
    assert row["month_12"]["value"] == 40


def test_from_nothing_there_are_even_steps() -> None:
    foundation = found(
        canonical.request("analytics-saas"), performance_metrics={"traffic": 0}, conversion_rates={"lead_generation": 2}
    )

    assert foundation["metrics"][0]["month_6"]["value"] == 700
    assert foundation["growth"]["reachable"]
    assert "from none there is no rate" in foundation["growth"]["per_month"]["basis"]


def test_the_return_is_left_open_where_no_revenue_is_named_and_says_what_it_hangs_on() -> None:
    roi = found(canonical.request("analytics-saas"))["roi"]

    assert roi["value"] is None
    assert roi["basis"].startswith("not estimated: add a primary metric of revenue")
    needs = {need["key"]: need["figure"]["value"] for need in roi["needs"]}
    assert needs == {"cost_today": 9.98, "cost_at_target": 6.43, "lead_roi": 27.94}


def test_the_return_on_a_target_of_revenue_is_computed() -> None:
    roi = found(
        canonical.request("analytics-saas"),
        target_metrics={"primary_metric": "Revenue per month", "target_value": 27000},
    )["roi"]

    assert roi["value"] == 200
    assert roi["payback_months"] == 8
    assert roi["basis"].startswith("computed: (your revenue target − your budget) ÷ your budget")


def test_without_a_budget_nothing_is_priced() -> None:
    foundation = found(canonical.request("analytics-saas"), content_budget=None)

    assert foundation["budget"]["lines"] == []
    assert foundation["budget"]["per_piece"]["basis"] == "not estimated: add your monthly content budget"
    assert foundation["roi"]["needs"] == []


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("content_budget", {"amount": 9001, "currency": ""}, "budget.total"),
        ("team_size", 2, "capacity.use"),
        ("content_frequency", "Monthly", "cadence.planned"),
        ("content_mix", {"blog_posts": 100}, "capacity.hours_needed"),
        ("performance_metrics", {"traffic": 82001, "conversion_rate": 1.1}, "growth.visits_needed"),
        ("conversion_rates", {"lead_generation": 1.2}, "metric.baseline"),
    ],
)
def test_changing_an_answer_changes_the_figure_that_depends_on_it(field: str, value: Any, path: str) -> None:
    def look_up(foundation: dict[str, Any]) -> Any:
        head, _, tail = path.partition(".")
        return foundation[head][tail]

    before = found(canonical.request("analytics-saas"))
    after = found(canonical.request("analytics-saas"), **{field: value})

    assert look_up(before)["value"] is not None
    assert look_up(before) != look_up(after)


@settings(max_examples=60)
@given(asked=arbitrary.requests())
def test_whatever_the_brief_the_foundation_holds_together(asked: dict[str, Any]) -> None:
    given_ = canonical.material(asked)
    foundation, months = given_.foundation, given_.timeline_months

    cadence, phases, planned = foundation["cadence"], foundation["phases"], foundation["cadence"]["planned"]["value"]
    assert 1 <= planned <= min(given_.max_content_pieces, cadence["wanted"]["value"])
    assert sum(cadence["by_month"]) == planned
    assert len(cadence["by_month"]) == months
    assert sum(entry["pieces"] for entry in foundation["formats"]) == planned
    assert sum(stage["pieces"] for stage in foundation["funnel"]) == planned
    if foundation["capacity"]["use"]["value"] is not None:
        assert foundation["capacity"]["use"]["value"] <= 100
    assert phases[0]["start_month"] == 1
    assert phases[-1]["end_month"] == months
    assert phases[-1]["pieces_so_far"] == planned
    for before, after in pairwise(phases):
        assert after["start_month"] == before["end_month"] + 1
    for phase in phases:
        assert sum(phase["formats"].values()) == phase["pieces"]
        assert all(phase["start_month"] <= entry["month"] <= phase["end_month"] for entry in phase["milestones"])
    lines = foundation["budget"]["lines"]
    if given_.brief.get("content_budget", {}).get("amount"):
        assert sum(line["share"] for line in lines) == 100
        amounts = sum(Decimal(str(line["amount"])) for line in lines)
        assert amounts == Decimal(str(given_.brief["content_budget"]["amount"]))
    for figure in all_figures(foundation):
        figures.Figure.model_validate({key: figure[key] for key in figures.Figure.model_fields})
        if figure["low"] is not None:
            assert figure["low"] <= figure["value"] <= figure["high"]
    assert json.loads(json.dumps(foundation, allow_nan=False)) == foundation


@settings(max_examples=40)
@given(asked=arbitrary.requests(), more=st.integers(1, 50), people=st.integers(1, 50))
def test_more_money_or_people_never_make_fewer_pieces(asked: dict[str, Any], more: int, people: int) -> None:
    given_ = canonical.material(asked)
    richer = dict(given_.brief) | {"content_budget": {"amount": 1000 * more, "currency": "EUR"}}
    larger = dict(given_.brief) | {"team_size": given_.brief.get("team_size", 0) + people}

    def plan(brief: dict[str, Any]) -> int:
        computed = arithmetic.found(
            brief, timeline_months=given_.timeline_months, max_content_pieces=given_.max_content_pieces
        )
        return int(computed["cadence"]["planned"]["value"])

    assert plan(richer) >= given_.foundation["cadence"]["planned"]["value"]
    if "team_size" in given_.brief:
        assert plan(larger) >= given_.foundation["cadence"]["planned"]["value"]


def test_the_same_brief_gives_the_same_foundation() -> None:
    assert found(canonical.request("full")) == found(canonical.request("full"))
