"""The quality score of a document: computed from the document itself, with its reasons and what would raise it."""

from collections.abc import Iterator, Mapping
from typing import Any

from . import grounding, sections
from .brief import registry

WEIGHTS: Mapping[str, float] = {"completeness": 0.25, "relevance": 0.30, "actionability": 0.25, "confidence": 0.20}

# The brief is worth half of completeness: a document can't be complete about what it was not told.
BRIEF_SHARE = 50
MOST_ADVICE = 4


def score(document: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """Return the total of 100 and its four parts, each with value, weight, reasons and advice."""
    ready = {entry["key"]: entry["data"] for entry in document["sections"] if entry["status"] == "ready"}
    parts = {
        "completeness": weigh_completeness(document, brief),
        "relevance": weigh_relevance(ready, brief),
        "actionability": weigh_actionability(ready, document["foundation"]),
        "confidence": weigh_confidence(document, ready, brief),
    }
    for name, part in parts.items():
        part["weight"] = WEIGHTS[name]
    total = round(sum(WEIGHTS[name] * part["value"] for name, part in parts.items()))
    return {"total": total, "parts": parts}


def part(value: float, counts: Mapping[str, int], reasons: list[str], advice: list[str]) -> dict[str, Any]:
    """Return one part of the score; ``counts`` are the figures that its reasons state."""
    bounded = max(0, min(100, round(value)))
    return {"value": bounded, "counts": dict(counts), "reasons": reasons, "advice": advice[:MOST_ADVICE]}


def weigh_completeness(document: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """How much of brief and document is there."""
    listed = document["sections"]
    failed = [entry for entry in listed if entry["status"] != "ready"]
    given = [field for field in registry.FIELDS if field.id in brief]
    total = len(registry.FIELDS)
    value = (100 - BRIEF_SHARE) * (len(listed) - len(failed)) / len(listed) + BRIEF_SHARE * len(given) / total
    counts = {"sections": len(listed), "ready": len(listed) - len(failed), "given": len(given), "fields": total}
    reasons = [
        f"{counts['ready']} of {counts['sections']} sections are there.",
        f"{counts['given']} of {counts['fields']} fields of the brief are filled in.",
    ]
    advice = [f"Write “{entry['title']}” again: {entry['reason']}" for entry in failed]
    advice += [f"Fill in “{entry['label']}”. Without it: {entry['means']}" for entry in document["brief"]["missing"]]
    return part(value, counts, reasons, advice)


def weigh_relevance(ready: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """How far the document is about this brief: statements that rest on its fields, fields used, words taken up."""
    statements = list(find_statements(ready))
    grounded = [fields for fields in statements if any(field in brief for field in fields)]
    used = {field for fields in statements for field in fields if field in brief}
    unused = [field for field in registry.FIELDS if field.id in brief and field.id not in used]
    names = list_names(brief)
    said = " ".join(text for _, text in grounding.text_leaves(ready)).casefold()
    silent = [name for name in names if name.casefold() not in said]
    counts = {
        "statements": len(statements),
        "grounded": len(grounded),
        "given": len(used) + len(unused),
        "used": len(used),
        "names": len(names),
        "named": len(names) - len(silent),
    }
    shares = [
        counts["grounded"] / max(1, counts["statements"]),
        counts["used"] / max(1, counts["given"]),
        counts["named"] / max(1, counts["names"]),
    ]
    value = 100 * sum(shares) / len(shares) if statements else 0
    reasons = [
        f"{counts['grounded']} of {counts['statements']} statements name a field of your brief that they rest on.",
        f"{counts['used']} of your {counts['given']} fields are used.",
        f"{counts['named']} of {counts['names']} objectives, competitors, pains and gaps are taken up.",
    ]
    advice = [f"Nothing is said about “{name}”." for name in silent]
    advice += [f"“{field.label}” is filled in but not used: write the section that needs it again." for field in unused]
    return part(value, counts, reasons, advice)


def find_statements(data: Any) -> Iterator[list[str]]:
    """Yield the fields of each statement, insight, competitor, phase and risk."""
    if isinstance(data, Mapping):
        if isinstance(data.get("fields"), list):
            yield data["fields"]
        for value in data.values():
            yield from find_statements(value)
    elif isinstance(data, list):
        for value in data:
            yield from find_statements(value)


def list_names(brief: Mapping[str, Any]) -> list[str]:
    """Return what the user would look for in the document first."""
    names = [*brief["business_objectives"], *brief["audience_pain_points"]]
    names += [rival["name"] for rival in brief["top_competitors"]]
    return names + [gap["gap_description"] for gap in brief.get("market_gaps", [])]


def weigh_actionability(ready: Mapping[str, Any], foundation: Mapping[str, Any]) -> dict[str, Any]:
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
        f"{counts['busy']} of {counts['phases']} phases have tasks and a milestone.",
        f"{counts['answered']} of {counts['risks']} risks have a way to prevent them, a way out and a sign to watch.",
        f"{counts['met']} of {counts['rivals']} competitors have an answer.",
        f"{counts['dated']} of {counts['insights']} insights have a date.",
        "The primary metric has a target." if target else "The primary metric has no target.",
    ]
    lacking = (
        "Write the roadmap again: not every phase has tasks and a milestone.",
        "Write the risks again: not each has a way to prevent it, a way out and a sign.",
        "Write the competitors again: not each has an answer.",
        "Write the insights again: there are none, or they have no date.",
    )
    advice = [] if target else ["Give the primary metric a target value: without it no task can be ranked."]
    advice += [line for check, line in zip(checks, lacking, strict=False) if check < 1]
    return part(100 * sum(checks) / len(checks), counts, reasons, advice)


def weigh_confidence(document: Mapping[str, Any], ready: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """How much of it is known: figures with a source against figures that are lacking, and none invented."""
    rows = document["foundation"]["metrics"]
    cells = [row[column] for row in rows for column in ("baseline", "month_3", "month_6", "month_12")]
    cells += [document["foundation"]["budget"]["monthly"], document["foundation"]["capacity"]["use"]]
    # A month beyond the timeline is not a lack of knowledge.
    asked = [cell for cell in cells if "months to the timeline" not in cell["basis"]]
    known = [cell for cell in asked if cell["value"] is not None]
    own = {"name": document["title"], "industry": document["industry"], **brief}
    # A number that a person wrote into the document is that person's, as one of the brief is.
    own["own_words"] = document.get("own_words", {})
    founded = grounding.collect(own, document["foundation"], ready)
    invented = grounding.find_invented(ready, founded)
    insights = ready.get("strategic_insights", {}).get("insights", [])
    sure = [entry for entry in insights if entry["confidence"] != "Low"]
    counts = {
        "figures": len(asked),
        "known": len(known),
        "invented": len(invented),
        "insights": len(insights),
        "sure": len(sure),
    }
    shares = (60 * len(known) / max(1, len(asked))) + (40 * len(sure) / max(1, len(insights)))
    value = shares - 10 * len(invented) if ready else 0
    reasons = [
        f"{counts['known']} of {counts['figures']} figures are yours or computed; the others say what to add.",
        f"{counts['sure']} of {counts['insights']} insights rest on more than a guess.",
        f"{counts['invented']} numbers in the text have no source."
        if invented
        else "No number in the text is without a source.",
    ]
    advice = [
        f"Remove or explain “{number}” in “{sections.TITLES[path.partition('.')[0]]}”." for path, number in invented
    ]
    lacking = dict.fromkeys(cell["basis"].removeprefix("not estimated: ") for cell in asked if cell["value"] is None)
    advice += [f"{basis[:1].upper()}{basis[1:]}." for basis in lacking]
    return part(value, counts, reasons, advice)
