"""What the money brings: a return where revenue is the target, else what a result costs and would have to be worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import budget, figures, measures
from strategies.arithmetic.measures import Kind, Measure


@dataclass(frozen=True, kw_only=True)
class Return:
    """
    What one unit of a return is earned by: what its worth is called, and how it is computed.

    ``rate`` is where its rate stands, ``lacking`` what to add where it does not.
    """

    name: str
    formula: str
    rate: str = ""
    lacking: str = ""


RETURNS: Mapping[str, Return] = {
    "traffic_roi": Return(
        name=_("Worth of one visit that meets your traffic return target"),
        formula=_("your monthly budget × (1 + your return target) ÷ visits a month today"),
    ),
    "lead_roi": Return(
        name=_("Worth of one lead that meets your lead return target"),
        formula=_("your monthly budget × (1 + your return target) ÷ leads a month today"),
        rate="conversion_rates.lead_generation",
        lacking=_("your lead generation rate"),
    ),
    "engagement_roi": Return(
        name=_("Worth of one engaged visit that meets your engagement return target"),
        formula=_("your monthly budget × (1 + your return target) ÷ engaged visits a month today"),
        rate="engagement_metrics.engagement_rate",
        lacking=_("your engagement rate"),
    ),
}
ADD_BUDGET = _("a monthly content budget above nothing")
ADD_REVENUE = _("a primary metric of revenue with its target: no field says yet what one conversion earns")
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
    formula = _("(your revenue target − your budget) ÷ your budget in the month that reaches it; all revenue counted")
    roi = figures.computed(100 * (revenue - monthly) / monthly, "%", formula)
    return roi | find_payback(2 * timeline_months * monthly / revenue, timeline_months) | {"needs": needs}


def find_payback(months: float, timeline_months: int) -> dict[str, Any]:
    """Return when revenue that grows evenly from nothing has paid for the budget spent until then."""
    if months > timeline_months:
        lacking = _("revenue or months: on this way the money is not back within the timeline")
        return {"payback_months": None, "payback_basis": figures.MISSING + lacking}
    formula = _("months until revenue that grows evenly from nothing to your target has paid for the budget")
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
            cost = figures.priced(monthly / results, each, _("your monthly budget ÷ results a month today"))
            named = _("Cost of one result today: {own}").format(own=measure.name)
            needs.append({"key": "cost_today", "name": named, "figure": cost})
        if measure.target and measure.target > 0:
            goal = measure.target * measure.period.per_month
            cost = figures.priced(monthly / goal, each, _("your monthly budget ÷ results a month at your target"))
            named = _("Cost of one result at your target: {own}").format(own=measure.name)
            needs.append({"key": "cost_at_target", "name": named, "figure": cost})
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
    told = RETURNS[key]
    traffic = measures.look_up(brief, "performance_metrics.traffic")
    share = measures.look_up(brief, told.rate) if told.rate else 100
    if share is None and key == "lead_roi":
        share = measures.look_up(brief, "performance_metrics.conversion_rate")
    if not traffic or not share:
        lacking = told.lacking if traffic else measures.ADD_TRAFFIC
        return {"key": key, "name": told.name, "figure": figures.missing(unit, lacking)}
    worth = monthly * (1 + percent / 100) / (traffic * share / 100)
    return {"key": key, "name": told.name, "figure": figures.priced(worth, unit, told.formula)}


def find_revenue(brief: Mapping[str, Any], *, monthly: figures.Number) -> list[dict[str, Any]]:
    """Return the revenue of one measurement period that meets the user's revenue return target."""
    percent = measures.look_up(brief, "content_roi_targets.revenue_roi")
    if percent is None:
        return []
    months, per = PERIODS[brief["content_roi_targets"].get("measurement_period", "Monthly")]
    unit = budget.unit_of(brief["content_budget"], per=per)
    formula = _("your budget in one measurement period × (1 + your revenue return target)")
    worth = figures.priced(monthly * months * (1 + percent / 100), unit, formula)
    return [{"key": "revenue_roi", "name": _("Revenue that meets your revenue return target"), "figure": worth}]
