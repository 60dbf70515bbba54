"""How a section comes together: the words of a draft, the figures of the foundation, the facts of the brief."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies import monitoring
from strategies.arithmetic import figures
from strategies.brief import registry
from strategies.engines import Material

# At this product of probability and impact one risk alone makes the whole plan risky.
HIGH_SCORE, MEDIUM_SCORE = 15, 8

FIELD_IDS = frozenset(field.id for field in registry.FIELDS)

UNWRITTEN = _("Not written about.")

DEFAULT_MILESTONES = {
    "forecast": _("Figures of this month set beside the forecast"),
    "phase": _("Phase closed: what was planned for it is published"),
    "end": _("End of the timeline: target and result side by side"),
}


def ground(fields: Iterable[str]) -> list[str]:
    """Keep what is the id of a field of the brief, once each; a member stands for its field."""
    ids = (field.strip().partition(".")[0] for field in fields)
    return [field for field in dict.fromkeys(ids) if field in FIELD_IDS]


def ground_all(statements: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return statements with their fields checked."""
    return [{"text": entry["text"], "fields": ground(entry["fields"])} for entry in statements]


def tell_months(material: Material, key: str) -> str:
    """Say which months a phase covers; a timeline too short for it does the work in its last phase."""
    phases = material.foundation["phases"]
    phase = next((phase for phase in phases if phase["key"] == key), phases[-1])
    if phase["start_month"] == phase["end_month"]:
        return _("Month {month} ({phase})").format(month=phase["start_month"], phase=phase["name"])
    told = _("Months {low}–{high} ({phase})")
    return told.format(low=phase["start_month"], high=phase["end_month"], phase=phase["name"])


def compose_insights(draft: Mapping[str, Any], material: Material) -> dict[str, Any]:
    """Give each insight its months and its impact in a sentence."""
    kept = ("type", "insight", "reasoning", "priority", "confidence")
    insights = [
        {key: entry[key] for key in kept}
        | {
            "estimated_impact": _("{level}: {own}").format(level=entry["impact"], own=entry["affects"]),
            "implementation_time": tell_months(material, entry["phase"]),
            "fields": ground(entry["fields"]),
        }
        for entry in draft["insights"]
    ]
    swot = {quadrant: ground_all(statements) for quadrant, statements in draft["swot"].items()}
    positioning = dict(draft["positioning"]) | {"fields": ground(draft["positioning"]["fields"])}
    return {"insights": insights, "swot": swot, "positioning": positioning}


def compose_competition(draft: Mapping[str, Any], material: Material) -> dict[str, Any]:
    """Take the competitors and their order from the brief; what the draft says of others is dropped."""
    written = {entry["name"].strip().casefold(): entry for entry in draft["competitors"]}
    competitors = []
    for known in material.brief["top_competitors"]:
        words = written.get(known["name"].strip().casefold()) or {}
        competitors.append(
            {
                "name": known["name"],
                "website": known.get("website", ""),
                "strengths": words.get("strengths") or [known[key] for key in ("strength",) if key in known],
                "weaknesses": words.get("weaknesses") or [known[key] for key in ("weakness",) if key in known],
                "content_strategy": words.get("content_strategy") or UNWRITTEN,
                "position": words.get("position") or UNWRITTEN,
                "response": words.get("response") or UNWRITTEN,
                "fields": ground(words.get("fields") or ["top_competitors"]),
            }
        )
    return {
        "competitors": competitors,
        "market_gaps": ground_all(draft["market_gaps"]),
        "opportunities": ground_all(draft["opportunities"]),
        "recommendations": ground_all(draft["recommendations"]),
        "differentiation": ground_all([draft["differentiation"]])[0],
    }


def compose_predictions(draft: Mapping[str, Any], material: Material) -> dict[str, Any]:
    """Set the words beside the computed forecast; the arithmetic's own assumptions come first."""
    return {
        "reading": ground_all([draft["reading"]])[0],
        "metrics": material.foundation["metrics"],
        "roi": material.foundation["roi"],
        "assumptions": ground_all([*material.foundation["assumptions"], *draft["assumptions"]]),
    }


def compose_roadmap(draft: Mapping[str, Any], material: Material) -> dict[str, Any]:
    """Fill the computed phases with words, and put the computed budget beside them."""
    written = {entry["key"]: entry for entry in draft["phases"]}
    phases = []
    for phase in material.foundation["phases"]:
        words = written.get(phase["key"]) or {}
        titles = words.get("milestones") or []
        milestones = [
            {"title": titles[i] if i < len(titles) else DEFAULT_MILESTONES[entry["key"]], "month": entry["month"]}
            for i, entry in enumerate(phase["milestones"])
        ]
        lists = {key: words.get(key) or [] for key in ("goals", "tasks", "resources")}
        phases.append(dict(phase) | lists | {"milestones": milestones, "fields": ground(words.get("fields") or [])})
    return {
        "phases": phases,
        "budget": material.foundation["budget"]["lines"],
        "budget_note": tell_budget(material.foundation["budget"]),
        "critical_path": draft["critical_path"],
        "success_metrics": draft["success_metrics"],
    }


def tell_budget(money: Mapping[str, Any]) -> str:
    """Say in a line what is spent, or what to add to know it."""
    monthly = money["monthly"]
    if monthly["value"] is None:
        return str(monthly["basis"])
    told = _("{figure}, proposed split") if money["lines"] else _("{figure}, so the plan costs hours alone")
    return told.format(figure=figures.reading(monthly))


def tell_due(material: Material, score: int) -> str:
    """Say until when a risk is to be prevented: the worst before anything is announced, the least before growth ends."""
    phases = material.foundation["phases"]
    place = 0 if score >= HIGH_SCORE else 1 if score >= MEDIUM_SCORE else 2
    return _("by the end of month {month}").format(month=phases[min(place, len(phases) - 1)]["end_month"])


def compose_risks(draft: Mapping[str, Any], material: Material) -> dict[str, Any]:
    """Rate the risks, the worst first, and the plan as a whole by its worst."""
    team = material.brief.get("team_size")
    risks = [
        dict(entry)
        | {
            "owner": monitoring.name_owner(team, entry["category"]),
            "due": tell_due(material, entry["probability"] * entry["impact"]),
            "fields": ground(entry["fields"]),
        }
        for entry in draft["risks"]
    ]
    return rank(risks) | {"monitoring": draft["monitoring"]}


def rank(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return rated risks with their scores, the worst first, and the level that follows from the worst."""
    risks = [dict(entry) | {"score": entry["probability"] * entry["impact"]} for entry in entries]
    risks.sort(key=lambda risk: -risk["score"])
    worst = risks[0]["score"]
    level = "High" if worst >= HIGH_SCORE else "Medium" if worst >= MEDIUM_SCORE else "Low"
    return {"risks": risks, "overall_level": level}
