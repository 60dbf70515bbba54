"""
The offline engine: a planner in code, for when there is no key and no network.

It fills marketing frameworks from the brief and from what was computed, and adds nothing to either. The same brief
gives the same words. It can't follow an instruction in prose: ``Material.instruction`` has no effect.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from strategies.autofill import rules
from strategies.engines import Material, Show, Written

from . import calendar, competition, insights, predictions, risks, roadmap
from .reading import Reading

_WRITERS: Mapping[str, Callable[[Reading], dict[str, Any]]] = {
    "strategic_insights": insights.write,
    "competitive_analysis": competition.write,
    "performance_predictions": predictions.write,
    "implementation_roadmap": roadmap.write,
    "risk_assessment": risks.write,
    "calendar_themes": calendar.write_themes,
    "calendar_pieces": calendar.write_pieces,
}


class Offline:
    """Writes sections without a language model."""

    name = "offline"

    def most_tokens(self, section: str, material: Material) -> int:
        """Return 0: there are none."""
        return 0

    async def write(self, section: str, material: Material, *, show: Show | None = None) -> Written:
        """Return the section's words."""
        if material.text:
            # What is found in 50,000 hostile characters takes a second, and other jobs wait for the loop.
            found = await asyncio.to_thread(rules.find, material.text)
            return Written(draft={"values": found}, raw="", engine=self.name)
        return Written(draft=_WRITERS[section](Reading(material)), raw="", engine=self.name)
