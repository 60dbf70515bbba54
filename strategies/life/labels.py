"""The places of a document, in the words of its pages; what says them in another language is given by who asks."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_noop as _

from strategies import names

Say = Callable[[str], str]

# What pages call the parts of a document, where that is not simply their key.
_NAMES: Final = {
    "mitigation": _("Prevent it"),
    "contingency": _("If it happens"),
    "indicator": _("The sign to watch"),
    "content_strategy": _("What they publish"),
    "response": _("Your answer"),
    "fields": _("Rests on"),
    "swot": _("SWOT"),
    "current": _("Today"),
    "target": _("Where to"),
    "metric": _("Metric"),
    "kind": _("Kind"),
    "total": _("In all"),
    "unit": _("Counted in"),
    "bound": _("At least or at most"),
    "due": _("When"),
    "signs": _("Signs of the risks"),
    "owners": _("Who does it"),
    "low": _("Low end"),
    "high": _("High end"),
}
# What one of several is called.
_ONE: Final = {
    "assumptions": _("Assumption"),
    "baselines": _("Baseline"),
    "budget": _("Budget line"),
    "by_month": _("Month"),
    "competitors": _("Competitor"),
    "formats": _("Format"),
    "funnel": _("Stage"),
    "goals": _("Goal"),
    "indicators": _("Indicator"),
    "insights": _("Insight"),
    "lines": _("Line"),
    "market_gaps": _("Market gap"),
    "metrics": _("Metric"),
    "milestones": _("Milestone"),
    "needs": _("Need"),
    "opportunities": _("Opportunity"),
    "phases": _("Phase"),
    "pieces": _("Piece"),
    "recommendations": _("Recommendation"),
    "resources": _("Resource"),
    "risks": _("Risk"),
    "signs": _("Sign"),
    "stages": _("Stage"),
    "strengths": _("Strength"),
    "success_metrics": _("Success metric"),
    "tasks": _("Task"),
    "themes": _("Theme"),
    "threats": _("Threat"),
    "thresholds": _("Threshold"),
    "unwritten": _("Piece without a title"),
    "warnings": _("Warning"),
    "weaknesses": _("Weakness"),
}


def path_label(path: str, *, say: Say = str) -> str:
    """Return a path for people: "risks[0].mitigation" is "Risk 1 · Prevent it"; a statement is its text."""
    return " · ".join(label(part, say=say) for part in path.removesuffix(".text").split("."))


def label(part: str, *, say: Say = str) -> str:
    """Return one step of a path for people: "risks[0]" is "Risk 1"."""
    name, *places = part.replace("]", "").split("[")
    shown = (_ONE.get(name) if places else None) or _NAMES.get(name) or names.KEYS.get(name) or _plain(name)
    return " ".join([say(shown), *(str(int(place) + 1) for place in places if place.isdecimal())])


def _plain(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
