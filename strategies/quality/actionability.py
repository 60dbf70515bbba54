"""Actionability: whether somebody could begin tomorrow."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.advice import Advice
from strategies.quality import parts


def weigh(ready: Mapping[str, Any], foundation: Mapping[str, Any]) -> dict[str, Any]:
    """Whether somebody could begin tomorrow: tasks and milestones, answers to competitors, ways out of risks."""
    phases = ready.get("implementation_roadmap", {}).get("phases", [])
    busy = [phase for phase in phases if len(phase["tasks"]) > 1 and phase["milestones"]]
    risks = ready.get("risk_assessment", {}).get("risks", [])
    answered = [risk for risk in risks if risk["mitigation"] and risk["contingency"] and risk["indicator"]]
    rivals = ready.get("competitive_analysis", {}).get("competitors", [])
    met = [rival for rival in rivals if len(rival["response"].split()) > 4]
    insights = ready.get("strategic_insights", {}).get("insights", [])
    dated = [entry for entry in insights if entry["implementation_time"]]
    target = foundation["growth"]["target"]["value"] is not None
    counts = {
        "phases": len(foundation["phases"]),
        "busy": len(busy),
        "risks": len(risks),
        "answered": len(answered),
        "rivals": len(rivals),
        "met": len(met),
        "insights": len(insights),
        "dated": len(dated),
    }
    checks = [
        len(busy) / counts["phases"],
        len(answered) / len(risks) if risks else 0,
        len(met) / len(rivals) if rivals else 0,
        len(dated) / len(insights) if insights else 0,
        float(target),
    ]
    reasons = [
        parts.tell(_("Phases with tasks and a milestone: {count} of {all}."), counts["busy"], of=counts["phases"]),
        parts.tell(
            _("Risks with a way to prevent them, a way out and a sign to watch: {count} of {all}."),
            counts["answered"],
            of=counts["risks"],
        ),
        parts.tell(_("Competitors with an answer: {count} of {all}."), counts["met"], of=counts["rivals"]),
        parts.tell(_("Insights with a date: {count} of {all}."), counts["dated"], of=counts["insights"]),
        _("The primary metric has a target.") if target else _("The primary metric has no target."),
    ]
    lacking = (
        _("Write the roadmap again: not every phase has tasks and a milestone."),
        _("Write the risks again: not each has a way to prevent it, a way out and a sign."),
        _("Write the competitors again: not each has an answer."),
        _("Write the insights again: there are none, or they have no date."),
    )
    each = parts.WEIGHTS["actionability"] * 100 / len(checks)
    ranked = _("Give the primary metric a target value: without it no task can be ranked.")
    told = [] if target else [Advice(text=ranked, gain=each, field="target_metrics")]
    told += [
        Advice(text=line, gain=each * (1 - check)) for check, line in zip(checks, lacking, strict=False) if check < 1
    ]
    return parts.part(100 * sum(checks) / len(checks), counts, reasons, told)
