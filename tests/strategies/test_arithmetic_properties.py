"""What holds for whatever brief: sums, capacity, the forecast's way, the return, and that more never gives less."""

from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from strategies import arithmetic
from strategies.arithmetic import assortment, cadence, effort, figures
from strategies.engines import Material

from . import arbitrary, canonical

TRAFFIC = st.integers(1, 5_000_000)
RATE = st.decimals("0.01", 100, places=2).map(float)
GROWTH = st.integers(1, 1_000_000)
MONTHS = st.integers(1, 36)


def compute(given_: Material, **changes: Any) -> dict[str, Any]:
    """Return the foundation of a brief with answers changed."""
    return arithmetic.found(
        dict(given_.brief) | changes,
        timeline_months=given_.timeline_months,
        max_content_pieces=given_.max_content_pieces,
    )


def forecast(
    *, traffic: int, rate: float, target: int, months: int, metric: str = "Orders per month"
) -> dict[str, Any]:
    """Return the foundation of a brief whose primary metric has a start and an end."""
    asked = canonical.request("shortest") | {"timeline_months": months}
    asked["brief"] |= {
        "target_metrics": {"primary_metric": metric, "target_value": target},
        "performance_metrics": {"traffic": traffic, "conversion_rate": rate, "bounce_rate": rate},
    }
    return dict(canonical.material(asked).foundation)


def returns(*, revenue: int, budget: int, months: int) -> dict[str, Any]:
    """Return the return of a brief whose target is revenue."""
    asked = canonical.request("shortest") | {"timeline_months": months}
    asked["brief"] |= {
        "target_metrics": {"primary_metric": "Revenue per month", "target_value": revenue},
        "content_budget": {"amount": budget, "currency": "EUR"},
    }
    roi: dict[str, Any] = canonical.material(asked).foundation["roi"]
    return roi


def tight() -> dict[str, Any]:
    """Return a request for which one person's hours only just suffice, with one format that takes most of them."""
    asked = canonical.request("shortest")
    asked["brief"] |= {
        "preferred_formats": ["Whitepapers", "Social Media Posts"],
        "content_frequency": "Daily",
        "team_size": 1,
    }
    return asked


@settings(max_examples=80)
@given(asked=arbitrary.requests())
@example(asked=tight())
def test_no_month_asks_for_more_hours_than_there_were_until_then(asked: dict[str, Any]) -> None:
    given_ = canonical.material(asked)
    foundation, by_month = given_.foundation, given_.foundation["cadence"]["by_month"]
    there = foundation["capacity"]["hours_per_month"]["value"]
    assume(there is not None)

    queue = cadence.queue(foundation["formats"], by_month, hours=effort.monthly_hours(given_.brief))
    hours = [sum(map(effort.hours_of, queue[:until])) for until in accumulate(by_month)]

    assert all(needed <= there * month for month, needed in enumerate(hours, 1))
    spent = list(accumulate(phase["hours"]["value"] for phase in foundation["phases"]))
    ends = [phase["end_month"] for phase in foundation["phases"]]
    assert all(needed <= there * end for needed, end in zip(spent, ends, strict=True))


@settings(max_examples=60)
@given(asked=arbitrary.requests())
def test_each_format_has_its_share_of_the_pieces_to_one_piece(asked: dict[str, Any]) -> None:
    given_ = canonical.material(asked)
    shares, planned = assortment.weigh(given_.brief), given_.foundation["cadence"]["planned"]["value"]

    assert sum(shares.values()) == 1
    for entry in given_.foundation["formats"]:
        assert abs(entry["pieces"] - shares[entry["format"]] * planned) < 1


@settings(max_examples=60)
@given(asked=arbitrary.requests(), budget=st.integers(1, 900_000), more=st.integers(0, 100_000))
def test_more_budget_never_gives_less(asked: dict[str, Any], budget: int, more: int) -> None:
    given_ = canonical.material(asked)
    before, after = (
        compute(given_, content_budget={"amount": amount, "currency": "EUR"}) for amount in (budget, budget + more)
    )

    assert after["cadence"]["planned"] == before["cadence"]["planned"]
    assert after["budget"]["total"]["value"] >= before["budget"]["total"]["value"]
    assert after["budget"]["per_piece"]["value"] >= before["budget"]["per_piece"]["value"]
    for less, greater in zip(before["budget"]["lines"], after["budget"]["lines"], strict=True):
        assert less["share"] == greater["share"]
        # Each line is its share to within one unit, so that all of them add up: rounding alone may take one back.
        assert greater["amount"] >= less["amount"] - 1


