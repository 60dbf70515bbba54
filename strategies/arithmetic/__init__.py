"""The groundwork by computation: what is computed here is never guessed by whoever writes the words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import (
    assortment,
    budget,
    cadence,
    capacity,
    drivers,
    effort,
    forecast,
    funnel,
    growth,
    measures,
    phases,
    returns,
)
from strategies.arithmetic.measures import Kind, Measure


def found(brief: Mapping[str, Any], *, timeline_months: int, max_content_pieces: int) -> dict[str, Any]:
    """Compute all that follows from a canonical brief, as JSON: the same brief gives the same foundation."""
    rhythm = cadence.settle(brief, timeline_months=timeline_months, max_content_pieces=max_content_pieces)
    planned = rhythm["planned"]["value"]
    formats = assortment.mix(brief, planned)
    hours = capacity.measure(brief, formats, timeline_months=timeline_months)
    money = budget.divide(brief, formats, planned=planned, timeline_months=timeline_months)
    measure = measures.measure(brief)
    return {
        "timeline_months": timeline_months,
        "cadence": rhythm,
        "formats": formats,
        "fit": assortment.compare(brief, formats),
        "funnel": funnel.sort(formats),
        "capacity": hours,
        "budget": money,
        "metric": describe(measure),
        "baselines": drivers.list_baselines(brief),
        "derived": drivers.follow(brief),
        "growth": growth.find(measure, brief, timeline_months=timeline_months),
        "metrics": forecast.predict(measure, brief, timeline_months=timeline_months),
        "roi": returns.weigh_return(measure, brief, money, timeline_months=timeline_months),
        "phases": phases.lay_out(
            timeline_months,
            rhythm["by_month"],
            cadence.queue(formats, rhythm["by_month"], hours=effort.monthly_hours(brief)),
        ),
        "kpi_tree": drivers.grow_tree(brief, measure, rhythm),
        "assumptions": list_assumptions(brief, measure, hours),
    }


def describe(measure: Measure) -> dict[str, Any]:
    """Return how the primary metric was understood."""
    return {
        "name": measure.name,
        "kind": str(measure.kind),
        "period": measure.period.name,
        "period_named": measure.period.named,
        "rate": measure.rate,
        "baseline": measure.baseline,
    }


def list_assumptions(brief: Mapping[str, Any], measure: Measure, hours: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return in sentences what the figures take for granted, with the fields each one touches."""
    told: list[dict[str, Any]] = []

    def tell(text: str, *fields: str) -> None:
        told.append({"text": text, "fields": [field for field in fields if field in brief]})

    if measure.kind in (Kind.CONVERSIONS, Kind.VISITS) and not measure.period.named:
        counted = _("“{own}” names no period, so it is counted by the month.")
        tell(counted.format(own=measure.name), "target_metrics")
    if measure.rate:
        taken = _(
            "“{own}” is what your {rate} counts: visits × that rate is where it stands today. "
            "If it counts something else, correct the rate."
        )
        field = measure.rate.partition(".")[0]
        tell(taken.format(own=measure.name, rate=measures.name_rate(measure.rate)), "target_metrics", field)
    if measure.baseline["value"] is not None and measure.target is not None:
        tell(
            _(
                "The forecast is the way your target asks for, not a promise: a steady monthly rate from today to the "
                "target in the last month. Its range is a planning assumption: from half that growth to a quarter more."
            ),
            "target_metrics",
            "performance_metrics",
        )
    if "conversion_rates" in brief and "performance_metrics" in brief:
        stay = _("Your conversion rates stay as they are while visits change.")
        tell(stay, "conversion_rates", "performance_metrics")
    if hours["hours_per_month"]["value"] is not None:
        half = _(
            "Half of each person's month goes to content, a quarter of that to planning and measuring, which leaves "
            "{hours} hours a month for making pieces. Your time sheets know better."
        )
        tell(half.format(hours=hours["hours_per_month"]["value"]), "team_size")
    tell(
        _("Hours a piece and which stage a format serves are planning assumptions, listed with the groundwork."),
        "preferred_formats",
        "content_mix",
    )
    if brief.get("content_budget") and brief["content_budget"]["amount"]:
        if not brief["content_budget"].get("currency"):
            tell(_("Your budget names no currency, so its amounts stand without one."), "content_budget")
        tell(
            _("The shares of the budget are a proposal; their sum is your budget to the last unit."),
            "content_budget",
        )
    return told
