"""What the parts of a score have in common: their weights, and their form."""

from collections.abc import Mapping
from typing import Any

from strategies.advice import Advice

WEIGHTS: Mapping[str, float] = {"completeness": 0.25, "relevance": 0.30, "actionability": 0.25, "confidence": 0.20}


def tell(sentence: str, count: int, *, of: int) -> str:
    """Say how many of how many, in a sentence that has a place for both."""
    return sentence.format(count=count, all=of)


def part(value: float, counts: Mapping[str, int], reasons: list[str], told: list[Advice]) -> dict[str, Any]:
    """Return one part of the score; ``counts`` are the figures that its reasons state."""
    return {"value": max(0, min(100, round(value))), "counts": dict(counts), "reasons": reasons, "advice": told}
