"""Rhythm and volume: how many pieces, in which months, in which order."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import assortment, capacity, effort, figures

# Publications a month. "2-3 times per week" is counted at its middle; the range keeps both ends.
PER_MONTH: Mapping[str, tuple[Fraction, Fraction, Fraction]] = {
    "Daily": (Fraction(365, 12),) * 3,
    "2-3 times per week": (Fraction(104, 12), Fraction(130, 12), Fraction(156, 12)),
    "Weekly": (Fraction(52, 12),) * 3,
    "Bi-weekly": (Fraction(26, 12),) * 3,
    "Monthly": (Fraction(1),) * 3,
    "Quarterly": (Fraction(1, 3),) * 3,
}


def settle(brief: Mapping[str, Any], *, timeline_months: int, max_content_pieces: int) -> dict[str, Any]:
    """Decide how many pieces there will be, and say which of rhythm, limit and capacity decided it."""
    shares = assortment.weigh(brief)
    low, per_month, high = PER_MONTH[brief["content_frequency"]]
    wanted = max(1, math.floor(per_month * timeline_months))
    planned, bound_by = wanted, "frequency"
    if max_content_pieces < planned:
        planned, bound_by = max_content_pieces, "max_content_pieces"
    team = brief.get("team_size")
    if team:
        affordable = capacity.fit(shares, planned, hours=team * effort.MAKING_HOURS_PER_PERSON[1] * timeline_months)
        if affordable < planned:
            planned, bound_by = affordable, "capacity"
    return {
        "frequency": brief["content_frequency"],
        "per_month": figures.computed(
            float(per_month),
            _("pieces a month"),
            _("your publishing frequency in an average month"),
            low=None if low == high else float(low),
            high=None if low == high else float(high),
        ),
        "wanted": figures.computed(wanted, _("pieces"), _("your publishing frequency × the months of the timeline")),
        "limit": figures.computed(max_content_pieces, _("pieces"), _("the limit set for this plan")),
        "planned": figures.computed(planned, _("pieces"), _("the smallest of rhythm, limit and capacity")),
        "planned_per_month": figures.computed(
            planned / timeline_months, _("pieces a month"), _("planned pieces ÷ the months of the timeline")
        ),
        "lasts": figures.computed(
            min(float(timeline_months), float(planned / per_month)),
            _("months"),
            _("planned pieces ÷ your publishing frequency, at most the timeline"),
        ),
        "bound_by": bound_by,
        "by_month": spread(planned, timeline_months),
    }


def spread(pieces: int, months: int) -> list[int]:
    """Lay pieces evenly over months; rounded down cumulatively, so that work is never due before it can be done."""
    return [pieces * month // months - pieces * (month - 1) // months for month in range(1, months + 1)]


def queue(formats: Sequence[Mapping[str, Any]], by_month: Sequence[int] = (), *, hours: int | None = None) -> list[str]:
    """
    Return the format of each piece in the order of publication: well mixed from first to last, the sums exact.

    With a team's ``hours`` a month, what takes long waits until the hours up to its month suffice for all before it.
    """
    order = interleave({entry["format"]: entry["pieces"] for entry in formats})
    return order if hours is None else _level(order, by_month, hours)


def interleave(wanted: Mapping[str, int]) -> list[str]:
    """Lay so many of each thing in one row, well mixed from first to last; the sums are exact."""
    wanted = {name: count for name, count in wanted.items() if count}
    total, done = sum(wanted.values()), dict.fromkeys(wanted, 0)
    order = []
    for place in range(1, total + 1):
        # What is furthest behind its share so far comes next; what is all out is never behind.
        chosen = max(wanted, key=lambda name: wanted[name] * place - done[name] * total)
        done[chosen] += 1
        order.append(chosen)
    return order


def _level(order: list[str], by_month: Sequence[int], hours: int) -> list[str]:
    """
    Put lighter pieces first where the months so far have too few hours.

    Each exchange lowers the hours of every month before it, and with the lightest pieces first all months suffice if the
    whole does; so this ends, and no month is left over its hours that need not be.
    """
    order, end = list(order), 0
    for month, pieces in enumerate(by_month, 1):
        end += pieces
        while sum(effort.hours_of(form) for form in order[:end]) > hours * month:
            heavy = max(range(end), key=lambda place: (effort.hours_of(order[place]), place))
            light = min(range(end, len(order)), key=lambda place: (effort.hours_of(order[place]), place), default=heavy)
            if effort.hours_of(order[light]) >= effort.hours_of(order[heavy]):
                break
            order[heavy], order[light] = order[light], order[heavy]
    return order
