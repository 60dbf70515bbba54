"""What a document and its calendar take without a language model: for a usual brief, and for the largest."""

import asyncio
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks import streams

ROUNDS = 5
USUAL: dict[str, Any] = {
    "business_objectives": ["Double the number of paying customers"],
    "target_metrics": {"primary_metric": "Trials per month", "target_value": 600},
    "content_budget": {"amount": 3000, "currency": "EUR"},
    "team_size": 3,
    "performance_metrics": {"traffic": 24000, "conversion_rate": 1.2},
    "content_preferences": ["Blog Posts", "Videos"],
    "audience_pain_points": ["Lack of Time", "I only think of it in May"],
    "top_competitors": [{"name": "The largest", "strength": "Known to all", "weakness": "Slow to answer"}],
    "preferred_formats": ["Blog Posts", "Email Newsletters", "Social Media Posts"],
    "content_frequency": "Weekly",
    "brand_voice": {"tones": ["Friendly"]},
}


def run() -> dict[str, float]:
    """Return the least seconds for each: all sections joined and scored, and the calendar's dates."""
    with streams.place():
        figures: dict[str, float] = {}
        for name, material in (("usual", _material(USUAL, 12, 50)), ("largest", _material(_largest(), 36, 200))):
            figures[f"{name}: document s"] = _least(lambda material=material: _document(material))  # type: ignore[misc]
            figures[f"{name}: calendar s"] = _least(lambda material=material: _calendar(material))  # type: ignore[misc]
    for name, figure in figures.items():
        print(f"  {name:22} {figure:g}", flush=True)
    return figures


def _largest() -> dict[str, Any]:
    """Return a brief of 30 competitors, 30 gaps and 50 pains with as many words as are taken, and a daily rhythm."""
    words = "a very long sentence about all kinds of things 12345 " * 40
    return USUAL | {
        "top_competitors": [
            {"name": f"Rival {n}", "strength": words[:1900], "weakness": words[3:1903]} for n in range(30)
        ],
        "market_gaps": [{"gap_description": f"{n} {words[:1900]}", "priority": "High"} for n in range(30)],
        "audience_pain_points": [f"{n} {words[:150]}" for n in range(50)],
        "content_frequency": "Daily",
        "team_size": 30,
    }


def _material(answers: dict[str, Any], months: int, pieces: int) -> Any:
    from strategies import arithmetic, brief
    from strategies.engines import Material

    asked = {"name": "A plan", "industry": "A trade", "brief": answers}
    cleaned = brief.clean_strategy(asked | {"timeline_months": months, "max_content_pieces": pieces})
    sizes: dict[str, Any] = {"timeline_months": months, "max_content_pieces": pieces}
    foundation = arithmetic.found(cleaned.brief, **sizes)
    return Material(name="A plan", industry="A trade", brief=cleaned.brief, foundation=foundation, **sizes)


def _document(material: Any) -> None:
    from strategies import document, sections
    from strategies.engines.offline import Offline

    async def write() -> dict[str, Any]:
        engine = Offline()
        return {
            key: sections.compose(key, (await engine.write(key, material)).draft, material) for key in sections.KEYS
        }

    document.compile(material, asyncio.run(write()), {})


def _calendar(material: Any) -> None:
    from strategies.arithmetic import calendar

    calendar.schedule(material.brief, material.foundation, start=date(2027, 1, 4))


def _least(work: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return round(min(times), 4)
