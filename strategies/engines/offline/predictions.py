"""The section performance_predictions: what the computed forecast means."""

from typing import Any

from strategies.arithmetic.figures import number

from . import goals, playbook, wording
from .reading import Reading
from .wording import quote, statement


def write(told: Reading) -> dict[str, Any]:
    """Return the section's draft: words only, the figures are computed."""
    return {
        "reading": statement(
            wording.join(tell_forecast(told), tell_return(told)),
            "target_metrics",
            *(field for field in ("performance_metrics", "content_budget") if field in told.brief),
        ),
        "assumptions": list_conditions(told),
    }


def tell_forecast(told: Reading) -> str:
    """Say what the first row of the forecast means."""
    row, name = told.foundation["metrics"][0], quote(told.metric)
    target = told.value("growth.target")
    points = [(month, row[f"month_{month}"]) for month in (3, 6, 12) if row[f"month_{month}"]["value"] is not None]
    if not points:
        lacking = str(row["month_3"]["basis"]).removeprefix("not estimated: add ")
        aim = f" What is fixed is the aim: {number(target)}." if target is not None else ""
        return f"{name} can't be forecast yet: add {lacking}.{aim}"
    way = wording.listing(
        (
            f"{number(figure['value'])} in month {month} ({number(figure['low'])} to {number(figure['high'])})"
            for month, figure in points
        ),
        most=3,
    )
    month, figure = points[0]
    end = told.material.timeline_months
    by = f" by month {end}" if end not in (point for point, _ in points) else ""
    return (
        f"To reach {number(target or 0)}{by}, {name} has to pass {way}. If it stands below {number(figure['low'])} in "
        f"month {month}, the plan is slower than half of what the target needs: change it then, not at the end."
    )


def tell_return(told: Reading) -> str:
    """Say what is known of the return."""
    roi = told.foundation["roi"]
    if roi["value"] is not None:
        return (
            f"At the target the return is {number(roi['value'])} % if all of that revenue is counted as the content's, "
            "which makes it a ceiling."
        )
    if told.needs:
        return f"The return is open, since nothing says what one result earns. {goals.tell_needs(told)}"
    return f"The return is open: add {str(roi['basis']).removeprefix('not estimated: add ')}."


def list_conditions(told: Reading) -> list[dict[str, Any]]:
    """Return what has to hold for the plan that no figure shows."""
    conditions = []
    frequency = told.brief["content_frequency"]
    pieces = wording.pieces(told.planned)
    conditions.append(
        statement(f"The rhythm ({frequency.lower()}) is kept: {pieces} are out at the end.", "content_frequency")
    )
    sources = told.items("traffic_sources")
    if sources:
        text = f"{sources[0]} goes on bringing visits as it does; it is the first of your sources."
        conditions.append(statement(text, "traffic_sources"))
    if seasons := [season if season in playbook.SEASONS else quote(season) for season in told.items("seasonal_trends")]:
        moves = "moves" if len(seasons) == 1 else "move"
        text = f"{wording.listing(seasons)} {moves} single months up or down; the forecast is the way without seasons."
        conditions.append(statement(text, "seasonal_trends"))
    return conditions
