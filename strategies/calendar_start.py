"""Whether a calendar may be made of a strategy, and the day on which it begins."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from strategies import basis, brief
from strategies.errors import Refused
from strategies.models import Job, Strategy

# A calendar may begin where a plan that is under way began, and is not made for years that nobody can plan.
EARLIEST_DAYS, LATEST_DAYS = 366, 5 * 366


def check(strategy: Strategy | None, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters; ``Refused`` unless somebody stands by the document, ``brief.Invalid`` for a bad date."""
    assert strategy is not None
    start = params.get("start")
    checked = {} if start is None else {"start": _read_start(strategy, start).isoformat()}
    check_reviewed(strategy)
    return checked


def check_reviewed(strategy: Strategy) -> None:
    """Refuse a calendar for a document that nobody has read; say what to do first."""
    version = basis.check(strategy)
    if strategy.status == Strategy.Status.ACTIVE:
        return
    ready = version.sections.filter(ready=True)
    waiting = [f"“{section.title}”" for section in ready.filter(reviewed=None).only("key")]
    if waiting:
        sentence = _(
            "A calendar is made from a strategy that is active or reviewed. {waiting} of {all} sections wait for a "
            "review: review {names} first."
        ).format(waiting=len(waiting), all=ready.count(), names=", ".join(waiting))
        raise Refused("not_reviewed", sentence)


def _read_start(strategy: Strategy, raw: object) -> date:
    today = _today(strategy.brief)
    first, last = today - timedelta(EARLIEST_DAYS), today + timedelta(LATEST_DAYS)
    try:
        day = date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        day = None
    if day is None or not first <= day <= last:
        sentence = _("The start is a date such as 2027-02-01, from {first} to {last}.").format(first=first, last=last)
        raise brief.Invalid({"start": [sentence]})
    return day


def _today(answers: Mapping[str, Any]) -> date:
    zone = answers.get("optimal_timing", {}).get("timezone") or "UTC"
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def freeze(job: Job) -> dict[str, Any]:
    """Return the version and the brief to work from, and the first day: the one asked for, else the next Monday."""
    frozen = basis.freeze(job)
    today = _today(frozen["brief"])
    monday = today + timedelta(7 - today.weekday())
    return {**frozen, "start": job.params.get("start") or monday.isoformat()}
