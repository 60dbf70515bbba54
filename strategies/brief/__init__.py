"""
The brief: what a strategy is made from. 30 fields, 8 of them required.

This is the face of the subject; its parts are the modules of this package. A brief that has been through `clean` is
canonical: a plain JSON object of the fields that were given, and cleaning it again changes nothing.

Canonical values: text, choice, url and timezone are str; texts and choices are lists of str without duplicates;
numbers are int where integral, else float; money is ``{amount, currency}`` with "" for an unnamed currency;
objects hold the members that were given, except ``optimal_timing``, which is always ``{slots, timezone}``.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from .description import ENGLISH, Tongue, describe, say
from .fields import LIST_LENGTH, NAME_LENGTH, ROWS_LENGTH, TEXT_LENGTH, Field, Group
from .forms import from_form, to_form
from .json_schema import schema
from .reading import Invalid, Reading
from .registry import FIELDS, GROUPS, REQUIRED, SHORTHAND, STRATEGY_FIELDS, field, member
from .starts import templates
from .texts import blank
from .values import READERS
from .words import Rejected, accepted, mistaken

__all__ = [
    "ENGLISH",
    "FIELDS",
    "GROUPS",
    "LIST_LENGTH",
    "NAME_LENGTH",
    "REQUIRED",
    "ROWS_LENGTH",
    "SHORTHAND",
    "STRATEGY_FIELDS",
    "TEXT_LENGTH",
    "Cleaned",
    "Completeness",
    "Field",
    "Group",
    "Invalid",
    "Reading",
    "Tongue",
    "accepted",
    "clean",
    "clean_partial",
    "clean_strategy",
    "completeness",
    "describe",
    "field",
    "from_form",
    "member",
    "months",
    "read",
    "say",
    "schema",
    "templates",
    "to_form",
]

DEFAULT_MONTHS = 12
DEFAULT_PIECES = 50
_MONTHS = {"3 months": 3, "6 months": 6, "1 year": 12, "2 years": 24}

# Wholes are fields too, so that the one reader of objects reads them.
_BRIEF = Field("brief", "Brief", "object", fields=FIELDS)
_STRATEGY = Field("strategy", "Strategy", "object", fields=STRATEGY_FIELDS)


@dataclasses.dataclass(frozen=True)
class Cleaned:
    """A strategy as it may be stored."""

    name: str
    industry: str
    brief: dict[str, Any]
    timeline_months: int
    max_content_pieces: int


@dataclasses.dataclass(frozen=True)
class Completeness:
    """How much of a brief is filled in: of the required fields, and of all."""

    required_given: int
    required_total: int
    given: int
    total: int
    missing: tuple[str, ...]
    missing_required: tuple[str, ...]


def clean(raw: object) -> dict[str, Any]:
    """Return the canonical form of a whole brief; `Invalid` names every fault and every required field left out."""
    return _read(raw, partial=False)


def clean_partial(raw: object) -> dict[str, Any]:
    """Return the canonical form of a draft: like `clean`, but nothing is required of it."""
    return _read(raw, partial=True)


def clean_strategy(raw: Mapping[str, Any]) -> Cleaned:
    """Return a strategy's canonical form from ``{name, industry, brief, timeline_months?, max_content_pieces?}``."""
    if not isinstance(raw, Mapping):
        raise Invalid({_STRATEGY.id: [str(mistaken(_STRATEGY, raw))]})
    reading = Reading(partial=False)
    own = reading.whole(_STRATEGY, raw, beside=_BRIEF.id)
    given = raw.get(_BRIEF.id)
    brief = reading.whole(_BRIEF, {} if blank(given) else given, prefix="brief.")
    reading.close()
    return Cleaned(
        name=own["name"],
        industry=own["industry"],
        brief=brief,
        timeline_months=own.get("timeline_months") or months(brief),
        max_content_pieces=own.get("max_content_pieces") or DEFAULT_PIECES,
    )


def read(question: Field, raw: object) -> Any:
    """Return the canonical value of a single field, None where nothing was said; `Invalid` names it."""
    try:
        return None if blank(raw) else READERS[question.type](question, raw)
    except Rejected as rejected:
        raise Invalid({question.id: [str(rejected)]}) from None


def months(brief: Mapping[str, Any]) -> int:
    """Return the months to plan as the brief's timeline says; "Ongoing" and silence mean a year."""
    return _MONTHS.get(brief.get("implementation_timeline", ""), DEFAULT_MONTHS)


def completeness(brief: Mapping[str, Any]) -> Completeness:
    """Count what a canonical brief or draft has; a field without its required members counts as missing."""
    missing = tuple(each.id for each in FIELDS if not _answered(each, brief.get(each.id)))
    missing_required = tuple(id for id in missing if id in REQUIRED)
    return Completeness(
        required_given=len(REQUIRED) - len(missing_required),
        required_total=len(REQUIRED),
        given=len(FIELDS) - len(missing),
        total=len(FIELDS),
        missing=missing,
        missing_required=missing_required,
    )


def _answered(question: Field, value: Any) -> bool:
    if blank(value):
        return False
    rows = value if question.type == "objects" else [value] if question.type == "object" else []
    return all(not blank(row.get(each.id)) for row in rows for each in question.fields if each.required)


def _read(raw: object, *, partial: bool) -> dict[str, Any]:
    reading = Reading(partial=partial)
    brief = reading.whole(_BRIEF, raw)
    reading.close()
    return brief
