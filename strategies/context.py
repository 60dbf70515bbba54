"""What is known from a brief, what is missing, and what cannot be said because of it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from .brief import FIELDS, completeness

# What each field carries in the document; shown where the field is empty. The eight required ones stand here too: a
# draft may lack them.
CONSEQUENCES: Mapping[str, str] = {
    "business_objectives": _("No aim to plan for: nothing can be ranked or dropped."),
    "target_metrics": _("No metric and no target: no forecast, and no way to see success."),
    "content_budget": _("No split of the budget, no cost of a piece or of a result, no return."),
    "team_size": _(
        "Whether anybody has the hours for the rhythm stays open; the number of pieces is not checked by it."
    ),
    "implementation_timeline": _(
        "The plan takes the months to plan as they are, and can't see whether you want longer."
    ),
    "market_share": _("How well known you are stays open, and with it whether pieces have to introduce you."),
    "competitive_position": _("Whether to compare openly or to avoid the comparison can't be advised."),
    "performance_metrics": _("No baseline: visits are not forecast, and the target's growth can't be worked out."),
    "content_preferences": _("Whether your formats are the ones your audience likes can't be checked."),
    "consumption_patterns": _("Where, when and on which device pieces are read is not planned for."),
    "audience_pain_points": _("No subjects: the pillars of the content come from here."),
    "buying_journey": _("What happens at each stage is not known; pieces are sorted into stages by format alone."),
    "seasonal_trends": _("Peaks and weak months are not in the plan."),
    "engagement_metrics": _("What readers do with a piece has no baseline, so no target for it can be set."),
    "top_competitors": _("No comparison: nothing to be better at."),
    "competitor_content_strategies": _("Where competitors publish, what and how often is not compared with your plan."),
    "market_gaps": _("Unserved questions are not planned for; the document only says where to look for them."),
    "industry_trends": _("What is changing in the trade is not written about on purpose."),
    "emerging_trends": _("Nothing is planned early."),
    "preferred_formats": _("What can be made is not known."),
    "content_mix": _("Each of your formats gets the same share of pieces."),
    "content_frequency": _("No rhythm, so no number of pieces."),
    "optimal_timing": _("Releases have no fixed place in the week."),
    "quality_metrics": _("What a piece has to pass before release is left to whoever makes it."),
    "editorial_guidelines": _("No house rules go into the checklist, and nothing is kept out."),
    "brand_voice": _("How pieces sound is left to chance."),
    "traffic_sources": _("How pieces are found, and how much hangs on one source, can't be said."),
    "conversion_rates": _("What visits become (addresses, leads, purchases) is not computed."),
    "content_roi_targets": _("What a result has to be worth for the return you want is not computed."),
    "ab_testing_capabilities": _("Whether the conversion rate or visits come first can't be advised."),
}

# Members that figures hang on, for fields that were given without them.
GAPS: tuple[tuple[str, str, str], ...] = (
    ("target_metrics", "target_value", _("Without a target value there is no forecast.")),
    ("performance_metrics", "traffic", _("Without monthly traffic neither visits nor what they become is computed.")),
    ("performance_metrics", "conversion_rate", _("Without it results are computed from your conversion rates only.")),
)


def read(
    name: str, industry: str, brief: Mapping[str, Any], timeline_months: int, max_content_pieces: int
) -> dict[str, Any]:
    """Return what is known, what is missing and what each missing field means for the result."""
    counted = completeness(brief)
    known = [field for field in FIELDS if field.id not in counted.missing]
    missing = [field for field in FIELDS if field.id in counted.missing]
    return {
        "name": name,
        "industry": industry,
        "timeline_months": timeline_months,
        "max_content_pieces": max_content_pieces,
        "known": [{"field": field.id, "label": field.label, "group": field.group} for field in known],
        "missing": [
            {
                "field": field.id,
                "label": field.label,
                "group": field.group,
                "required": field.required,
                "means": CONSEQUENCES[field.id],
            }
            for field in missing
        ],
        "gaps": list_gaps(brief),
        "completeness": {
            "required": count(counted.required_given, counted.required_total),
            "all": count(counted.given, counted.total),
        },
    }


def count(given: int, total: int) -> dict[str, int]:
    """Return how many of how many fields are given, and the percentage, rounded down: 100 means all."""
    return {"given": given, "of": total, "percent": 100 * given // total}


def list_gaps(brief: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what is missing inside fields that were given."""
    gaps = [
        {"field": field, "member": member, "means": means}
        for field, member, means in GAPS
        if field in brief and member not in brief[field]
    ]
    for rival in brief.get("top_competitors", []):
        if "strength" not in rival and "weakness" not in rival:
            means = _("Of “{name}” only the name is known, so no answer to it can be planned.").format(
                name=rival["name"]
            )
            gaps.append({"field": "top_competitors", "member": "strength", "means": means})
    money = brief.get("content_budget")
    if money and money["amount"] and not money.get("currency"):
        gaps.append({"field": "content_budget", "member": "currency", "means": _("Amounts stand without a currency.")})
    return gaps
