"""The section strategic_insights: the insights that the brief carries, the most important first."""

from collections.abc import Mapping, Sequence
from typing import Any

from . import channels, goals, positioning, production, themes, wording
from .goals import insight
from .reading import Reading
from .themes import rank
from .wording import quote

MOST = 16


def write(told: Reading) -> dict[str, Any]:
    """Return the section's draft."""
    found = [
        goals.tell_way(told),
        goals.tell_objectives(told),
        themes.tell_echo(told),
        tell_openings(told),
        production.tell_formats(told),
        production.tell_rhythm(told),
        production.tell_funnel(told),
        *themes.tell_gaps(told),
        *themes.tell_pillars(told),
        channels.tell_attention(told),
        channels.tell_channels(told),
        goals.tell_return(told),
        themes.tell_trends(told),
        themes.tell_seasons(told),
    ]
    insights = sorted((entry for entry in found if entry), key=lambda entry: rank(entry["priority"]))
    given = set(told.brief)
    for entry in insights:
        entry["fields"] = [field for field in entry["fields"] if field in given] or entry["fields"]
    return {
        "insights": insights[:MOST],
        "swot": {
            "strengths": positioning.list_strengths(told),
            "weaknesses": positioning.list_weaknesses(told),
            "opportunities": positioning.list_opportunities(told),
            "threats": positioning.list_threats(told),
        },
        "positioning": positioning.position(told),
    }


def tell_openings(told: Reading) -> dict[str, Any]:
    """Say which openings the competitors leave, or that none is known yet."""
    weak = [rival for rival in told.rivals if "weakness" in rival]
    if not weak:
        names = wording.listing((rival["name"] for rival in told.rivals), most=3, word="or")
        return insight(
            "competition",
            f"Find one weakness of {names} before the first piece is written: ask the last five customers who looked "
            "at them too, and write down their words.",
            f"The brief names none, so nothing yet says why somebody should read you on "
            f"{quote(told.objectives[0])} and not them.",
            "top_competitors",
            "business_objectives",
            affects="the sentence that sets you apart",
            phase="setup",
            priority="High",
            impact="High",
            confidence="High",
        )
    lead = weak[0]
    rule = f"Your rule holds here too: {quote(told.rule)}." if told.rule else ""
    return insight(
        "competition",
        f"{tell_weak(weak)} {advise_on(told, lead)}",
        wording.join(told.position, tell_order(told, lead), rule),
        "top_competitors",
        "competitive_position",
        "editorial_guidelines",
        affects=f"readers who already know {lead['name']}",
        priority="High",
        impact="High",
        confidence="Medium",
    )


def tell_weak(weak: Sequence[Mapping[str, str]]) -> str:
    """Name the openings."""
    if len(weak) == 1:
        return f"{weak[0]['name']} leaves an opening: {quote(weak[0]['weakness'])}."
    openings = wording.listing((f"{rival['name']} ({quote(rival['weakness'])})" for rival in weak), most=4)
    return f"Your competitors leave openings: {openings}. Begin with {weak[0]['name']}."


def advise_on(told: Reading, lead: Mapping[str, str]) -> str:
    """Say which piece goes into the first opening, and what it concedes."""
    piece = f"Make {wording.one(told.format_for('decision', 'launch'))} that is strong exactly there."
    return wording.join(
        piece,
        f"Let it concede {quote(lead['strength'])} at the start; that makes the rest credible."
        if "strength" in lead
        else "",
    )


def tell_order(told: Reading, lead: Mapping[str, str]) -> str:
    """Say why this competitor comes first."""
    if lead is told.rivals[0]:
        return f"You name {lead['name']} first, so your customers are likely to ask about them first."
    return f"Of {told.rivals[0]['name']}, whom you name first, no weakness is known yet."
