"""The one list of the brief's 30 fields; form, validator, schema, prompts, admin and exports all read it."""

import dataclasses

from django.utils.translation import gettext_noop as _

from . import audience, business, content, performance, rivals
from .fields import NAME_LENGTH, Field, Group

GROUPS = (
    Group("business_context", _("Your business"), _("What you want to reach, and what you have to reach it with.")),
    Group("audience_intelligence", _("Your audience"), _("Who you write for: what they like, need and do.")),
    Group("competitive_intelligence", _("Your competition"), _("Who else they listen to, and what nobody tells them.")),
    Group("content_strategy", _("Your content"), _("What you make, how often, and how it sounds.")),
    Group("performance_analytics", _("Your figures"), _("What you measure today, and what it should bring.")),
)

_BY_GROUP = (
    business.BUSINESS,
    audience.AUDIENCE,
    rivals.COMPETITION,
    content.CONTENT,
    performance.PERFORMANCE,
)


def _grouped(field: Field, group: Group) -> Field:
    members = tuple(_grouped(member, group) for member in field.fields)
    return dataclasses.replace(field, group=group.id, fields=members)


FIELDS: tuple[Field, ...] = tuple(
    _grouped(field, group) for group, fields in zip(GROUPS, _BY_GROUP, strict=True) for field in fields
)
REQUIRED: tuple[str, ...] = tuple(field.id for field in FIELDS if field.required)

# Two objects are mostly one list with extras, so the list alone is a complete answer: "Casual" for
# {"tones": ["Casual"]}. The value names the member that the list stands for.
SHORTHAND = {"optimal_timing": "slots", "brand_voice": "tones"}

# What a strategy has beside its brief.
STRATEGY_FIELDS: tuple[Field, ...] = (
    Field("name", _("Name"), "text", _("How you will find it again: “Spring 2027”."), required=True, max=NAME_LENGTH),
    Field("industry", _("Industry"), "text", _("In the words of your customers."), required=True, max=NAME_LENGTH),
    Field(
        "timeline_months",
        _("Months to plan"),
        "integer",
        _("If left open, as long as your timeline says."),
        unit=_("months"),
        min=1,
        max=36,
    ),
    Field(
        "max_content_pieces",
        _("Most pieces of content"),
        "integer",
        _("The calendar never plans more than this."),
        unit=_("pieces"),
        min=1,
        max=200,
    ),
)

_BY_ID = {field.id: field for field in FIELDS}


def field(id: str) -> Field:
    """Return the field of that id; `KeyError` if there is none."""
    return _BY_ID[id]


def member(parent: Field, id: str) -> Field:
    """Return the member of that id; `KeyError` if there is none."""
    for candidate in parent.fields:
        if candidate.id == id:
            return candidate
    raise KeyError(id)
