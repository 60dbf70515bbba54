"""
The monitoring plan: what is looked at, how often, by whom, and from which number on something is wrong.

Computed from the groundwork and the sections; nothing is made up. Every threshold is a figure with unit and basis: the
low end of the forecast, the user's own target or limit, or, where nothing leads to a number, what to add so that it is
watched.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import figures, forecast, measures, returns

AT_LEAST, AT_MOST = _("at least"), _("at most")
LOW, HIGH = "low", "high"
_LOW_END: Final = _("the low end of the forecast for that month")
_HIGH_END: Final = _("the high end of the forecast for that month")

FREQUENCIES: Final = {"a day": "Weekly", "a week": "Weekly", "a month": "Monthly", "a quarter": "Quarterly"}
# Rates whose rise is the loss.
FALLING: Final = {"Bounce rate"}
# What a piece has to reach before it is released, by the member of the brief's quality metrics.
QUALITY: Final = (
    ("readability_score", _("Readability of a piece"), _("of 100 (Flesch)")),
    ("seo_score", _("SEO score of a piece"), _("of 100")),
)
PER_PIECE: Final = "Before each release"
NOT_COUNTED: Final = _("not counted yet")
NUMBERS, PIECES, MONEY = "numbers", "pieces", "money"
# What a risk of a category is seen in first.
WORK_OF: Final = {"financial": MONEY, "operational": PIECES}


def plan(
    foundation: Mapping[str, Any], brief: Mapping[str, Any], sections: Mapping[str, Mapping[str, Any] | None]
) -> dict[str, Any]:
    """Return ``{tasks, signs, owners}``: figures to watch, signs of the risks, and what the roles rest on."""
    owner = _Owner(brief.get("team_size"))
    tasks = [
        *_metrics(foundation, owner),
        *_pieces(foundation, owner),
        *_quality(brief, owner),
        *_money(foundation, brief, owner),
    ]
    return {"tasks": tasks, "signs": list(_signs(sections.get("risk_assessment") or {}, owner)), "owners": owner.basis}


def name_owner(team_size: int | None, category: str) -> str:
    """Return who watches a risk of this category: a role, since a brief names how many people there are and not who."""
    return _Owner(team_size).of(WORK_OF.get(category, NUMBERS))


class _Owner:
    """Who looks at what. A brief names how many people there are and not who, so these are roles."""

    def __init__(self, team_size: int | None) -> None:
        if team_size is None:
            self.basis = _("One person is named for all: add your team size, and the work is shared out.")
            self._roles = dict.fromkeys((NUMBERS, PIECES, MONEY), "Whoever runs the plan")
        elif team_size == 1:
            self.basis = _("You are one person, so all of it is yours.")
            self._roles = dict.fromkeys((NUMBERS, PIECES, MONEY), "You")
        else:
            analyst = "Analyst" if team_size > 2 else "Lead"
            roles = _("Roles, proposed for your team of {count}; put names in their place.")
            self.basis = roles.format(count=figures.number(team_size))
            self._roles = {NUMBERS: analyst, PIECES: "Editor", MONEY: "Lead"}

    def of(self, work: str) -> str:
        return self._roles[work]


def _task(
    metric: str, frequency: str, owner: str, thresholds: list[dict[str, Any]], *, bound: str, fields: list[str]
) -> dict[str, Any]:
    watched = [threshold for threshold in thresholds if threshold["value"] is not None]
    lacking = "" if watched else str(thresholds[0]["basis"]).removeprefix(figures.MISSING)
    return {
        "metric": metric,
        "frequency": frequency,
        "owner": owner,
        "bound": bound,
        "thresholds": watched or thresholds[:1],
        "note": _("Not watched until you add {what}.").format(what=lacking) if lacking else "",
        "fields": fields,
    }


def _threshold(figure: dict[str, Any], *, month: int | None = None) -> dict[str, Any]:
    """A figure, and the month at whose end it holds; None for always."""
    return {"month": month, **figure}


# --- the metrics of the forecast ---------------------------------------------------------------------------------------


def _metrics(foundation: Mapping[str, Any], owner: _Owner) -> Iterator[dict[str, Any]]:
    primary = foundation["metric"]
    for row in foundation["metrics"]:
        is_primary = row["name"] == primary["name"]
        falls = row["name"] in FALLING or (is_primary and primary["kind"] in measures.FALLING)
        thresholds = _forecast(row, falls=falls)
        if is_primary and not thresholds:
            thresholds = _target(foundation)
        thresholds = thresholds or [_threshold(_today(row["baseline"], falls=falls))]
        period = primary["period"] if is_primary else "a month"
        frequency = FREQUENCIES.get(period, "Quarterly")
        bound, fields = AT_MOST if falls else AT_LEAST, ["target_metrics"] if is_primary else ["performance_metrics"]
        yield _task(row["name"], frequency, owner.of(NUMBERS), thresholds, bound=bound, fields=fields)


def _forecast(row: Mapping[str, Any], *, falls: bool) -> list[dict[str, Any]]:
    """Return the slow end of the forecast for each of its months: behind it the target is out of reach."""
    end = HIGH if falls else LOW
    found = []
    for month in forecast.MONTHS:
        figure = row[f"month_{month}"]
        if figure["value"] is not None and figure[end] is not None:
            formula = _HIGH_END if falls else _LOW_END
            found.append(_threshold(figures.computed(figure[end], figure["unit"], formula), month=month))
    return found


def _target(foundation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the user's target for the end of the timeline, where no forecast leads to it."""
    target = foundation["growth"]["target"]
    if target["value"] is None:
        return []
    return [_threshold(dict(target), month=foundation["timeline_months"])]


