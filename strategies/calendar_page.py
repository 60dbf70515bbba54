"""The content calendar as a strategy's page shows it: month by month, and whether one can be made now."""

from collections.abc import Container, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from strategies import calendar_start, spoken
from strategies.errors import Refused
from strategies.kinds import calendar
from strategies.models import Job, Strategy
from strategies.sections import calendar as form

# The months that are shown open; the others are one click away.
OPEN_MONTHS = 3


def context(strategy: Strategy, document: Mapping[str, Any], *, newest: bool) -> dict[str, Any]:
    """Return what the template needs; ``refusal`` is the sentence that says what to do before one can be made."""
    stored = document.get("calendar")
    made = spoken.part("calendar", form.read(stored), document) if stored else None
    job = strategy.jobs.filter(kind=calendar.KIND.key, status__in=Job.ACTIVE).first()
    return {
        "made": made,
        # Of another release, or changed from outside: all of it is shown, plainly.
        "plain": stored if made is None else None,
        "start": date.fromisoformat(made["start"]) if made else None,
        "end": date.fromisoformat(made["end"]) if made else None,
        "months": list_months(made["pieces"], made.get("by_hand", [])) if made else [],
        "set_by_hand": form.tell_by_hand(made) if made else "",
        "can_edit": made is not None and newest and job is None and strategy.status != Strategy.Status.ARCHIVED,
        "job": job,
        "newest": newest,
        "refusal": find_refusal(strategy) if newest else "",
    }


def list_months(pieces: list[dict[str, Any]], by_hand: Container[str] = ()) -> list[dict[str, Any]]:
    """Return the pieces by calendar month, each with its day as a date, and whether a person set it."""
    dated = [{**piece, "day": date.fromisoformat(piece["date"]), "by_hand": piece["id"] in by_hand} for piece in pieces]
    months = groupby(dated, key=lambda piece: piece["day"].replace(day=1))
    return [
        {"first": first, "pieces": list(inside), "open": place < OPEN_MONTHS}
        for place, (first, inside) in enumerate(months)
    ]


def find_refusal(strategy: Strategy) -> str:
    """Return why no calendar can be made now, or nothing."""
    try:
        calendar_start.check_reviewed(strategy)
    except Refused as refusal:
        return refusal.message
    return ""
