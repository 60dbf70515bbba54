"""The finished document: the sections joined, with what they rest on and what they are worth."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies import context, grounding, monitoring, quality, sections
from strategies.arithmetic import figures

from .engines import Material
from .sections import composition

OFFLINE_NOTE = _(
    "Made without a language model: marketing frameworks filled from your brief, figures computed from it. "
    "Your words are quoted as you wrote them."
)
MODEL_NOTE = _("Words by a language model, figures computed from your brief. Check the words before you rely on them.")
UNWRITTEN = _("This section was not written.")


def compile(
    material: Material,
    sections_: Mapping[str, Mapping[str, Any] | None],
    failures: Mapping[str, str],
    *,
    made_with: str = "offline",
) -> dict[str, Any]:
    """
    Return the document as JSON, with its score.

    A section that is None or absent is kept as failed, with its reason. ``made_with`` names the engine as
    ``Engine.name`` does.
    """
    read = context.read(
        material.name,
        material.industry,
        material.brief,
        material.timeline_months,
        material.max_content_pieces,
    )
    joined = [join(key, sections_.get(key), failures.get(key, "")) for key in sections.KEYS]
    document: dict[str, Any] = {
        "title": material.name,
        "industry": material.industry,
        "made_with": made_with,
        "engine_note": OFFLINE_NOTE if made_with == "offline" else MODEL_NOTE,
        "summary": summarise(material, sections_),
        "brief": read,
        "foundation": dict(material.foundation),
        "sections": joined,
        "monitoring": monitoring.plan(material.foundation, material.brief, sections_),
    }
    document["score"] = quality.score(document, material.brief)
    return document


def replace(
    document: Mapping[str, Any],
    material: Material,
    key: str,
    section: Mapping[str, Any],
    *,
    made_with: str,
    own_words: Iterable[str] = (),
) -> dict[str, Any]:
    """
    Return the document with another text for one of its sections, its summary and its score made anew.

    ``own_words`` are the texts of the section that a person wrote; those of before stay marked while they are there.
    """
    whole = dict(document)
    if own := mark_own(document, key, section, own_words):
        whole["own_words"] = own
    # A section's place is kept, also where the document is of a release that had others.
    whole["sections"] = [join(key, section, "") if entry["key"] == key else entry for entry in document["sections"]]
    ready = {entry["key"]: entry["data"] for entry in whole["sections"] if entry["status"] == "ready"}
    whole["summary"] = summarise(material, ready)
    whole["monitoring"] = monitoring.plan(material.foundation, material.brief, ready)
    if made_with != "offline":
        whole |= {"made_with": made_with, "engine_note": MODEL_NOTE}
    whole["score"] = quality.score(whole, material.brief)
    return whole


def mark_own(
    document: Mapping[str, Any], key: str, section: Mapping[str, Any], written: Iterable[str]
) -> dict[str, list[str]]:
    """Return the texts that a person wrote, by section, with those of one section brought up to date."""
    before: Mapping[str, list[str]] = document.get("own_words", {})
    there = {text for _, text in grounding.text_leaves(section)}
    kept = [text for text in dict.fromkeys([*before.get(key, ()), *written]) if text in there]
    return {**before, key: kept} if kept or key in before else dict(before)


def join(key: str, section: Mapping[str, Any] | None, reason: str) -> dict[str, Any]:
    """Return a section's place in the document; one that failed keeps its place and says why."""
    entry: dict[str, Any] = {"key": key, "title": sections.TITLES[key]}
    if section is None:
        return entry | {"status": "failed", "reason": reason or UNWRITTEN, "data": None}
    return entry | {"status": "ready", "data": dict(section)}


def summarise(material: Material, sections_: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Any]:
    """Return the document in one paragraph's worth of facts: aim, statement, first steps, worst risk."""
    insights = sections_.get("strategic_insights") or {}
    risks = sections_.get("risk_assessment") or {}
    foundation = material.foundation
    return {
        "objectives": list(material.brief["business_objectives"]),
        "aim": tell_aim(foundation),
        "volume": tell_volume(foundation),
        "statement": insights.get("positioning", {}).get("statement", ""),
        "first_steps": [entry["insight"] for entry in insights.get("insights", [])[:3]],
        "phases": [{key: phase[key] for key in ("name", "start_month", "end_month")} for phase in foundation["phases"]],
        "budget": composition.tell_budget(foundation["budget"]),
        "worst_risk": next((risk["title"] for risk in risks.get("risks", [])), ""),
        "risk_level": risks.get("overall_level", ""),
    }


def tell_aim(foundation: Mapping[str, Any]) -> str:
    """Say from where to where the primary metric has to go."""
    metric, target = foundation["metric"], foundation["growth"]["target"]
    if target["value"] is None:
        return _("“{own}”, which has no target value yet").format(own=metric["name"])
    start = metric["baseline"]["value"]
    told = _("“{own}” to {amount} in month {month}; where it stands is not known")
    if start is not None:
        told = _("“{own}” to {amount} in month {month}, from {before}")
    return told.format(
        own=metric["name"],
        amount=figures.number(target["value"]),
        month=foundation["timeline_months"],
        before="" if start is None else figures.number(start),
    )


def tell_volume(foundation: Mapping[str, Any]) -> str:
    """Say how much is published in how long a time."""
    planned, months = foundation["cadence"]["planned"]["value"], foundation["timeline_months"]
    formats = ", ".join(f"{entry['format']} {entry['pieces']}" for entry in foundation["formats"] if entry["pieces"])
    told = _("{count} pieces in {months} months: {formats}")
    return told.format(count=figures.number(planned), months=figures.number(months), formats=formats)


def text_leaves(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield path and text of all that people read in the document."""
    return grounding.text_leaves(document)
