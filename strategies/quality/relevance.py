"""Relevance: how far a document is about its brief."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies import grounding
from strategies.advice import Advice
from strategies.brief import registry
from strategies.quality import parts


def weigh(ready: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """How far the document is about this brief: statements that rest on its fields, fields used, words taken up."""
    statements = list(find_statements(ready))
    grounded = [fields for fields in statements if any(field in brief for field in fields)]
    used = {field for fields in statements for field in fields if field in brief}
    unused = [field for field in registry.FIELDS if field.id in brief and field.id not in used]
    names = list_names(brief)
    said = " ".join(text for _, text in grounding.text_leaves(ready)).casefold()
    silent = [name for name in names if name.casefold() not in said]
    counts = {
        "statements": len(statements),
        "grounded": len(grounded),
        "given": len(used) + len(unused),
        "used": len(used),
        "names": len(names),
        "named": len(names) - len(silent),
    }
    shares = [
        counts["grounded"] / max(1, counts["statements"]),
        counts["used"] / max(1, counts["given"]),
        counts["named"] / max(1, counts["names"]),
    ]
    value = 100 * sum(shares) / len(shares) if statements else 0
    reasons = [
        parts.tell(
            _("Statements that name a field of your brief they rest on: {count} of {all}."),
            counts["grounded"],
            of=counts["statements"],
        ),
        parts.tell(_("Fields of yours that are used: {count} of {all}."), counts["used"], of=counts["given"]),
        parts.tell(
            _("Objectives, competitors, pains and gaps that are taken up: {count} of {all}."),
            counts["named"],
            of=counts["names"],
        ),
    ]
    third = parts.WEIGHTS["relevance"] * 100 / len(shares)
    told = [
        Advice(text=_("Nothing is said about “{own}”.").format(own=name), gain=third / len(names)) for name in silent
    ]
    told += [
        Advice(
            text=_("“{label}” is filled in but not used: write the section that needs it again.").format(
                label=field.label
            ),
            gain=third / counts["given"],
        )
        for field in unused
    ]
    loose = counts["statements"] - counts["grounded"]
    if loose:
        text = _("Statements that name no field of your brief: {count}. Check them, or write their sections again.")
        told.append(Advice(text=text.format(count=loose), gain=third * loose / counts["statements"]))
    return parts.part(value, counts, reasons, told)


def find_statements(data: Any) -> Iterator[list[str]]:
    """Yield the fields of each statement, insight, competitor, phase and risk."""
    if isinstance(data, Mapping):
        if isinstance(data.get("fields"), list):
            yield data["fields"]
        for value in data.values():
            yield from find_statements(value)
    elif isinstance(data, list):
        for value in data:
            yield from find_statements(value)


def list_names(brief: Mapping[str, Any]) -> list[str]:
    """Return what the user would look for in the document first."""
    names = [*brief["business_objectives"], *brief["audience_pain_points"]]
    names += [rival["name"] for rival in brief["top_competitors"]]
    return names + [gap["gap_description"] for gap in brief.get("market_gaps", [])]
