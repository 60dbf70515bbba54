"""
A document as its reader reads it: the sentences in it that this project says, in the reader's language.

A document is stored in English, but for what its writer and its people wrote. Ours are known by where they stand; what
others wrote stands elsewhere, or is told apart by its words.
"""

from collections.abc import Mapping
from typing import Any, Final

from strategies import quality, texts
from strategies.sections import composition

# What a figure says of itself is ours wherever it stands.
_ALWAYS: Final = frozenset({"basis", "unit", "payback_basis"})
# The places of our texts, by the keys that lead to them; the rows of a list are one place.
_OURS: Final = frozenset(
    {
        *("summary.aim", "summary.volume", "summary.budget", "summary.phases.name"),
        *("strategic_insights.insights.estimated_impact", "strategic_insights.insights.implementation_time"),
        *("performance_predictions.metrics.name", "performance_predictions.roi.needs.name"),
        *("implementation_roadmap.phases.name", "implementation_roadmap.budget.item"),
        *("implementation_roadmap.budget_note", "risk_assessment.risks.owner", "risk_assessment.risks.due"),
        *("monitoring.owners", "monitoring.tasks.metric", "monitoring.tasks.owner", "monitoring.tasks.note"),
        *("foundation.budget.lines.item", "foundation.phases.name", "foundation.metrics.name"),
        *("foundation.baselines.name", "foundation.derived.name", "foundation.roi.needs.name"),
        *("foundation.kpi_tree.children.name", "foundation.kpi_tree.children.children.name"),
        *("foundation.kpi_tree.children.children.children.name", "foundation.assumptions.text"),
        *("foundation.metric.kind", "foundation.metric.period", "foundation.cadence.bound_by"),
        *("foundation.phases.milestones.key", "calendar.cadence", "calendar.warnings", "calendar.reason"),
        "score.advice.text",
        *(f"score.parts.{part}.{said}" for part in quality.parts.WEIGHTS for said in ("reasons", "advice")),
    }
)
# Places of a writer's texts, with ours that stand there where nothing was written.
_UNWRITTEN: Final[Mapping[str, frozenset[str]]] = {
    "implementation_roadmap.phases.milestones.title": frozenset(composition.DEFAULT_MILESTONES.values()),
    **dict.fromkeys(
        (f"competitive_analysis.competitors.{name}" for name in ("content_strategy", "position", "response")),
        frozenset({composition.UNWRITTEN}),
    ),
}


def document(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document in the reader's language, its sections too."""
    read = {name: part(name, value, stored) for name, value in stored.items() if name != "sections"}
    listed = [section(entry, stored) for entry in stored.get("sections", [])]
    return read | {"sections": listed} if "sections" in stored else read


def section(entry: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a section's entry in the reader's language; ``stored`` is its document."""
    return {**entry, "data": part(str(entry.get("key")), entry.get("data"), stored)}


def part(name: str, value: Any, stored: Mapping[str, Any]) -> Any:
    """Return what a document holds under ``name``, or a section with this key, in the reader's language."""
    if texts.is_original():
        return value
    foundation = stored.get("foundation") or {}
    assumed = frozenset(one["text"] for one in foundation.get("assumptions", ()))
    mixed = {**_UNWRITTEN, "performance_predictions.assumptions.text": assumed}
    by_hand = frozenset((stored.get("own_words") or {}).get(name, ()))
    return _walk(value, name, mixed, theirs=_named(foundation) | by_hand)


def _named(foundation: Mapping[str, Any]) -> frozenset[str]:
    """Return what the owner calls things that stand among ours: the primary metric, the objective."""
    found = ((foundation.get(name) or {}).get("name") for name in ("metric", "kpi_tree"))
    return frozenset(name for name in found if isinstance(name, str))


def _walk(value: Any, path: str, mixed: Mapping[str, frozenset[str]], *, theirs: frozenset[str]) -> Any:
    if isinstance(value, str):
        ours = path in _OURS or path.rpartition(".")[2] in _ALWAYS or value in mixed.get(path, ())
        return texts.told(value) if ours and value not in theirs else value
    if isinstance(value, Mapping):
        return {name: _walk(inner, f"{path}.{name}", mixed, theirs=theirs) for name, inner in value.items()}
    if isinstance(value, list):
        return [_walk(inner, path, mixed, theirs=theirs) for inner in value]
    return value
