"""The section implementation_roadmap: words for the computed phases, what waits for what, how success is seen."""

from collections.abc import Mapping
from typing import Any

from strategies.arithmetic import figures
from strategies.arithmetic.figures import number

from . import tasks, wording
from .reading import Reading
from .wording import quote

MOST_TASKS = 12


def write(told: Reading) -> dict[str, Any]:
    """Return the section's draft."""
    return {
        "phases": [describe(told, phase) for phase in told.foundation["phases"]],
        "critical_path": list_path(told),
        "success_metrics": list_success(told),
    }


def describe(told: Reading, phase: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of a phase."""
    return {
        "key": phase["key"],
        "goals": list_goals(told, phase),
        "tasks": [task for task in list_tasks(told, phase) if task][:MOST_TASKS],
        "milestones": [name_milestone(told, phase, entry) for entry in phase["milestones"]],
        "resources": list_resources(told, phase),
        "fields": ground(told, phase["key"]),
    }


def ground(told: Reading, key: str) -> list[str]:
    """Return the fields that a phase's words rest on, as far as they were given."""
    fields = {
        "setup": (
            "target_metrics",
            "performance_metrics",
            "brand_voice",
            "editorial_guidelines",
            "quality_metrics",
            "content_mix",
            "optimal_timing",
            "ab_testing_capabilities",
            "implementation_timeline",
            "team_size",
        ),
        "launch": (
            "content_frequency",
            "audience_pain_points",
            "top_competitors",
            "market_gaps",
            "industry_trends",
            "traffic_sources",
            "preferred_formats",
        ),
        "growth": (
            "content_frequency",
            "audience_pain_points",
            "top_competitors",
            "market_gaps",
            "emerging_trends",
            "seasonal_trends",
            "target_metrics",
        ),
        "renewal": ("business_objectives", "target_metrics", "content_budget", "content_roi_targets"),
    }
    return [field for field in fields[key] if field in told.brief]


def list_goals(told: Reading, phase: Mapping[str, Any]) -> list[str]:
    """Return what is true at the end of a phase."""
    name = quote(told.metric)
    out = wording.capital(wording.out(phase["pieces_so_far"], of=told.planned)) + "."
    own = {
        "setup": [f"Everybody knows where {name} stands.", "A piece can be made without asking how."],
        "launch": [f"The rhythm holds: {told.rhythm}.", out],
        "growth": [out, f"It is known which pieces move {name}."],
        "renewal": [out, f"It is decided what goes on after month {told.material.timeline_months}."],
    }[phase["key"]]
    return [*own, *tell_timeline(told)] if phase["start_month"] == 1 else own


def tell_timeline(told: Reading) -> list[str]:
    """Say how the months of the plan stand to the timeline that was chosen."""
    wish = told.brief.get("implementation_timeline")
    months = told.material.timeline_months
    if not wish:
        return []
    if wish == "Ongoing":
        return [f"Your timeline is Ongoing: this plan covers {wording.months(months)} and is then renewed."]
    fits = {"3 months": 3, "6 months": 6, "1 year": 12, "2 years": 24}[wish] == months
    if fits:
        return [f"Your timeline of {wish} is the plan's: month {months} is its end."]
    return [f"Your timeline says {wish}, the plan covers {wording.months(months)}: settle which of the two counts."]


def list_tasks(told: Reading, phase: Mapping[str, Any]) -> list[str]:
    """Return a phase's tasks; a timeline too short for four phases does the work of the others in those it has."""
    keys = [entry["key"] for entry in told.foundation["phases"]]
    listed = [tasks.publish(told, phase)]
    if phase["key"] == keys[0]:
        # With one month in all there is no phase to set up in: the first four of its tasks come first.
        before = [task for task in tasks.set_up(told) if task]
        listed = before[: MOST_TASKS - 1 if phase["key"] == "setup" else 4] + listed
    if phase["key"] == "launch":
        listed += tasks.launch(told)
    if phase["key"] == "growth":
        listed += tasks.grow(told)
    if phase["key"] == keys[-1]:
        listed = listed[: MOST_TASKS - 5] + tasks.close(told)
    return listed


def name_milestone(told: Reading, phase: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """Say what is to be shown at the end of a month."""
    name, out = quote(told.metric), wording.out(phase["pieces_so_far"])
    figure = told.foundation["metrics"][0].get(f"month_{entry['month']}") or {"value": None}
    target = told.value("growth.target")
    if entry["key"] == "end":
        at = f"{name} at {number(target)}" if target is not None else f"{name} counted, the next target set"
        return f"{at}; {out}"
    if figure["value"] is not None:
        way = f"{name} at {number(figure['value'])}, and not below {number(figure['low'])}"
        return way if entry["key"] == "forecast" else f"{way}; {out}"
    known = told.value("metric.baseline") is not None
    if phase["key"] == "setup":
        return f"{'Figures written down' if known else f'{name} counted for a month'}, rules on one page; {out}"
    beside = f"its way to {number(target)}" if target is not None and known else "its figure of month 1"
    if entry["key"] == "forecast":
        return f"{name} counted and set beside {beside}"
    return f"{wording.capital(out)}; {name} counted and set beside {beside}"


def list_resources(told: Reading, phase: Mapping[str, Any]) -> list[str]:
    """Return the people, hours and money of a phase, as far as the brief names them."""
    pieces = wording.counts(phase["formats"].items())
    lines = [f"{number(phase['hours']['value'])} hours for {pieces} (planning assumption)"] if pieces else []
    hours, first = told.value("capacity.hours_per_month"), phase["start_month"] == 1
    if hours is not None and first:
        size = told.brief["team_size"]
        who = "One person" if size == 1 else f"A team of {number(size)}"
        lines.append(f"{who}: {number(hours)} hours a month for making pieces (planning assumption)")
    elif first:
        lines.append("Whose hours these are, the brief does not say")
    budget = told.foundation["budget"]
    wanted = {"setup": "Tools", "launch": "Promotion", "growth": "Making", "renewal": "Reserve"}[phase["key"]]
    lines += [
        f"{line['item']}: {wording.money(line['amount'], line['unit'])}"
        for line in budget["lines"]
        if line["item"].startswith(wanted)
    ][:3]
    if not budget["lines"] and first:
        lines.append("Money: none" if "content_budget" in told.brief else "Money: none is named in the brief")
    return lines


def list_path(told: Reading) -> list[str]:
    """Return what has to be finished before what."""
    phases = told.foundation["phases"]
    first, second = phases[0], phases[min(1, len(phases) - 1)]
    path = [f"Month {first['end_month']}: {tell_first_count(told)}"]
    if makers := tasks.tell_makers(told):
        path.append(f"Month {first['end_month']}: {makers[0].lower()}{makers[1:]}")
    weak = next((rival for rival in told.rivals if "weakness" in rival), None)
    if weak:
        path.append(f"Month {second['start_month']}: the piece on {quote(weak['weakness'])} ({weak['name']}) is begun.")
    else:
        path.append(
            f"Month {first['end_month']}: one weakness of {told.rivals[0]['name']} is known; the comparison waits for it."
        )
    for gap in [gap for gap in told.items("market_gaps") if gap.get("priority") == "High"][:1]:
        path.append(f"Month {second['end_month']}: the gap {quote(gap['gap_description'])} is filled.")
    if second is not first:
        out = wording.out(second["pieces_so_far"])
        path.append(f"Month {second['end_month']}: {out}. If fewer, lower the rhythm before adding subjects.")
    last = phases[-1]
    path.append(f"Month {last['end_month']}: result beside target, and the decision what goes on.")
    return path


def tell_first_count(told: Reading) -> str:
    """Say what the first count settles: where the metric stands, or whether it stands where it was computed."""
    today, name = told.foundation["metric"]["baseline"], quote(told.metric)
    if today["value"] is None:
        return f"{name} is counted. Without a start there is no forecast and no test."
    if today["basis"] == figures.YOURS:
        return f"{name} is counted the way it will always be counted, beside your {number(today['value'])} of today."
    return f"{name} is counted. The {number(today['value'])} of today is only computed, and the forecast hangs on it."


def tell_tree(told: Reading) -> str:
    """Say what moves what, from the work of a month up to the first objective, with today's figures."""
    metric = told.foundation["kpi_tree"]["children"][0]
    levels = [f"KPI tree: {quote(told.objectives[0])}", name_level(quote(told.metric), metric["figure"])]
    drivers = [name_level(entry["name"], entry["figure"]) for entry in metric["children"]]
    levels.append(" and ".join(drivers))
    work = told.foundation["cadence"]["planned_per_month"]
    if metric["children"][0]["name"] != "Published pieces":
        levels.append(name_level("published pieces", work))
    return " ← ".join(levels)


def name_level(name: str, figure: Mapping[str, Any]) -> str:
    """Name a level of the tree with where it stands."""
    if figure["value"] is None:
        return f"{name} (not known)"
    return f"{name} ({number(figure['value'])} {figure['unit']})"


def list_success(told: Reading) -> list[str]:
    """Return how success is seen: the rows of the forecast that have an end, the rhythm, the objectives themselves."""
    lines = [tell_tree(told)]
    month = told.material.timeline_months
    target, today = told.value("growth.target"), told.value("metric.baseline")
    if target is not None:
        start = f" (today {number(today)})" if today is not None else " (start still to be counted)"
        lines.append(f"{quote(told.metric)} at {number(target)} in month {month}{start}")
    for row in told.foundation["metrics"][1:]:
        figure = row["month_12"] if month >= 12 else row["month_6"] if month >= 6 else row["month_3"]
        at = 12 if month >= 12 else 6 if month >= 6 else 3
        if figure["value"] is not None:
            unit = "%" if figure["unit"] == "%" else ""
            lines.append(f"{row['name']} at {number(figure['value'])} {unit}".rstrip() + f" in month {at}")
    lines.append(f"{number(told.planned)} of {wording.pieces(told.planned)} published")
    lines += [f"{quote(objective)}: reached or not" for objective in told.objectives[:4]]
    return lines[:12]
