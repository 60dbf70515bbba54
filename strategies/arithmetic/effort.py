"""Effort: the hours that a piece takes, and those that a team has for making pieces."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import figures

# Planning assumption: half of a 160-hour month goes to content, and a quarter of that to planning, distribution and
# measuring. The range runs from a person with one day and a half a week to one with little else to do.
MAKING_HOURS_PER_PERSON = (30, 60, 90)

# Planning assumption: hours for one piece from brief to release, with review and pictures, without promotion.
HOURS_PER_PIECE: Mapping[str, tuple[float, float, float]] = {
    "Blog Posts": (4, 8, 16),
    "Videos": (8, 20, 40),
    "Infographics": (6, 10, 16),
    "Podcasts": (6, 12, 20),
    "Webinars": (16, 24, 40),
    "Case Studies": (8, 16, 30),
    "Whitepapers": (24, 40, 56),
    "Social Media Posts": (0.5, 1.5, 3),
    "Email Newsletters": (2, 4, 8),
    "Interactive Content": (20, 40, 56),
    "Other formats": (4, 12, 24),
}


def hours_of(form: str) -> Fraction:
    """Return the hours that one piece of a format is planned with."""
    return Fraction(HOURS_PER_PIECE.get(form, HOURS_PER_PIECE["Other formats"])[1])


def assume_hours(form: str) -> dict[str, Any]:
    """Return what one piece of a format is planned with."""
    low, value, high = HOURS_PER_PIECE.get(form, HOURS_PER_PIECE["Other formats"])
    reason = _("from brief to release, with review and pictures; put your own time sheets in its place")
    return figures.estimated(value, "hours a piece", low=low, high=high, reason=reason)


def monthly_hours(brief: Mapping[str, Any]) -> int | None:
    """Return the hours a month that the team has for making pieces, as planned with; None where its size is not known."""
    team: int | None = brief.get("team_size")
    return team * MAKING_HOURS_PER_PERSON[1] if team else None
