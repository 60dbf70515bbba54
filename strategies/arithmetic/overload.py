"""Where a calendar asks for more hours than the team has by then. Arithmetic never dates one so; a person may."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import days, effort
from strategies.arithmetic.figures import number


def find(pieces: Sequence[Mapping[str, Any]], brief: Mapping[str, Any], start: date, *, months: int) -> str:
    """
    Return a sentence about the first month by whose end the pieces take more hours than there are; else nothing.

    As the calendar is dated: work may be done earlier than its month, never later.
    """
    hours = effort.monthly_hours(brief)
    if hours is None:
        return ""
    for month in range(1, months + 1):
        end = days.add_months(start, month)
        spent = float(sum(effort.hours_of(one["format"]) for one in pieces if date.fromisoformat(one["date"]) < end))
        if spent > hours * month:
            return _(
                "By {until} the pieces before it take {hours} hours, and your team has {have} by then (planning "
                "assumptions): date some later, or make them lighter."
            ).format(until=end.isoformat(), hours=number(spent), have=number(hours * month))
    return ""