def _today(baseline: Mapping[str, Any], *, falls: bool) -> dict[str, Any]:
    """Return where a metric stands today: beyond it something was lost."""
    if baseline["value"] is None:
        return {**baseline, "unit": baseline["unit"] or NOT_COUNTED}
    formula = (
        _("where it stands today; above it something was lost")
        if falls
        else _("where it stands today; below it something was lost")
    )
    return figures.computed(baseline["value"], baseline["unit"], formula)


# --- the work and the money --------------------------------------------------------------------------------------------


def _pieces(foundation: Mapping[str, Any], owner: _Owner) -> Iterator[dict[str, Any]]:
    made = [
        _threshold(
            figures.computed(phase["pieces_so_far"], _("pieces"), _("pieces planned until the end of the phase")),
            month=phase["end_month"],
        )
        for phase in foundation["phases"]
    ]
    fields = ["content_frequency", "preferred_formats"]
    yield _task(_("Pieces published so far"), "Monthly", owner.of(PIECES), made, bound=AT_LEAST, fields=fields)
    hours = [_threshold(dict(foundation["capacity"]["hours_per_month"]))]
    yield _task(_("Hours spent on pieces"), "Monthly", owner.of(PIECES), hours, bound=AT_MOST, fields=["team_size"])


def _quality(brief: Mapping[str, Any], owner: _Owner) -> Iterator[dict[str, Any]]:
    for member, name, unit in QUALITY:
        value = measures.look_up(brief, f"quality_metrics.{member}")
        if value is not None:
            wanted = [_threshold(figures.yours(value, unit))]
            yield _task(name, PER_PIECE, owner.of(PIECES), wanted, bound=AT_LEAST, fields=["quality_metrics"])


def _money(foundation: Mapping[str, Any], brief: Mapping[str, Any], owner: _Owner) -> Iterator[dict[str, Any]]:
    spent = [_threshold(dict(foundation["budget"]["monthly"]))]
    yield _task(_("Spent on content"), "Monthly", owner.of(MONEY), spent, bound=AT_MOST, fields=["content_budget"])
    period = (brief.get("content_roi_targets") or {}).get("measurement_period", "Monthly")
    for need in foundation["roi"]["needs"]:
        # What a result costs at the target is the most that it may cost; what it has to be worth is the least.
        bound = AT_MOST if need["key"] == "cost_at_target" else AT_LEAST if need["key"] in _WORTHS else None
        if bound:
            often = "Monthly" if need["key"] == "cost_at_target" else period
            fields = ["content_budget", "content_roi_targets" if bound == AT_LEAST else "target_metrics"]
            yield _task(
                need["name"], often, owner.of(MONEY), [_threshold(dict(need["figure"]))], bound=bound, fields=fields
            )


_WORTHS: Final = {*returns.RETURNS, "revenue_roi"}


# --- the risks ---------------------------------------------------------------------------------------------------------


def _signs(risks: Mapping[str, Any], owner: _Owner) -> Iterator[dict[str, Any]]:
    """Yield the signs of the risks in their order, the worst first: each with what is done when it shows."""
    frequency = (risks.get("monitoring") or {}).get("frequency", "Monthly")
    for risk in risks.get("risks", []):
        yield {
            "sign": risk["indicator"],
            "risk": risk["title"],
            "frequency": frequency,
            "owner": owner.of(WORK_OF.get(risk["category"], NUMBERS)),
            "answer": risk["contingency"],
            "fields": risk["fields"],
        }
