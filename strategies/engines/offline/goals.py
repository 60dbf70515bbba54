"""Insights about the goal: how far it is, which lever moves it, what a result may cost."""

from collections.abc import Mapping
from typing import Any

from strategies.arithmetic.figures import number

from . import wording
from .reading import Reading
from .wording import quote


def insight(
    type: str,
    text: str,
    reasoning: str,
    *fields: str,
    affects: str,
    phase: str = "launch",
    priority: str = "Medium",
    impact: str = "Medium",
    confidence: str = "Medium",
) -> dict[str, Any]:
    """Return one insight as the draft has it."""
    return {
        "type": type,
        "insight": text,
        "reasoning": reasoning,
        "priority": priority,
        "impact": impact,
        "affects": affects,
        "phase": phase,
        "confidence": confidence,
        "fields": list(fields),
    }


def tell_way(told: Reading) -> dict[str, Any]:
    """Say how far the target is, or what is lacking to say it."""
    name, target, today = quote(told.metric), told.value("growth.target"), told.value("metric.baseline")
    if target is None:
        return insight(
            "goal",
            f"{name} has no target value: set one before the first piece is planned.",
            f"Without it no plan can be too small or too large for {quote(told.objectives[0])}, and no forecast is "
            "possible.",
            "target_metrics",
            "business_objectives",
            affects=f"every figure about {name}",
            phase="setup",
            priority="High",
            impact="High",
            confidence="High",
        )
    if today is None:
        return miss_start(told, target)
    growth = told.value("growth.per_month") or 0
    if not told.foundation["growth"]["reachable"]:
        return insight(
            "goal",
            f"{name} stands at {number(today)} and its target is {number(target)}: choose a target that is progress.",
            "A plan towards what is already there can only be kept by doing nothing; the forecast stays empty.",
            "target_metrics",
            "performance_metrics",
            affects=f"every figure about {name}",
            phase="setup",
            priority="High",
            impact="High",
            confidence="High",
        )
    change = "grow" if target > today else "fall"
    pace = f"which is {number(abs(growth))} % every month for" if growth else "even steps from nothing, in"
    return insight(
        "goal",
        f"{name} has to {change} from {number(today)} to {number(target)}, {pace} "
        f"{wording.months(told.material.timeline_months)}.",
        wording.join(tell_levers(told), choose_lever(told)) or "Each month below that rate makes the next one steeper.",
        "target_metrics",
        "performance_metrics",
        "conversion_rates",
        "ab_testing_capabilities",
        affects=f"{name}: it decides whether visits or their conversion get the first hours",
        phase="setup",
        priority="High",
        impact="High",
        confidence="High",
    )


def miss_start(told: Reading, target: float) -> dict[str, Any]:
    """Say that the target has no starting point, and how to get one."""
    kind = told.foundation["metric"]["kind"]
    lacking = str(told.foundation["metric"]["baseline"]["basis"]).removeprefix("not estimated: add ")
    brief_holds_it = kind != "other" and kind != "revenue"
    note = f"Add {lacking} to the brief, and the forecast fills itself." if brief_holds_it else ""
    return insight(
        "measurement",
        f"{quote(told.metric)} has a target of {number(target)} but no starting point: count it from the first week "
        "on, always on the same day, before anything else changes.",
        wording.join(f"Nobody can say yet whether {number(target)} is a small step or a leap.", note),
        "target_metrics",
        "performance_metrics",
        affects="the forecast, which stays empty until then",
        phase="setup",
        priority="High",
        impact="High",
        confidence="High",
    )


def tell_levers(told: Reading) -> str:
    """Say what the target takes in visits, and in rate."""
    visits, rate = told.value("growth.visits_needed"), told.value("growth.rate_needed")
    traffic = told.part("performance_metrics").get("traffic")
    field, _, member = told.foundation["metric"]["rate"].partition(".")
    if visits is None or rate is None or traffic is None:
        return ""
    today = number(told.part(field)[member])
    possible = (
        f"with today's {number(traffic)} visits it takes a rate of {number(rate)} %."
        if rate <= 100
        else f"today's {number(traffic)} visits are too few at any rate."
    )
    return f"At today's {today} % that takes {number(visits)} visits a month; {possible}"


