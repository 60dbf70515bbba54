"""The way from today's figures to the user's own targets; nothing where one end is missing."""

import math
from collections.abc import Mapping
from typing import Any

from strategies.arithmetic import figures, measures
from strategies.arithmetic.measures import Kind, Measure

MONTHS = (3, 6, 12)
# Planning assumption: the range of a forecast is half the growth that the target asks for, to a quarter more.
SLOW, FAST = 0.5, 1.25

RATE_NAMES: Mapping[str, str] = {
    "email_signup": "E-mail sign-ups",
    "lead_generation": "Leads",
    "content_download": "Downloads",
    "purchase": "Purchases",
    "newsletter_subscription": "Newsletter subscriptions",
}


def grow(
    start: figures.Number, end: figures.Number, *, share: float, falling: bool = False
) -> tuple[float, float, float] | None:
    """
    Return where a steady monthly rate from start to end stands after this share of the time, with low and high.

    From nothing there is no rate, so the way is even steps. Nothing where the end is no progress.
    """
    if (end > start) == falling or end == start:
        return None
    if start <= 0 or end <= 0:
        points = [start + (end - start) * share * speed for speed in (1, SLOW, FAST)]
    else:
        # In logarithms, since a quotient of two extreme figures would overflow.
        climb = math.log(end) - math.log(start)
        logs = [math.log(start) + climb * share * speed for speed in (1, SLOW, FAST)]
        if max(logs) > 600:
            return None
        points = [math.exp(point) for point in logs]
    value, low, high = (max(0.0, point) for point in points)
    return value, min(low, high), max(low, high)


def hold(figure: dict[str, Any], start: figures.Number, end: figures.Number) -> dict[str, Any]:
    """Let rounding put no figure before the start of its way, or past the end."""
    value = min(max(figure["value"], min(start, end)), max(start, end))
    low, high = min(figure["low"], value), max(figure["high"], value)
    low, high = (max(low, start), high) if end > start else (low, min(high, start))
    return figure | {"value": value, "low": low, "high": high}


def trace(
    measure: Measure,
    *,
    name: str,
    unit: str,
    baseline: dict[str, Any],
    target: figures.Number | None,
    timeline_months: int,
    formula: str,
    aim: str = "a target value (target metrics)",
) -> dict[str, Any]:
    """Return a metric's row: where it stands, and month 3, 6 and 12 on the way to a target at the timeline's end."""
    start = baseline["value"]
    row: dict[str, Any] = {"name": name, "baseline": baseline}
    for month in MONTHS:
        points = None
        if start is not None and target is not None and month <= timeline_months:
            falling = measure.kind in measures.FALLING and name == measure.name
            points = grow(start, target, share=month / timeline_months, falling=falling)
        if points and start is not None and target is not None:
            figure = figures.computed(points[0], unit, formula, low=points[1], high=points[2])
            row[f"month_{month}"] = hold(figure, start, target)
        else:
            lacking = explain_gap(baseline, target, month=month, timeline_months=timeline_months, aim=aim)
            row[f"month_{month}"] = figures.missing(unit, lacking)
    return row


def explain_gap(
    baseline: Mapping[str, Any], target: figures.Number | None, *, month: int, timeline_months: int, aim: str
) -> str:
    """Say what a forecast lacks: its start, its end, or the months."""
    if baseline["value"] is None:
        return str(baseline["basis"]).removeprefix(figures.MISSING)
    if target is None:
        return aim
    if month > timeline_months:
        return "months to the timeline, which ends before this one"
    return "a target that goes beyond where it stands today"


def find_growth(measure: Measure, brief: Mapping[str, Any], *, timeline_months: int) -> dict[str, Any]:
    """Return what the target asks for: growth a month, and the visits or the rate that would bring it."""
    start, end = measure.baseline["value"], measure.target
    target = (
        figures.yours(end, measure.unit)
        if end is not None
        else figures.missing(measure.unit, "a target value (target metrics)")
    )
    aim = "a target value (target metrics)"
    lacking = explain_gap(measure.baseline, end, month=0, timeline_months=timeline_months, aim=aim)
    falling = measure.kind in measures.FALLING
    reachable = start is not None and end is not None and bool(grow(start, end, share=1, falling=falling))
    growth: dict[str, Any] = {"target": target, "reachable": reachable}
    if start is None or end is None or not reachable or start <= 0:
        if reachable:
            lacking = "a start above nothing: from none there is no rate of growth"
        growth |= {key: figures.missing("", lacking) for key in ("per_month", "factor", "visits_needed", "rate_needed")}
        return growth
    factor = end / start
    formula = "the monthly rate that leads from your baseline to your target by the end of the timeline"
    growth["per_month"] = figures.computed(100 * (factor ** (1 / timeline_months) - 1), "% a month", formula)
    growth["factor"] = figures.computed(factor, "times", "your target ÷ your baseline")
    growth |= find_levers(measure, brief, factor=factor)
    return growth


def find_levers(measure: Measure, brief: Mapping[str, Any], *, factor: float) -> dict[str, Any]:
    """Return the visits that bring the target at today's rate, and the rate that brings it with today's visits."""
    if measure.kind is not Kind.CONVERSIONS:
        lacking = "a target that counts conversions: only those follow from visits and a rate"
        return {"visits_needed": figures.missing("", lacking), "rate_needed": figures.missing("%", lacking)}
    traffic = measures.look_up(brief, "performance_metrics.traffic") or 0
    percent = measures.look_up(brief, measure.rate) or 0
    return {
        "visits_needed": figures.computed(traffic * factor, "visits a month", "your target ÷ your rate"),
        "rate_needed": figures.computed(percent * factor, "%", "your target ÷ your traffic"),
    }


