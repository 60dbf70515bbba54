"""The content calendar by arithmetic: which piece appears when, for which stage, where, in which season."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from strategies.arithmetic import assignments, cadence, days, effort, seasons
from strategies.arithmetic.figures import number

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BOUND_BY = {
    "frequency": "as your rhythm asks",
    "max_content_pieces": "as your limit on pieces allows",
    "capacity": "as your team's hours allow",
}


def schedule(brief: Mapping[str, Any], foundation: Mapping[str, Any], *, start: date) -> dict[str, Any]:
    """
    Date the planned pieces from ``start`` on, as JSON; the same answers and the same day give the same dates.

    Formats and stages are those of the foundation, to the piece. No piece appears before the team has had the hours for
    it and for all before it: what a piece takes may be worked in earlier months, never in later ones.
    """
    months: int = foundation["timeline_months"]
    end = days.add_months(start, months) - timedelta(1)
    by_month, hours = foundation["cadence"]["by_month"], effort.monthly_hours(brief)
    forms = cadence.queue(foundation["formats"], by_month, hours=hours)
    weekdays, told = days.choose_weekdays(brief, len(forms), days=(end - start).days + 1)
    free = days.thin(days.open_days(start, end, weekdays, len(forms)), brief, len(forms))
    dates = days.place(free, [days.add_months(start, month) for month in days.first_months(forms, months, hours)])
    pieces = [
        {"id": f"piece_{number:03}", "format": form, "date": day.isoformat()}
        for number, (form, day) in enumerate(zip(forms, dates, strict=True), 1)
    ]
    assignments.assign_slots(pieces, brief)
    assignments.assign_stages(pieces, foundation)
    assignments.assign_channels(pieces, brief)
    assignments.assign_seasons(pieces, brief)
    return {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "timezone": brief.get("optimal_timing", {}).get("timezone") or "",
        "cadence": tell_cadence(foundation, weekdays),
        "basis": [told, *tell_capacity(brief), *tell_seasons(brief, start, end)],
        "pieces": pieces,
    }


def tell_cadence(foundation: Mapping[str, Any], weekdays: Sequence[int]) -> str:
    """Say in one sentence how often something appears, and on which days of the week."""
    rhythm = foundation["cadence"]
    planned, months = rhythm["planned"]["value"], foundation["timeline_months"]
    some = f"{number(planned)} piece{'' if planned == 1 else 's'} in {number(months)} month{'' if months == 1 else 's'}"
    names = [DAY_NAMES[day] for day in weekdays]
    on = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    suffice = "that suffices" if len(names) == 1 else "these suffice"
    return f"{some} ({rhythm['frequency'].lower()}, {BOUND_BY[rhythm['bound_by']]}), on {on} where {suffice}."


def tell_capacity(brief: Mapping[str, Any]) -> list[str]:
    """Say what the dates hold on to in the team's hours."""
    if effort.monthly_hours(brief) is None:
        return ["Your team size is not given, so the dates are not checked against anybody's hours."]
    return ["No piece is dated before your team has had the hours for it and for all before it."]


def tell_seasons(brief: Mapping[str, Any], start: date, end: date) -> list[str]:
    """Say which days each season is taken for, and which seasons can't be dated."""
    told = []
    for season in brief.get("seasonal_trends", []):
        spans = seasons.find(season, start, end)
        if spans:
            years = "; ".join(f"{first.isoformat()} to {last.isoformat()}" for first, last in spans)
            told.append(f"“{season}” is taken for {years}.")
        elif seasons.is_known(season):
            told.append(f"“{season}” does not fall into these months.")
        else:
            told.append(f"“{season}” has no date that is known here; move the pieces that belong to it by hand.")
    return told
