"""Days to publish on: the days of the week, the days of the timeline, and the day of each piece."""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import effort, seasons

# The days of the week, Monday is 0.
SLOT_DAYS: Mapping[str, tuple[int, ...]] = {
    "Monday Morning": (0,),
    "Tuesday Midday": (1,),
    "Wednesday Afternoon": (2,),
    "Thursday Evening": (3,),
    "Friday Morning": (4,),
    "Weekend": (5, 6),
}
# Where no times are given: as few fixed days of the week as the rhythm needs, away from its edges first.
FIXED_DAYS = ((1,), (1, 3), (0, 2, 4), (0, 1, 2, 3), (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5), (0, 1, 2, 3, 4, 5, 6))


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


def choose_weekdays(brief: Mapping[str, Any], pieces: int, *, days: int) -> tuple[tuple[int, ...], str]:
    """Return the days of the week on which pieces appear, and why these."""
    slots = brief.get("optimal_timing", {}).get("slots") or []
    if slots:
        wanted = tuple(sorted({day for slot in slots for day in SLOT_DAYS[slot]}))
        return wanted, _("The days of the week are your best times to publish.")
    few = FIXED_DAYS[min(7, max(1, math.ceil(pieces * 7 / days))) - 1]
    ours = _("No best times to publish are given, so the days of the week are ours: as few as the rhythm needs.")
    return few, ours


def open_days(start: date, end: date, weekdays: Sequence[int], pieces: int) -> list[date]:
    """
    Return the days on which pieces may appear, each for one of them.

    Where the wanted days of the week are too few, other working days are added, then weekends, as evenly as can be; and
    where there are fewer days than pieces, all of them.
    """
    every = [start + timedelta(offset) for offset in range((end - start).days + 1)]
    chosen = [day for day in every if day.weekday() in weekdays]
    others = [day for day in every if day.weekday() not in weekdays]
    for more in ([day for day in others if day.weekday() < 5], [day for day in others if day.weekday() >= 5]):
        lacking = max(0, pieces - len(chosen))
        chosen += more if lacking >= len(more) else evenly(more, lacking)
    return sorted(chosen)


def evenly(days: Sequence[date], count: int) -> list[date]:
    """Return so many of the days, evenly spaced."""
    return [days[_middle(number, len(days), count)] for number in range(1, count + 1)]


def _middle(number: int, days: int, parts: int) -> int:
    """Return the place of the middle of one of so many parts, counted from 1, into which the days are divided."""
    return (2 * number - 1) * days // (2 * parts)


def thin(days: list[date], brief: Mapping[str, Any], pieces: int) -> list[date]:
    """Leave out every second day of a slump, as far as the others suffice for the rhythm."""
    slack = len(days) - pieces
    slumps = [season for season in brief.get("seasonal_trends", []) if season in seasons.SLUMPS]
    spans = [span for season in slumps for span in seasons.find(season, days[0], days[-1])]
    slow = [day for day in days if _within(day, spans)]
    dropped = set(slow[::2][: max(0, slack)])
    return [day for day in days if day not in dropped]


def _within(day: date, spans: Sequence[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in spans)


def first_months(forms: Sequence[str], months: int, hours: int | None) -> list[int]:
    """Return for each piece how many months have to pass before the team has the hours to begin its last month's work."""
    if hours is None:
        return [0] * len(forms)
    spent, firsts = 0.0, []
    for form in forms:
        spent += float(effort.hours_of(form))
        firsts.append(min(months, max(1, math.ceil(spent / hours))) - 1)
    return firsts


def place(days: Sequence[date], earliest: Sequence[date]) -> list[date]:
    """Give each piece its day: evenly spread, none before its earliest, two on one day only where they must."""
    count, pieces = len(days), len(earliest)
    places: list[int] = []
    for number, day in enumerate(earliest, 1):
        free = places[-1] + 1 if places and count >= pieces else 0
        places.append(max(_middle(number, count, pieces), bisect_left(days, day), free))
    for back in range(1, pieces + 1):
        # What was pushed over the end shares the last days.
        last = count - back if count >= pieces else count - 1
        if places[-back] > last:
            places[-back] = min(count - 1, max(last, bisect_left(days, earliest[-back])))
    return [days[at] for at in places]
