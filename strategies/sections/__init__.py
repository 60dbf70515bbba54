"""The five sections of a strategy: their names, what an engine writes, what is stored, and how one becomes the other."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel

from strategies.autofill.draft import AutofillDraft
from strategies.engines import Material
from strategies.sections import calendar, composition, drafts, schemas

TITLES: Mapping[str, str] = {
    "strategic_insights": _("Strategic insights"),
    "competitive_analysis": _("Competitive analysis"),
    "performance_predictions": _("Performance predictions"),
    "implementation_roadmap": _("Implementation roadmap"),
    "risk_assessment": _("Risk assessment"),
}
KEYS: tuple[str, ...] = tuple(TITLES)
# All that an engine can be asked to write, with the parts of a calendar, and the values that stand in a text.
NAMES: Mapping[str, str] = {
    **TITLES,
    "calendar_themes": "Themes of the calendar",
    "calendar_pieces": "Pieces",
    "autofill": "Values",
}

DRAFTS: Mapping[str, type[BaseModel]] = {
    "strategic_insights": drafts.StrategicInsightsDraft,
    "competitive_analysis": drafts.CompetitiveAnalysisDraft,
    "performance_predictions": drafts.PerformancePredictionsDraft,
    "implementation_roadmap": drafts.ImplementationRoadmapDraft,
    "risk_assessment": drafts.RiskAssessmentDraft,
    "calendar_themes": calendar.CalendarThemesDraft,
    "calendar_pieces": calendar.CalendarPiecesDraft,
    "autofill": AutofillDraft,
}
SCHEMAS: Mapping[str, type[BaseModel]] = {
    "strategic_insights": schemas.StrategicInsights,
    "competitive_analysis": schemas.CompetitiveAnalysis,
    "performance_predictions": schemas.PerformancePredictions,
    "implementation_roadmap": schemas.ImplementationRoadmap,
    "risk_assessment": schemas.RiskAssessment,
}
_COMPOSERS: Mapping[str, Callable[[Mapping[str, Any], Material], dict[str, Any]]] = {
    "strategic_insights": composition.compose_insights,
    "competitive_analysis": composition.compose_competition,
    "performance_predictions": composition.compose_predictions,
    "implementation_roadmap": composition.compose_roadmap,
    "risk_assessment": composition.compose_risks,
}


def compose(key: str, draft: Mapping[str, Any], material: Material) -> dict[str, Any]:
    """Return the section as it is stored; `pydantic.ValidationError` where the draft is not one."""
    words = DRAFTS[key].model_validate(draft).model_dump()
    return check(key, _COMPOSERS[key](words, material))


def check(key: str, section: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored section as JSON, as it should be; `pydantic.ValidationError` where it is not."""
    return SCHEMAS[key].model_validate(section).model_dump(mode="json")
