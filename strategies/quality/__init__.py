"""The quality score of a document: computed from the document itself, with its reasons and what would raise it."""

from collections.abc import Mapping
from typing import Any

from strategies import advice
from strategies.advice import Advice
from strategies.quality import actionability, completeness, confidence, parts, relevance

MOST_ADVICE = 4


def score(document: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the total of 100 and its four parts, each with value, weight, reasons and advice.

    ``advice`` beside them is what would raise the total most, with the points that it would gain.
    """
    ready = {entry["key"]: entry["data"] for entry in document["sections"] if entry["status"] == "ready"}
    found = {
        "completeness": completeness.weigh(document, brief),
        "relevance": relevance.weigh(ready, brief),
        "actionability": actionability.weigh(ready, document["foundation"]),
        "confidence": confidence.weigh(document, ready, brief),
    }
    pieces: list[Advice] = []
    for name, part in found.items():
        part["weight"] = parts.WEIGHTS[name]
        ranked = advice.rank(part["advice"])
        part["advice"] = list(dict.fromkeys(piece.text for piece in ranked))[:MOST_ADVICE]
        pieces += ranked
    total = round(sum(parts.WEIGHTS[name] * part["value"] for name, part in found.items()))
    return {"total": total, "parts": found, "advice": advice.merge(pieces)}
