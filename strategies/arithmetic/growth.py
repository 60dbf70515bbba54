"""Growth: a steady way from where a figure stands to the user's own target, and what would bring it."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import figures, measures
from strategies.arithmetic.measures import Kind, Measure

# Planning assumption: the range of a forecast is half the growth that the target asks for, to a quarter more.
SLOW, FAST = 0.5, 1.25

AIM = _("a target value (target metrics)")


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


def explain_gap(
    baseline: Mapping[str, Any], target: figures.Number | None, *, month: int, timeline_months: int, aim: str
) -> str:
    """Say what a forecast lacks: its start, its end, or the months."""
    if baseline["value"] is None:
        return str(baseline["basis"]).removeprefix(figures.MISSING)
    if target is None:
        return aim
    if month > timeline_months:
        return _("months to the timeline, which ends before this one")
    return _("a target that goes beyond where it stands today")


def find(measure: Measure, brief: Mapping[str, Any], *, timeline_months: int) -> dict[str, Any]:
    """Return what the target asks for: growth a month, and the visits or the rate that would bring it."""
    start, end = measure.baseline["value"], measure.target
    target = figures.yours(end, measure.unit) if end is not None else figures.missing(measure.unit, AIM)
    lacking = explain_gap(measure.baseline, end, month=0, timeline_months=timeline_months, aim=AIM)
    falling = measure.kind in measures.FALLING
    reachable = bool(grow(start, end, share=1, falling=falling)) if start is not None and end is not None else None
    growth: dict[str, Any] = {"target": target, "reachable": reachable}
    if start is None or end is None or not reachable or start <= 0:
        if reachable:
            lacking = _("a start above nothing: from none there is no rate of growth")
        growth |= {key: figures.missing("", lacking) for key in ("per_month", "factor", "visits_needed", "rate_needed")}
        return growth
    factor = end / start
    formula = _("the monthly rate that leads from your baseline to your target by the end of the timeline")
    growth["per_month"] = figures.computed(100 * (factor ** (1 / timeline_months) - 1), _("% a month"), formula)
    growth["factor"] = figures.computed(factor, _("times"), _("your target ÷ your baseline"))
    growth |= find_levers(measure, brief, factor=factor)
    return growth


def find_levers(measure: Measure, brief: Mapping[str, Any], *, factor: float) -> dict[str, Any]:
    """Return the visits that bring the target at today's rate, and the rate that brings it with today's visits."""
    if measure.kind is not Kind.CONVERSIONS:
        lacking = _("a target that counts conversions: only those follow from visits and a rate")
        return {"visits_needed": figures.missing("", lacking), "rate_needed": figures.missing("%", lacking)}
    traffic = measures.look_up(brief, "performance_metrics.traffic") or 0
    percent = measures.look_up(brief, measure.rate) or 0
    return {
        "visits_needed": figures.computed(traffic * factor, _("visits a month"), _("your target ÷ your rate")),
        "rate_needed": figures.computed(percent * factor, "%", _("your target ÷ your traffic")),
    }
