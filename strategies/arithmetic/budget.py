"""The money: its split, to the last unit, and what a piece costs."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import effort, figures

# Proposed shares in percent. Making comes first because nothing else pays without it; promotion gets a fifth so that
# what is made is also seen; the reserve pays for the two or three things that no plan foresaw.
MAKING, PROMOTION, TOOLS, RESERVE = 60, 20, 10, 10
# Clicks that are bought cost money that earned ones do not.
MORE_PROMOTION_FOR_PAID_ADVERTISING = 10
# Tests need a tool and somebody's hours; they come out of the reserve since they lessen what can go wrong.
MORE_TOOLS_FOR_TESTING = 5


# What amounts are counted in, by what each of them is of.
_UNITS: Mapping[str, str] = {
    _("a month"): _("{currency} a month"),
    _("a quarter"): _("{currency} a quarter"),
    _("a half-year"): _("{currency} a half-year"),
    _("a year"): _("{currency} a year"),
    _("in all"): _("{currency} in all"),
    _("a piece"): _("{currency} a piece"),
    _("each"): _("{currency} each"),
}


def unit_of(money: Mapping[str, Any], *, per: str = "a month") -> str:
    """Name what amounts are counted in; a currency only where the user named one."""
    return _UNITS[per].format(currency=money["currency"]) if money.get("currency") else per


def divide(
    brief: Mapping[str, Any], formats: Sequence[Mapping[str, Any]], *, planned: int, timeline_months: int
) -> dict[str, Any]:
    """Split the monthly budget over what it pays for, and price a piece; without a budget say what is lacking."""
    money = brief.get("content_budget")
    if not money:
        lacking = _("your monthly content budget")
        return {
            "monthly": figures.missing("a month", lacking),
            "total": figures.missing("in all", lacking),
            "per_piece": figures.missing("a piece", lacking),
            "lines": [],
        }
    amount = money["amount"]
    total = Fraction(str(amount)) * timeline_months
    if not amount:
        return {
            "monthly": figures.yours(amount, unit_of(money)),
            "total": figures.computed(0, unit_of(money, per="in all"), _("a monthly budget of nothing")),
            "per_piece": figures.missing(unit_of(money, per="a piece"), _("a monthly content budget above nothing")),
            "lines": [],
        }
    return {
        "monthly": figures.yours(amount, unit_of(money)),
        "total": figures.computed(
            float(total), unit_of(money, per="in all"), _("your monthly budget × the months of the timeline")
        ),
        "per_piece": figures.priced(
            float(total / planned), unit_of(money, per="a piece"), _("the whole budget ÷ planned pieces")
        ),
        "lines": list_lines(brief, formats, timeline_months=timeline_months),
    }


def list_lines(
    brief: Mapping[str, Any], formats: Sequence[Mapping[str, Any]], *, timeline_months: int
) -> list[dict[str, Any]]:
    """Return the lines of the budget; their shares add up to 100 and their amounts to the budget, exactly."""
    paid = "Paid Advertising" in brief.get("traffic_sources", [])
    testing = brief.get("ab_testing_capabilities") is True
    more_promotion = MORE_PROMOTION_FOR_PAID_ADVERTISING if paid else 0
    more_tools = MORE_TOOLS_FOR_TESTING if testing else 0
    made = [entry for entry in formats if entry["pieces"]]
    hours = [entry["pieces"] * effort.hours_of(entry["format"]) for entry in made]
    # Each format has at least one percent, so that no line that makes something is left without money.
    making = [1 + part for part in figures.split(MAKING - more_promotion - len(made), hours)]
    items = [_("Making: {format}").format(format=entry["format"]) for entry in made]
    items += [_("Promotion, paid clicks included") if paid else _("Promotion and distribution")]
    items += [_("Tools, measuring and tests") if testing else _("Tools and measuring"), _("Reserve")]
    shares = [*making, PROMOTION + more_promotion, TOOLS + more_tools, RESERVE - more_tools]
    money = brief["content_budget"]
    amounts = figures.split_amount(money["amount"], shares)
    lines: list[dict[str, Any]] = [
        {
            "item": item,
            "amount": part,
            "share": share,
            "unit": unit_of(money),
            "basis": figures.COMPUTED + _("your monthly budget × this line's share; the share is our proposal"),
        }
        for item, part, share in zip(items, amounts, shares, strict=True)
    ]
    for line, entry in zip(lines, made, strict=False):
        each = Fraction(str(line["amount"])) * timeline_months / entry["pieces"]
        formula = _("this line × the months of the timeline ÷ the pieces of the format")
        line["per_piece"] = figures.priced(float(each), unit_of(money, per="a piece"), formula)
    return lines
