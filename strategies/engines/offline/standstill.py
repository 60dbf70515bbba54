"""
The alternative that is no firm: "doing nothing", named among the competitors.

It has no website, publishes nothing and is not asked about; it is argued with all the same.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import wording
from .wording import quote, statement

if TYPE_CHECKING:
    from .reading import Reading

# What people write for it, in English and German.
NAMES = re.compile(
    r"(?:the |just |simply |einfach |gar )?(?:(?:doing |do )?nothing|nobody|no ?one|none|status quo|inaction|"
    r"business as usual|no compet(?:itors?|ition)|nichts(?: ?tun| machen| ändern)?|niemand|keiner?|keine konkurrenz|"
    r"keine? wettbewerber|alles (?:so|beim alten) lassen)(?: at all)?"
)
# What it is called in the middle of a sentence, whatever the user wrote.
PHRASE = "leaving things as they are"


def is_meant(rival: Mapping[str, str]) -> bool:
    """Whether a competitor is none; one with a website is a firm, whatever it calls itself."""
    name = " ".join(re.sub(r"[^\w\s]|_", " ", rival["name"].casefold()).split())
    return "website" not in rival and NAMES.fullmatch(name) is not None


def describe(told: "Reading", rival: Mapping[str, str]) -> dict[str, Any]:
    """Return what speaks for it and what it costs, and the piece that answers it."""
    return {
        "name": rival["name"],
        "strengths": [rival["strength"]] if "strength" in rival else [],
        "weaknesses": [rival["weakness"]] if "weakness" in rival else [],
        "content_strategy": "No firm, and no content to look at: customers who choose nobody stay as they are. Ask the "
        "last three new customers what made them act, and when.",
        "position": _weigh(rival),
        "response": _answer(told, rival),
        "fields": ["top_competitors"],
    }


def _weigh(rival: Mapping[str, str]) -> str:
    strength, weakness = rival.get("strength"), rival.get("weakness")
    if strength and weakness:
        return f"For it speaks {quote(strength)}, against it {quote(weakness)}."
    if strength:
        return f"For it speaks {quote(strength)}; you do not say what it costs."
    if weakness:
        return f"Against it speaks {quote(weakness)}; you do not say what makes it easy."
    return "The brief says neither what speaks for it nor what it costs."


def _answer(told: "Reading", rival: Mapping[str, str]) -> str:
    strength, weakness = rival.get("strength"), rival.get("weakness")
    form = wording.one(told.format_for("decision", "launch"))
    rule = f" Mind your rule: {quote(told.rule)}." if told.rule else ""
    if weakness:
        concede = f" Grant {quote(strength)} at its start." if strength else ""
        shown = f"{wording.capital(form)} that shows {quote(weakness)} in one case, and the smallest first step."
        return f"{shown}{concede}{rule}"
    if strength:
        return f"{wording.capital(form)} that grants {quote(strength)} and asks until when that stays true.{rule}"
    return f"Ask the next three customers what made them stop waiting; their words become {form}.{rule}"


def advise(told: "Reading") -> list[dict[str, Any]]:
    """Say what is done about it beside the firms; nothing where it is not named."""
    if told.standstill is None:
        return []
    form = wording.one(told.format_for("decision"))
    weakness = told.standstill.get("weakness")
    costs = (
        f"what {PHRASE} costs: {quote(weakness)}" if weakness else f"what {PHRASE} costs, in figures of one customer"
    )
    return [
        statement(f"Show in {form} {costs}. Whoever stays as they are compares you with nobody.", "top_competitors")
    ]
