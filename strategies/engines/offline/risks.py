"""The section risk_assessment: what may go wrong for reasons that stand in the brief, and how it is watched."""

from collections.abc import Callable
from typing import Any

from strategies.arithmetic.figures import number

from . import dangers, execution, hazards
from .hazards import Risks
from .reading import Reading
from .wording import quote

MOST = 14

_HAZARDS: tuple[Callable[[Reading], Risks], ...] = (
    hazards.goal,
    hazards.people,
    hazards.money,
    dangers.rivals,
    dangers.visits,
    execution.formats,
    execution.rules,
    dangers.market,
    dangers.seasons,
    dangers.trends,
    execution.proof,
    execution.rhythm,
)
_LOOKS = {
    "Daily": "Weekly",
    "2-3 times per week": "Weekly",
    "Weekly": "Every two weeks",
    "Bi-weekly": "Monthly",
    "Monthly": "Monthly",
    "Quarterly": "Quarterly",
}


def write(told: Reading) -> dict[str, Any]:
    """Return the section's draft."""
    found = [risk for find in _HAZARDS for risk in find(told)]
    found.sort(key=lambda risk: -risk["probability"] * risk["impact"])
    return {"risks": found[:MOST], "monitoring": watch(told, found)}


def watch(told: Reading, found: Risks) -> dict[str, Any]:
    """Return what is looked at, how often, and who decides what when it tips."""
    name = quote(told.metric)
    low = told.foundation["metrics"][0]["month_3"]
    floor = (
        f"{name} below {number(low['low'])} in month 3: halve the subjects, keep those that brought most of it."
        if low["value"] is not None
        else f"{name} lower than a month before, twice in a row: stop new subjects and rework what is out."
    )
    return {
        "indicators": list(dict.fromkeys(risk["indicator"] for risk in found))[:6],
        "frequency": _LOOKS[told.brief["content_frequency"]],
        "escalation": [
            floor,
            f"Two releases missed in a row: whoever answers for {quote(told.objectives[0])} decides what is dropped.",
            f"The first risk of this list has come true: begin its contingency that week, count {name} weekly.",
        ],
    }
