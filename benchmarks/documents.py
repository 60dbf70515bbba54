"""What a document, its calendar and its files take without a language model: for a usual brief, and for the largest."""

import asyncio
import functools
import os
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks import streams

ROUNDS = 5
KINDS = ("strategy", "calendar")
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
    """
    Return the least seconds for each: all sections joined and scored, the calendar's dates; and of the largest the whole
    jobs, with every row and event that they write, and each file.
    """
    with streams.place():
        figures: dict[str, float] = {}
        for name, material in (("usual", _material(USUAL, 12, 50)), ("largest", _material(_largest(), 36, 200))):
            figures[f"{name}: document s"] = _least(lambda material=material: _document(material))  # type: ignore[misc]
            figures[f"{name}: calendar s"] = _least(lambda material=material: _calendar(material))  # type: ignore[misc]
        figures |= _whole()
    for name, figure in figures.items():
        print(f"  {name:26} {figure:g}", flush=True)
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


def _whole() -> dict[str, float]:
    """Have a worker's jobs done on the benchmark's own database, and render what they made."""
    from django.contrib.auth import get_user_model

    from strategies import brief
    from strategies.exports import api
    from strategies.models import Strategy

    asked = {"name": "A plan", "industry": "A trade", "brief": _largest()}
    cleaned = brief.clean_strategy(asked | {"timeline_months": 36, "max_content_pieces": 200})
    owner = get_user_model()._default_manager.get(username="reader")
    strategy = Strategy.objects.create(owner=owner, status=Strategy.Status.ACTIVE, **vars(cleaned))
    figures = {f"largest: {kind} job s": _least(functools.partial(_work, strategy, kind)) for kind in KINDS}
    version = strategy.versions.order_by("-number")[0]
    assert len(version.document["calendar"]["pieces"]) == 200
    # A server's typesetter has all cores, and uses them.
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    for name, kind_of_file in {**api.DOCUMENTS, **api.CALENDARS}.items():
        figures[f"largest: {name} file s"] = _least(functools.partial(kind_of_file.render, version, ""), rounds=3)
    return figures


def _work(strategy: Any, kind: str) -> None:
    from strategies import jobs, kinds
    from strategies.run import Run

    jobs.enqueue(owner=strategy.owner, kind=kind, strategy=strategy, params=kinds.get(kind).check(strategy, {}))
    (claimed,) = jobs.claim("benchmark", 1)
    asyncio.run(Run(claimed).work())
    claimed.refresh_from_db()
    assert claimed.status == "succeeded", claimed.error


def _least(work: Callable[[], Any], *, rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return round(min(times), 4)
