"""Completeness: how much of brief and document is there."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.advice import Advice
from strategies.brief import registry
from strategies.quality import parts

# The brief is worth half of completeness: a document can't be complete about what it was not told.
BRIEF_SHARE = 50


def weigh(document: Mapping[str, Any], brief: Mapping[str, Any]) -> dict[str, Any]:
    """How much of brief and document is there."""
    listed = document["sections"]
    failed = [entry for entry in listed if entry["status"] != "ready"]
    given = [field for field in registry.FIELDS if field.id in brief]
    total = len(registry.FIELDS)
    value = (100 - BRIEF_SHARE) * (len(listed) - len(failed)) / len(listed) + BRIEF_SHARE * len(given) / total
    counts = {"sections": len(listed), "ready": len(listed) - len(failed), "given": len(given), "fields": total}
    reasons = [
        parts.tell(_("Sections that are there: {count} of {all}."), counts["ready"], of=counts["sections"]),
        parts.tell(
            _("Fields of the brief that are filled in: {count} of {all}."), counts["given"], of=counts["fields"]
        ),
    ]
    # A section that is written again brings its share of completeness, and with it one check of what can be done.
    whole, able = parts.WEIGHTS["completeness"], parts.WEIGHTS["actionability"]
    again = whole * (100 - BRIEF_SHARE) / len(listed) + able * 100 / len(listed)
    anew, fill = _("Write “{title}” again: {reason}"), _("Fill in “{label}”. Without it: {means}")
    told = [Advice(text=anew.format(title=entry["title"], reason=entry["reason"]), gain=again) for entry in failed]
    told += [
        Advice(
            text=fill.format(label=entry["label"], means=entry["means"]),
            gain=whole * BRIEF_SHARE / total,
            field=entry["field"],
        )
        for entry in document["brief"]["missing"]
    ]
    return parts.part(value, counts, reasons, told)