@settings(max_examples=60)
@given(asked=arbitrary.requests(), amount=st.decimals("0.01", 1_000_000, places=2).map(float))
def test_the_budgets_lines_add_up_to_it_and_are_their_shares_of_it(asked: dict[str, Any], amount: float) -> None:
    lines = compute(canonical.material(asked), content_budget={"amount": amount, "currency": ""})["budget"]["lines"]

    assert sum(Decimal(str(line["amount"])) for line in lines) == Decimal(str(amount))
    assert sum(line["share"] for line in lines) == 100
    assert all(abs(line["amount"] - amount * line["share"] / 100) <= 1 for line in lines)
    assert all(line["share"] >= 1 and line["amount"] >= 0 for line in lines)


@settings(max_examples=100)
@given(traffic=TRAFFIC, rate=RATE, growth=GROWTH, months=MONTHS)
def test_the_forecast_is_the_way_from_the_baseline_to_the_target(
    traffic: int, rate: float, growth: int, months: int
) -> None:
    target = int(traffic * rate / 100) + 1 + growth
    foundation = forecast(traffic=traffic, rate=rate, target=target, months=months)
    row = foundation["metrics"][0]
    start = row["baseline"]["value"]
    points = [(month, row[f"month_{month}"]) for month in (3, 6, 12) if month <= months]

    assert start == figures.tidy(traffic * rate / 100)
    for month, figure in points:
        assert figure["value"] == figures.tidy(start * (target / start) ** (month / months))
        assert start <= figure["low"] <= figure["value"] <= figure["high"]
        assert figure["value"] <= target
    assert all(before[1]["value"] <= after[1]["value"] for before, after in pairwise(points))
    assert all(figure["value"] == target for month, figure in points if month == months)
    assert all(row[f"month_{month}"]["value"] is None for month in (3, 6, 12) if month > months)


@settings(max_examples=60)
@given(target=st.integers(1, 90), drop=st.decimals("0.01", "9.99", places=2), months=MONTHS)
def test_a_rate_that_should_fall_never_rises_on_its_way(target: int, drop: Decimal, months: int) -> None:
    rate = float(target + drop)

    row = forecast(traffic=1000, rate=rate, target=target, months=months, metric="Bounce rate")["metrics"][0]

    values = [row["baseline"]["value"], *(row[f"month_{m}"]["value"] for m in (3, 6, 12) if m <= months)]
    assert values == sorted(values, reverse=True)
    assert all(target <= value <= rate for value in values)


@settings(max_examples=60)
@given(traffic=TRAFFIC, more=st.integers(0, 1_000_000), rate=RATE, growth=GROWTH, months=MONTHS)
def test_more_visits_never_make_a_lower_start_nor_a_steeper_way(
    traffic: int, more: int, rate: float, growth: int, months: int
) -> None:
    target = int((traffic + more) * rate / 100) + 1 + growth

    before, after = (
        forecast(traffic=visits, rate=rate, target=target, months=months) for visits in (traffic, traffic + more)
    )

    assert after["metric"]["baseline"]["value"] >= before["metric"]["baseline"]["value"]
    steeps = [each["growth"]["per_month"]["value"] for each in (before, after)]
    assume(None not in steeps)
    assert steeps[1] <= steeps[0]


@settings(max_examples=80)
@given(revenue=st.integers(1, 10**7), more=st.integers(0, 10**6), budget=st.integers(1, 10**6), months=MONTHS)
def test_the_return_follows_from_revenue_and_budget(revenue: int, more: int, budget: int, months: int) -> None:
    roi, richer = (returns(revenue=earned, budget=budget, months=months) for earned in (revenue, revenue + more))

    assert roi["value"] == figures.tidy(100 * (revenue - budget) / budget)
    assert (roi["value"] < 0) == (revenue < budget) or roi["value"] == 0
    assert richer["value"] >= roi["value"]
    if roi["payback_months"] is None:
        assert 2 * months * budget / revenue > months
    else:
        assert roi["payback_months"] == figures.tidy(2 * months * budget / revenue) <= months
        assert richer["payback_months"] <= roi["payback_months"]
