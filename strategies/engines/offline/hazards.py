"""Risks of goal, people and money: each function looks at some answers and returns the risks that follow."""

from typing import Any

from strategies.arithmetic.figures import number

from . import goals, production, wording
from .reading import Reading
from .wording import quote

Risks = list[dict[str, Any]]

# Growth a month, in percent, up to which a probability of 2, 3 and 4 is given that it is missed; beyond it is 5.
STEEPNESS = (2, 5, 10)


def risk(
    title: str,
    category: str,
    probability: int,
    impact: int,
    *fields: str,
    mitigation: str,
    contingency: str,
    indicator: str,
) -> dict[str, Any]:
    """Return one risk as the draft has it."""
    return {
        "title": title,
        "category": category,
        "probability": probability,
        "impact": impact,
        "mitigation": mitigation,
        "contingency": contingency,
        "indicator": indicator,
        "fields": list(fields),
    }


def goal(told: Reading) -> Risks:
    """The goal is missed, or nobody can tell."""
    name, growth, target = quote(told.metric), told.value("growth.per_month"), told.value("growth.target")
    if target is None:
        return [
            risk(
                f"{name} has no target, so that any result can be called success.",
                "operational",
                4,
                3,
                "target_metrics",
                mitigation="Name a target value before the first release.",
                contingency=f"Judge by the objective itself: {quote(told.objectives[0])}.",
                indicator="The target value is still empty.",
            )
        ]
    if told.value("metric.baseline") is None:
        return [
            risk(
                f"The way to {number(target)} for {name} is followed blind: its start is unknown.",
                "technical",
                4,
                4,
                "target_metrics",
                mitigation="Count it weekly from the first week on, before anything is changed.",
                contingency="Take the first month that was counted as the start, and move the target if it was a guess.",
                indicator=f"A week without a figure for {name}.",
            )
        ]
    if growth is None:
        return []
    likely = next((i for i, bound in enumerate(STEEPNESS, start=2) if abs(growth) <= bound), 5)
    first = told.foundation["metrics"][0]["month_3"]
    floor = (
        f"{name} below {number(first['low'])} in month 3."
        if first["value"] is not None
        else (f"{name} moves by less than {number(abs(growth))} % in a month.")
    )
    return [
        risk(
            f"{name} moves by less than the {number(abs(growth))} % a month that {number(target)} takes.",
            "market",
            likely,
            5,
            "target_metrics",
            "performance_metrics",
            mitigation=f"Put the first hours into pages that lead to {name}; count every month.",
            contingency="Keep the subjects that brought most of it, drop the others, and tell those who wait for it.",
            indicator=floor,
        )
    ]


def people(told: Reading) -> Risks:
    """The hours are not there."""
    size, use = told.brief.get("team_size"), told.value("capacity.use")
    month = wording.pieces(max(told.foundation["cadence"]["by_month"]))
    reserve = f"Keep a month's worth finished ahead: {month}."
    found = []
    if size is None or use is None:
        hours = number(told.value("capacity.hours_needed_per_month") or 0)
        return [
            risk(
                f"Nobody has the {hours} hours a month that the pieces take.",
                "operational",
                3,
                4,
                "content_frequency",
                mitigation="Name who makes them, with hours, before the rhythm is announced.",
                contingency="Publish only what is finished, and say how often that will be.",
                indicator="A release is moved for the second time.",
            )
        ]
    if size == 1:
        found.append(
            risk(
                "One person does it all and falls ill, or a customer comes first.",
                "operational",
                4 if use > production.SPARE else 3,
                4,
                "team_size",
                mitigation=f"{reserve} Write down how a piece is made.",
                contingency=tell_help(told),
                indicator="The pieces kept ahead are used up.",
            )
        )
    if use > production.TIGHT or told.foundation["cadence"]["bound_by"] == "capacity":
        found.append(
            risk(
                f"The plan takes {number(use)} % of the hours there are; anything unforeseen is too much.",
                "operational",
                5,
                3,
                "team_size",
                "content_frequency",
                "preferred_formats",
                mitigation=f"Announce {number(told.foundation['cadence']['planned_per_month']['value'])} pieces a month "
                f"instead of {quote(told.brief['content_frequency'])}.",
                contingency=f"Drop {wording.plural(heaviest(told))} first: they take the most hours.",
                indicator="A piece takes longer than planned three times in a row.",
            )
        )
    return found


def heaviest(told: Reading) -> str:
    """Return the planned format that takes the most hours a piece."""
    made = [entry for entry in told.foundation["formats"] if entry["pieces"]]
    return str(max(made, key=lambda entry: entry["hours_per_piece"]["value"])["format"])


def tell_help(told: Reading) -> str:
    """Say where help comes from when hours are missing."""
    lines = [line for line in told.foundation["budget"]["lines"] if line["item"] == "Reserve"]
    if not lines:
        return "Publish what is finished, repeat the best older piece, and say so openly."
    amount = wording.money(lines[0]["amount"], lines[0]["unit"])
    return f"Pay for help from the reserve ({amount}); beyond that repeat the best older piece."


def money(told: Reading) -> Risks:
    """The money runs out, or comes back too late."""
    if "content_budget" not in told.brief:
        return [
            risk(
                f"No budget is named for {wording.pieces(told.planned)}: in a tight month content is cut first.",
                "financial",
                3,
                3,
                "content_budget",
                mitigation="Have a monthly amount agreed before the first release, be it small.",
                contingency=f"Go on with what costs only hours: {wording.plural(lightest(told))}.",
                indicator="Each expense for content is discussed anew.",
            )
        ]
    if not told.brief["content_budget"]["amount"]:
        hours = number(told.value("capacity.hours_needed_per_month") or 0)
        return [
            risk(
                f"There is no money, so all hangs on {hours} hours a month that people give.",
                "financial",
                3,
                4,
                "content_budget",
                "team_size",
                mitigation="Have the hours promised by name, and begin with what takes few: "
                f"{wording.plural(lightest(told))}.",
                contingency="Publish less, and say so; ask for one sum for one piece rather than for a budget.",
                indicator="Hours that were promised are not given, two months in a row.",
            )
        ]
    roi, targets = told.foundation["roi"], told.part("content_roi_targets")
    monthly = told.foundation["budget"]["monthly"]
    spent = wording.money(monthly["value"], monthly["unit"])
    why = (
        f"a return of {number(roi['value'])} % counts all revenue as the content's"
        if roi["value"] is not None
        else "no field says what one result earns"
    )
    return [
        risk(
            f"{spent} is spent and nobody can say what came back: {why}.",
            "financial",
            4 if targets else 3,
            3,
            "content_budget",
            "content_roi_targets",
            mitigation=wording.join(
                "Agree now on what one result earns, with whoever keeps the books.", goals.tell_needs(told)
            ),
            contingency="Cut promotion first, making last: pieces that exist go on working.",
            indicator="A month is closed with costs and without earnings beside them.",
        )
    ]


def lightest(told: Reading) -> str:
    """Return the planned format that takes the fewest hours a piece."""
    made = [entry for entry in told.foundation["formats"] if entry["pieces"]]
    return str(min(made, key=lambda entry: entry["hours_per_piece"]["value"])["format"])
