"""The quality score of a document: computed from the document itself, with its reasons and what would raise it."""

from collections.abc import Iterator, Mapping
from typing import Any

from . import advice, grounding, sections
from .advice import Advice
from .brief import registry

WEIGHTS: Mapping[str, float] = {"completeness": 0.25, "relevance": 0.30, "actionability": 0.25, "confidence": 0.20}

# The brief is worth half of completeness: a document can't be complete about what it was not told.
BRIEF_SHARE = 50
MOST_ADVICE = 4
# Of what can be trusted the figures are worth more than the words; a number from nowhere costs a tenth of all.
KNOWN_SHARE, INVENTED = 60, 10


def score(document: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the total of 100 and its four parts, each with value, weight, reasons and advice.

    ``advice`` beside them is what would raise the total most, with the points that it would gain.
    """
    ready = {entry["key"]: entry["data"] for entry in document["sections"] if entry["status"] == "ready"}
    parts = {
        "completeness": weigh_completeness(document, brief),
        "relevance": weigh_relevance(ready, brief),
        "actionability": weigh_actionability(ready, document["foundation"]),
        "confidence": weigh_confidence(document, ready, brief),
    }
    pieces: list[Advice] = []
    for name, part in parts.items():
        part["weight"] = WEIGHTS[name]
        ranked = advice.rank(part["advice"])
        part["advice"] = list(dict.fromkeys(piece.text for piece in ranked))[:MOST_ADVICE]
        pieces += ranked
    total = round(sum(WEIGHTS[name] * part["value"] for name, part in parts.items()))
    return {"total": total, "parts": parts, "advice": advice.merge(pieces)}


def part(value: float, counts: Mapping[str, int], reasons: list[str], told: list[Advice]) -> dict[str, Any]:
    """Return one part of the score; ``counts`` are the figures that its reasons state."""
    return {"value": max(0, min(100, round(value))), "counts": dict(counts), "reasons": reasons, "advice": told}


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
    # A section that is written again brings its share of completeness, and with it one check of what can be done.
    again = WEIGHTS["completeness"] * (100 - BRIEF_SHARE) / len(listed) + WEIGHTS["actionability"] * 100 / len(listed)
    told = [Advice(text=f"Write “{entry['title']}” again: {entry['reason']}", gain=again) for entry in failed]
    told += [
        Advice(
            text=f"Fill in “{entry['label']}”. Without it: {entry['means']}",
            gain=WEIGHTS["completeness"] * BRIEF_SHARE / total,
            field=entry["field"],
        )
        for entry in document["brief"]["missing"]
    ]
    return part(value, counts, reasons, told)


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
    third = WEIGHTS["relevance"] * 100 / len(shares)
    told = [Advice(text=f"Nothing is said about “{name}”.", gain=third / len(names)) for name in silent]
    told += [
        Advice(
            text=f"“{field.label}” is filled in but not used: write the section that needs it again.",
            gain=third / counts["given"],
        )
        for field in unused
    ]
    loose = counts["statements"] - counts["grounded"]
    if loose:
        text = f"{loose} statements name no field of your brief: check them, or write their sections again."
        told.append(Advice(text=text, gain=third * loose / counts["statements"]))
    return part(value, counts, reasons, told)


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
    each = WEIGHTS["actionability"] * 100 / len(checks)
    ranked = "Give the primary metric a target value: without it no task can be ranked."
    told = [] if target else [Advice(text=ranked, gain=each, field="target_metrics")]
    told += [
        Advice(text=line, gain=each * (1 - check)) for check, line in zip(checks, lacking, strict=False) if check < 1
    ]
    return part(100 * sum(checks) / len(checks), counts, reasons, told)


def weigh_confidence(document: Mapping[str, Any], ready: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """How much of it is known: figures with a source against figures that are lacking, and none invented."""
    asked = list(advice.list_asked(document["foundation"], brief))
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
    shares = KNOWN_SHARE * len(known) / max(1, len(asked)) + (100 - KNOWN_SHARE) * len(sure) / max(1, len(insights))
    value = shares - INVENTED * len(invented) if ready else 0
    reasons = [
        f"{counts['known']} of {counts['figures']} figures are yours or computed; the others say what to add.",
        f"{counts['sure']} of {counts['insights']} insights rest on more than a guess.",
        f"{counts['invented']} numbers in the text have no source."
        if invented
        else "No number in the text is without a source.",
    ]
    told = [
        Advice(
            text=f"Remove or explain “{number}” in “{sections.TITLES[path.partition('.')[0]]}”.",
            gain=WEIGHTS["confidence"] * INVENTED,
        )
        for path, number in invented
    ]
    waiting = advice.list_waiting(asked, worth=WEIGHTS["confidence"] * KNOWN_SHARE / max(1, len(asked)))
    counts |= {f"waiting_{number}": piece.waiting for number, piece in enumerate(waiting, 1)}
    told += waiting
    return part(value, counts, reasons, told)
