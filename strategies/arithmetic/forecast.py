"""The way from today's figures to the user's own targets; nothing where one end is missing."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import figures, growth, measures
from strategies.arithmetic.measures import Kind, Measure

MONTHS = (3, 6, 12)

RATE_NAMES: Mapping[str, str] = {
    "email_signup": _("E-mail sign-ups"),
    "lead_generation": _("Leads"),
    "content_download": _("Downloads"),
    "purchase": _("Purchases"),
    "newsletter_subscription": _("Newsletter subscriptions"),
}


def trace(
    measure: Measure,
    *,
    name: str,
    unit: str,
    baseline: dict[str, Any],
    target: figures.Number | None,
    timeline_months: int,
    formula: str,
    aim: str = growth.AIM,
) -> dict[str, Any]:
    """Return a metric's row: where it stands, and month 3, 6 and 12 on the way to a target at the timeline's end."""
    start = baseline["value"]
    row: dict[str, Any] = {"name": name, "baseline": baseline}
    for month in MONTHS:
        points = None
        if start is not None and target is not None and month <= timeline_months:
            falling = measure.kind in measures.FALLING and name == measure.name
            points = growth.grow(start, target, share=month / timeline_months, falling=falling)
        if points and start is not None and target is not None:
            figure = figures.computed(points[0], unit, formula, low=points[1], high=points[2])
            row[f"month_{month}"] = growth.hold(figure, start, target)
        else:
            lacking = growth.explain_gap(baseline, target, month=month, timeline_months=timeline_months, aim=aim)
            row[f"month_{month}"] = figures.missing(unit, lacking)
    return row


def predict(measure: Measure, brief: Mapping[str, Any], *, timeline_months: int) -> list[dict[str, Any]]:
    """Return the rows of the forecast: the primary metric, what drives it, what follows, what was asked for beside."""
    steady = _(
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
    unit = _("visits a month")
    baseline = figures.missing(unit, measures.ADD_TRAFFIC) if value is None else figures.yours(value, unit)
    target: float | None = None
    aim = _("a primary metric of visits or conversions: from no other follows how many visits it needs")
    start = measure.baseline["value"]
    if measure.kind in (Kind.CONVERSIONS, Kind.VISITS):
        aim = growth.explain_gap(measure.baseline, measure.target, month=0, timeline_months=0, aim=growth.AIM)
        if value and start and measure.target:
            target = figures.tidy(value * measure.target / start)
    formula = _("the visits that the primary metric's way needs while your conversion rate stays as it is")
    return trace(
        measure,
        name=_("Website traffic"),
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
        formula = _("visits × your rate, which stays as it is")
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
    primary = _("a target for it, as primary metric: no field beside holds one")
    floor = _("an engagement threshold above it (quality metrics)")
    for kind, field, title, target, aim in (
        (Kind.CONVERSION_RATE, "performance_metrics", _("Conversion rate"), None, primary),
        (Kind.ENGAGEMENT_RATE, "engagement_metrics", _("Engagement rate"), threshold, floor),
    ):
        known = measures.look_up(brief, f"{field}.{kind}") is not None
        if measure.kind is not kind and (known or title in wanted or target is not None):
            baseline = measures.stated(brief, f"{field}.{kind}")
            formula = _(
                "from today's rate to your engagement threshold; the range is half that growth to a quarter more"
            )
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
        "Lead generation": " and ".join((_("your lead generation rate (conversion rates)"), measures.ADD_TRAFFIC)),
        "Brand awareness": _("a count of it, such as searches for your name, to your monthly records"),
        "Customer retention": _("a count of returning customers to your monthly records"),
        "Revenue": _("the revenue that one conversion brings to your records: no field holds it"),
        "ROI": _("the revenue that one conversion brings to your records: no field holds it"),
    }
    unmeasured = []
    for name in brief["target_metrics"].get("secondary_metrics") or []:
        if name in lacking and covered.get(name, name) not in names:
            figure = figures.missing("", lacking[name])
            unmeasured.append({"name": name, "baseline": figure} | {f"month_{month}": figure for month in MONTHS})
    return unmeasured
