"""Confidence: how much of a document is known."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies import advice, grounding, sections
from strategies.advice import Advice
from strategies.quality import parts

# Of what can be trusted the figures are worth more than the words; a number from nowhere costs a tenth of all.
KNOWN_SHARE, INVENTED = 60, 10


def weigh(document: Mapping[str, Any], ready: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """How much of it is known: figures with a source against figures that are lacking, and none invented."""
    asked = list(advice.list_asked(document["foundation"], brief))
    known = [cell for cell in asked if cell["value"] is not None]
    own = {"name": document["title"], "industry": document["industry"], **brief}
    # A number that a person wrote into the document is that person's, as one of the brief is.
    own["own_words"] = document.get("own_words", {})
    founded = grounding.collect(own, document["foundation"], ready)
    invented = grounding.find_invented(ready, founded)
    insights = ready.get("strategic_insights", {}).get("insights", [])
    sure = [entry for entry in insights if entry["confidence"] != "Low"]
    counts = {
        "figures": len(asked),
        "known": len(known),
        "invented": len(invented),
        "insights": len(insights),
        "sure": len(sure),
    }
    shares = KNOWN_SHARE * len(known) / max(1, len(asked)) + (100 - KNOWN_SHARE) * len(sure) / max(1, len(insights))
    value = shares - INVENTED * len(invented) if ready else 0
    reasons = [
        parts.tell(
            _("Figures that are yours or computed: {count} of {all}; the others say what to add."),
            counts["known"],
            of=counts["figures"],
        ),
        parts.tell(
            _("Insights that rest on more than a guess: {count} of {all}."), counts["sure"], of=counts["insights"]
        ),
        _("Numbers in the text without a source: {count}.").format(count=counts["invented"])
        if invented
        else _("No number in the text is without a source."),
    ]
    told = [
        Advice(
            text=_("Remove or explain “{own}” in “{title}”.").format(
                own=number, title=sections.TITLES[path.partition(".")[0]]
            ),
            gain=parts.WEIGHTS["confidence"] * INVENTED,
        )
        for path, number in invented
    ]
    waiting = advice.list_waiting(asked, worth=parts.WEIGHTS["confidence"] * KNOWN_SHARE / max(1, len(asked)))
    counts |= {f"waiting_{number}": piece.waiting for number, piece in enumerate(waiting, 1)}
    told += waiting
    return parts.part(value, counts, reasons, told)