def predict(measure: Measure, brief: Mapping[str, Any], *, timeline_months: int) -> list[dict[str, Any]]:
    """Return the rows of the forecast: the primary metric, what drives it, what follows, what was asked for beside."""
    steady = (
        "from your baseline to your target by a steady monthly rate; the range is half that growth to a quarter more"
    )
    rows = [
        trace(
            measure,
            name=measure.name,
            unit=measure.unit,
            baseline=measure.baseline,
            target=measure.target,
            timeline_months=timeline_months,
            formula=steady,
        )
    ]
    traffic = trace_traffic(measure, brief, timeline_months=timeline_months)
    if measure.kind is not Kind.VISITS:
        rows.append(traffic)
    for key, name in RATE_NAMES.items():
        percent = measures.look_up(brief, f"conversion_rates.{key}")
        if percent is not None and measure.rate != f"conversion_rates.{key}":
            rows.append(derive(name, traffic, percent=percent))
    rows += trace_rates(measure, brief, timeline_months=timeline_months)
    return rows + list_unmeasured(brief, rows, rate=measure.rate)


def trace_traffic(measure: Measure, brief: Mapping[str, Any], *, timeline_months: int) -> dict[str, Any]:
    """Return the row of visits: what the primary metric's way needs of them while its rate stays as it is."""
    value = measures.look_up(brief, "performance_metrics.traffic")
    unit = "visits a month"
    baseline = figures.missing(unit, measures.ADD_TRAFFIC) if value is None else figures.yours(value, unit)
    target: float | None = None
    aim = "a primary metric of visits or conversions: from no other follows how many visits it needs"
    start = measure.baseline["value"]
    if measure.kind in (Kind.CONVERSIONS, Kind.VISITS):
        aim = explain_gap(
            measure.baseline, measure.target, month=0, timeline_months=0, aim="a target value (target metrics)"
        )
        if value and start and measure.target:
            target = value * measure.target / start
    formula = "the visits that the primary metric's way needs while your conversion rate stays as it is"
    return trace(
        measure,
        name="Website traffic",
        unit=unit,
        baseline=baseline,
        target=target,
        timeline_months=timeline_months,
        formula=formula,
        aim=aim,
    )


def derive(name: str, traffic: Mapping[str, Any], *, percent: figures.Number) -> dict[str, Any]:
    """Return what follows from the visits' row at one of the user's conversion rates."""
    row: dict[str, Any] = {"name": name}
    for column in ("baseline", *(f"month_{month}" for month in MONTHS)):
        visits = traffic[column]
        if visits["value"] is None:
            row[column] = figures.missing("a month", str(visits["basis"]).removeprefix(figures.MISSING))
            continue
        value, low, high = (scale(visits[key], percent) for key in ("value", "low", "high"))
        formula = "visits × your rate, which stays as it is"
        row[column] = figures.computed(value or 0, "a month", formula, low=low, high=high)
    return row


def scale(value: figures.Number | None, percent: figures.Number) -> float | None:
    """Return so many percent of a value, where there is one."""
    return None if value is None else value * percent / 100


def trace_rates(measure: Measure, brief: Mapping[str, Any], *, timeline_months: int) -> list[dict[str, Any]]:
    """Return the rows of rates that the user states or asked for, each with its own target where there is one."""
    wanted = (brief["target_metrics"].get("secondary_metrics")) or []
    threshold = measures.look_up(brief, "quality_metrics.engagement_threshold")
    rows = []
    primary = "a target for it, as primary metric: no field beside holds one"
    floor = "an engagement threshold above it (quality metrics)"
    for kind, field, title, target, aim in (
        (Kind.CONVERSION_RATE, "performance_metrics", "Conversion rate", None, primary),
        (Kind.ENGAGEMENT_RATE, "engagement_metrics", "Engagement rate", threshold, floor),
    ):
        known = measures.look_up(brief, f"{field}.{kind}") is not None
        if measure.kind is not kind and (known or title in wanted or target is not None):
            baseline = measures.stated(brief, f"{field}.{kind}", field.replace("_", " "))
            formula = "from today's rate to your engagement threshold; the range is half that growth to a quarter more"
            rows.append(
                trace(
                    measure,
                    name=title,
                    unit="%",
                    baseline=baseline,
                    target=target,
                    timeline_months=timeline_months,
                    formula=formula,
                    aim=aim,
                )
            )
    return rows


def list_unmeasured(brief: Mapping[str, Any], rows: list[dict[str, Any]], *, rate: str) -> list[dict[str, Any]]:
    """Return a row for each secondary metric that no other row speaks of, saying what it lacks."""
    covered = {"Lead generation": "Leads"}
    names = {row["name"] for row in rows} | ({"Leads"} if rate == "conversion_rates.lead_generation" else set())
    lacking = {
        "Lead generation": "your lead generation rate (conversion rates) and your monthly traffic",
        "Brand awareness": "a count of it, such as searches for your name, to your monthly records",
        "Customer retention": "a count of returning customers to your monthly records",
        "Revenue": "the revenue that one conversion brings to your records: no field holds it",
        "ROI": "the revenue that one conversion brings to your records: no field holds it",
    }
    unmeasured = []
    for name in brief["target_metrics"].get("secondary_metrics") or []:
        if name in lacking and covered.get(name, name) not in names:
            figure = figures.missing("", lacking[name])
            unmeasured.append({"name": name, "baseline": figure} | {f"month_{month}": figure for month in MONTHS})
    return unmeasured
