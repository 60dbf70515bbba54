"""Capacity: what the hours of a team suffice for."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import assortment, effort, figures


def fit(shares: Mapping[str, Fraction], pieces: int, *, hours: int) -> int:
    """Return how many of so many pieces can be made in so many hours, whole formats counted; at least one."""
    while (
        pieces > 1 and sum(n * effort.hours_of(form) for form, n in assortment.portion(shares, pieces).items()) > hours
    ):
        pieces -= 1
    return pieces


def measure(brief: Mapping[str, Any], formats: Sequence[Mapping[str, Any]], *, timeline_months: int) -> dict[str, Any]:
    """Return the hours there are, the pieces they make, and how much of them the plan takes."""
    shares = assortment.weigh(brief)
    per_piece = sum(share * effort.hours_of(form) for form, share in shares.items())
    needed = sum(entry["pieces"] * effort.hours_of(entry["format"]) for entry in formats)
    hours_per_piece = figures.computed(
        float(per_piece), _("hours a piece"), _("the hours of each format (planning assumptions) weighted by its share")
    )
    hours_needed = figures.computed(float(needed), _("hours"), _("planned pieces of each format × its hours a piece"))
    hours_needed_per_month = figures.computed(
        float(needed / timeline_months), _("hours a month"), _("hours the plan needs ÷ the months of the timeline")
    )
    team = brief.get("team_size")
    if not team:
        return {
            "hours_per_piece": hours_per_piece,
            "hours_needed": hours_needed,
            "hours_needed_per_month": hours_needed_per_month,
            "hours_in_all": figures.missing(_("hours"), _("your team size")),
            "hours_per_month": figures.missing(_("hours a month"), _("your team size")),
            "pieces_per_month": figures.missing(_("pieces a month"), _("your team size")),
            "use": figures.missing("%", _("your team size")),
        }
    low, value, high = (team * hours for hours in effort.MAKING_HOURS_PER_PERSON)
    reason = _("half of each person's month, less a quarter of that for planning, distribution and measuring")
    return {
        "hours_per_piece": hours_per_piece,
        "hours_needed": hours_needed,
        "hours_needed_per_month": hours_needed_per_month,
        "hours_in_all": figures.estimated(
            value * timeline_months,
            _("hours"),
            low=low * timeline_months,
            high=high * timeline_months,
            reason=_("the team's hours a month × the months of the timeline"),
        ),
        "hours_per_month": figures.estimated(value, _("hours a month"), low=low, high=high, reason=reason),
        "pieces_per_month": figures.estimated(
            float(value / per_piece),
            _("pieces a month"),
            low=float(low / per_piece),
            high=float(high / per_piece),
            reason=_("the team's hours a month ÷ the hours a piece"),
        ),
        "use": figures.computed(
            float(100 * needed / (value * timeline_months)), "%", _("hours the plan needs ÷ the team's hours in it")
        ),
    }
