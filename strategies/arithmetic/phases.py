"""The timeline's phases: when each begins, how long it lasts, what is published in it, and when it is checked."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import effort, figures, forecast

NAMES = {
    "setup": _("Set up and measure"),
    "launch": _("Find the rhythm"),
    "growth": _("Build on what works"),
    "renewal": _("Prove it and decide"),
}


def divide(timeline_months: int) -> list[tuple[str, int]]:
    """Return the phases and their months; each has at least one, and together they are the timeline."""
    if timeline_months < 4:
        return [(key, 1) for key in ("launch", "setup launch", "setup launch growth")[timeline_months - 1].split()]
    # One month is enough to set up; plans of two years and more carry more rules, people and agreements.
    setup = 1 if timeline_months < 24 else 2
    launch = max(1, timeline_months // 5)
    renewal = 1 if timeline_months < 12 else 2
    return [
        ("setup", setup),
        ("launch", launch),
        ("growth", timeline_months - setup - launch - renewal),
        ("renewal", renewal),
    ]


def lay_out(timeline_months: int, by_month: Sequence[int], queue: Sequence[str]) -> list[dict[str, Any]]:
    """Return the phases with their months, pieces by format and milestones, all inside the timeline."""
    phases = []
    start = 1
    for key, months in divide(timeline_months):
        end = start + months - 1
        before, so_far = sum(by_month[: start - 1]), sum(by_month[:end])
        phases.append(
            {
                "key": key,
                "name": NAMES[key],
                "start_month": start,
                "end_month": end,
                "months": months,
                "pieces": so_far - before,
                "pieces_so_far": so_far,
                "formats": dict(Counter(queue[before:so_far])),
                "hours": figures.computed(
                    float(sum(effort.hours_of(form) for form in queue[before:so_far])),
                    _("hours"),
                    _("the phase's pieces of each format × its hours a piece (planning assumptions)"),
                ),
                "milestones": place_milestones(start, end, timeline_months),
            }
        )
        start = end + 1
    return phases


def place_milestones(start: int, end: int, timeline_months: int) -> list[dict[str, Any]]:
    """Return the months of a phase in which something is to be shown: its end, and the forecast's months in it."""
    milestones = [{"key": "forecast", "month": month} for month in forecast.MONTHS if start <= month < end]
    return [*milestones, {"key": "end" if end == timeline_months else "phase", "month": end}]
