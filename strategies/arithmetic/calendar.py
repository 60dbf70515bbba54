"""The content calendar by arithmetic: which piece appears when, for which stage, where, in which season."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import assignments, cadence, days, effort, seasons
from strategies.arithmetic.figures import number

DAY_NAMES = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
BOUND_BY = {
    "frequency": _("as your rhythm asks"),
    "max_content_pieces": _("as your limit on pieces allows"),
    "capacity": _("as your team's hours allow"),
}
# How often something may appear, inside a sentence.
RATES = {
    "Daily": _("daily"),
    "2-3 times per week": _("2-3 times per week"),
    "Weekly": _("weekly"),
    "Bi-weekly": _("bi-weekly"),
    "Monthly": _("monthly"),
    "Quarterly": _("quarterly"),
}
# By whether there is one day of the week, one piece, one month.
_CADENCES = {
    True: {
        (True, True): _("{count} piece in {months} month ({rate}, {reason}), on {days} where that suffices."),
        (True, False): _("{count} piece in {months} months ({rate}, {reason}), on {days} where that suffices."),
        (False, True): _("{count} pieces in {months} month ({rate}, {reason}), on {days} where that suffices."),
        (False, False): _("{count} pieces in {months} months ({rate}, {reason}), on {days} where that suffices."),
    },
    False: {
        (True, True): _("{count} piece in {months} month ({rate}, {reason}), on {days} where these suffice."),
        (True, False): _("{count} piece in {months} months ({rate}, {reason}), on {days} where these suffice."),
        (False, True): _("{count} pieces in {months} month ({rate}, {reason}), on {days} where these suffice."),
        (False, False): _("{count} pieces in {months} months ({rate}, {reason}), on {days} where these suffice."),
    },
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
    names = [DAY_NAMES[day] for day in weekdays]
    on = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    told = _CADENCES[len(names) == 1][planned == 1, months == 1]
    rate, reason = RATES[rhythm["frequency"]], BOUND_BY[rhythm["bound_by"]]
    return told.format(count=number(planned), months=number(months), rate=rate, reason=reason, days=on)


def tell_capacity(brief: Mapping[str, Any]) -> list[str]:
    """Say what the dates hold on to in the team's hours."""
    if effort.monthly_hours(brief) is None:
        return [_("Your team size is not given, so the dates are not checked against anybody's hours.")]
    return [_("No piece is dated before your team has had the hours for it and for all before it.")]


def tell_seasons(brief: Mapping[str, Any], start: date, end: date) -> list[str]:
    """Say which days each season is taken for, and which seasons can't be dated."""
    told = []
    for season in brief.get("seasonal_trends", []):
        spans = seasons.find(season, start, end)
        if spans:
            years = "; ".join(f"{first.isoformat()} to {last.isoformat()}" for first, last in spans)
            told.append(_("“{season}” is taken for {spans}.").format(season=season, spans=years))
        elif seasons.is_known(season):
            told.append(_("“{season}” does not fall into these months.").format(season=season))
        else:
            unknown = _("“{season}” has no date that is known here; move the pieces that belong to it by hand.")
            told.append(unknown.format(season=season))
    return told
