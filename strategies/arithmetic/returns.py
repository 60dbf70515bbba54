"""What the money brings: a return where revenue is the target, else what a result costs and would have to be worth."""

from collections.abc import Mapping
from typing import Any

from strategies.arithmetic import budget, figures, measures
from strategies.arithmetic.measures import Kind, Measure

# What one unit of a return is earned by, and where its rate stands.
RETURNS: Mapping[str, tuple[str, str]] = {
    "traffic_roi": ("visit", ""),
    "lead_roi": ("lead", "conversion_rates.lead_generation"),
    "engagement_roi": ("engaged visit", "engagement_metrics.engagement_rate"),
}
ADD_BUDGET = "a monthly content budget above nothing"
ADD_REVENUE = "a primary metric of revenue with its target: no field says yet what one conversion earns"
PERIODS: Mapping[str, tuple[int, str]] = {
    "Monthly": (1, "a month"),
    "Quarterly": (3, "a quarter"),
    "Semi-annually": (6, "a half-year"),
    "Annually": (12, "a year"),
}


def weigh_return(
    measure: Measure, brief: Mapping[str, Any], money: Mapping[str, Any], *, timeline_months: int
) -> dict[str, Any]:
    """Return the return on the budget where revenue is the target; else what to add, and what the return hangs on."""
    monthly = money["monthly"]["value"]
    needs = list_needs(measure, brief, monthly=monthly)
    revenue = (measure.target or 0) * measure.period.per_month if measure.kind is Kind.REVENUE else 0
    if not monthly or revenue <= 0:
        lacking = ADD_REVENUE if monthly else ADD_BUDGET
        payback = {"payback_months": None, "payback_basis": figures.MISSING + lacking}
        return figures.missing("%", lacking) | payback | {"needs": needs}
    formula = "(your revenue target − your budget) ÷ your budget in the month that reaches it; all revenue counted"
    roi = figures.computed(100 * (revenue - monthly) / monthly, "%", formula)
    return roi | find_payback(2 * timeline_months * monthly / revenue, timeline_months) | {"needs": needs}


def find_payback(months: float, timeline_months: int) -> dict[str, Any]:
    """Return when revenue that grows evenly from nothing has paid for the budget spent until then."""
    if months > timeline_months:
        lacking = "revenue or months: on this way the money is not back within the timeline"
        return {"payback_months": None, "payback_basis": figures.MISSING + lacking}
    formula = "months until revenue that grows evenly from nothing to your target has paid for the budget"
    return {"payback_months": figures.tidy(months), "payback_basis": figures.COMPUTED + formula}


def list_needs(measure: Measure, brief: Mapping[str, Any], *, monthly: figures.Number | None) -> list[dict[str, Any]]:
    """Return what has to be true for the money to come back: costs of a result, and worths that meet the targets."""
    if not monthly:
        return []
    each = budget.unit_of(brief["content_budget"], per="each")
    needs = []
    if measure.kind is Kind.CONVERSIONS:
        results = (measure.baseline["value"] or 0) * measure.period.per_month
        if results:
            cost = figures.priced(monthly / results, each, "your monthly budget ÷ results a month today")
            needs.append({"key": "cost_today", "name": f"Cost of one result today: {measure.name}", "figure": cost})
        if measure.target and measure.target > 0:
            goal = measure.target * measure.period.per_month
            cost = figures.priced(monthly / goal, each, "your monthly budget ÷ results a month at your target")
            needs.append(
                {"key": "cost_at_target", "name": f"Cost of one result at your target: {measure.name}", "figure": cost}
            )
    return (
        needs
        + [need for key in RETURNS if (need := find_worth(brief, key, monthly=monthly, unit=each))]
        + (find_revenue(brief, monthly=monthly))
    )


def find_worth(brief: Mapping[str, Any], key: str, *, monthly: figures.Number, unit: str) -> dict[str, Any] | None:
    """Return what one visit, lead or engaged visit has to be worth for one of the user's return targets."""
    percent = measures.look_up(brief, f"content_roi_targets.{key}")
    if percent is None:
        return None
    noun, rate = RETURNS[key]
    name = f"Worth of one {noun} that meets your {key.replace('_roi', '')} return target"
    traffic = measures.look_up(brief, "performance_metrics.traffic")
    share = 100 if not rate else measures.look_up(brief, rate)
    if share is None and key == "lead_roi":
        share = measures.look_up(brief, "performance_metrics.conversion_rate")
    if not traffic or not share:
        lacking = measures.ADD_TRAFFIC if not traffic else f"your {rate.partition('.')[2].replace('_', ' ')} rate"
        return {"key": key, "name": name, "figure": figures.missing(unit, lacking)}
    worth = monthly * (1 + percent / 100) / (traffic * share / 100)
    formula = f"your monthly budget × (1 + your return target) ÷ {noun}s a month today"
    return {"key": key, "name": name, "figure": figures.priced(worth, unit, formula)}


def find_revenue(brief: Mapping[str, Any], *, monthly: figures.Number) -> list[dict[str, Any]]:
    """Return the revenue of one measurement period that meets the user's revenue return target."""
    percent = measures.look_up(brief, "content_roi_targets.revenue_roi")
    if percent is None:
        return []
    months, per = PERIODS[brief["content_roi_targets"].get("measurement_period", "Monthly")]
    unit = budget.unit_of(brief["content_budget"], per=per)
    formula = "your budget in one measurement period × (1 + your revenue return target)"
    worth = figures.priced(monthly * months * (1 + percent / 100), unit, formula)
    return [{"key": "revenue_roi", "name": "Revenue that meets your revenue return target", "figure": worth}]