def choose_lever(told: Reading) -> str:
    """Say which lever comes first, by whether changes can be tested."""
    if told.value("growth.rate_needed") is None:
        return ""
    match told.brief.get("ab_testing_capabilities"):
        case True:
            return (
                "You can run A/B tests, so begin with the rate: it pays on visits that you already have, and a test "
                "shows which change did it."
            )
        case False:
            return (
                "Without A/B tests nobody can tell which change moved the rate: plan for visits first, and change one "
                "thing a month on the pages that convert."
            )
    return "Which comes first depends on whether you can run A/B tests, and the brief does not say."


def tell_objectives(told: Reading) -> dict[str, Any] | None:
    """Say that one metric can't stand for several objectives, and which have no count of their own."""
    if len(told.objectives) < 2:
        return None
    beside = told.part("target_metrics").get("secondary_metrics") or []
    also = f" and, beside it, {wording.listing(beside, most=7)}" if beside else ""
    named = wording.quotes(told.objectives, most=4)
    return insight(
        "objectives",
        f"Note on each planned piece which objective it serves: {named}. One that has no piece by the end of "
        f"{tell_phase_end(told)} is a wish.",
        f"What is counted is {quote(told.metric)}{also}. Write beside each objective which of these counts it; for one "
        "that none counts, content can't be judged.",
        "business_objectives",
        "target_metrics",
        affects=f"whether {quote(told.objectives[-1])} is left to chance",
        phase="setup",
        confidence="High",
    )


def tell_phase_end(told: Reading) -> str:
    """Name the month in which the first pieces that count are out."""
    phases = told.foundation["phases"]
    return f"month {phases[min(1, len(phases) - 1)]['end_month']}"


def tell_return(told: Reading) -> dict[str, Any] | None:
    """Say what a result costs and would have to be worth, where a budget allows it."""
    needs = told.needs
    targets = told.part("content_roi_targets")
    if not needs:
        wanted = [f"{key.removesuffix('_roi')} {number(value)} %" for key, value in targets.items() if is_figure(value)]
        if not wanted:
            return None
        lacking = str(told.foundation["roi"]["basis"]).removeprefix("not estimated: add ")
        return insight(
            "return",
            f"Your return targets ({wording.listing(wanted)}) can't be checked yet: add {lacking}.",
            "A return is money in for money out, and the brief does not hold both.",
            "content_roi_targets",
            "content_budget",
            affects="whether the return can be seen at all",
            phase="setup",
            confidence="High",
        )
    period = targets.get("measurement_period")
    when = f", {period.lower()}" if period else ""
    return insight(
        "return",
        tell_needs(told),
        f"Compare that with what one result earns you{when}: where it earns less than it costs, no volume makes up for "
        "it. The brief does not say what one earns, so the return itself is left open.",
        "content_budget",
        "content_roi_targets",
        "target_metrics",
        "performance_metrics",
        affects="how much of the budget is justified",
        phase="setup",
        confidence="High",
    )


def tell_needs(told: Reading) -> str:
    """Say what results cost and have to be worth, as sentences."""
    amounts = {need["key"]: tell_amount(need) for need in told.needs}
    costs = [
        f"{amounts[key]} {when}"
        for key, when in (("cost_today", "today"), ("cost_at_target", "once the target is reached"))
        if key in amounts
    ]
    told_costs = f"One result ({quote(told.metric)}) costs {wording.listing(costs)}." if costs else ""
    worths = [
        f"a {noun} has to be worth {amounts[key]}"
        for key, noun in (("traffic_roi", "visit"), ("lead_roi", "lead"), ("engagement_roi", "visit that engages"))
        if key in amounts
    ]
    if "revenue_roi" in amounts:
        worths.append(f"revenue has to reach {amounts['revenue_roi']}")
    return wording.join(told_costs, f"For the return you want {wording.listing(worths)}." if worths else "")


def tell_amount(need: Mapping[str, Any]) -> str:
    """Name the amount of a need."""
    figure = need["figure"]
    return wording.money(figure["value"], figure["unit"].removesuffix("each").strip())


def is_figure(value: Any) -> bool:
    """Whether a member is a number and not a choice."""
    return isinstance(value, int | float) and not isinstance(value, bool)
