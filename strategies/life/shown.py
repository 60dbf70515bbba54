"""What a strategy's page shows of its life: status, the verbs it allows, what waits for a review."""

from typing import Any

from strategies.errors import Refused
from strategies.life import comparison, reviews, statuses
from strategies.models import Strategy, Version


def context(strategy: Strategy, version: Version | None, *, newest: bool) -> dict[str, Any]:
    """Return what the page needs; ``rows`` are the sections of the version shown, by key."""
    rows = {row.key: row for row in version.sections.select_related("reviewer").defer("data", "raw")} if version else {}
    offered = statuses.offered(strategy)
    lacking = ""
    if "activate" in offered:
        try:
            statuses.check_reviewed(strategy)
        except Refused as refusal:
            lacking = refusal.message
            del offered["activate"]
    before = strategy.versions.filter(number=version.number - 1).first() if version else None
    waiting = [row for row in rows.values() if row.ready and row.reviewed is None]
    return {
        "offered": offered,
        "lacking": lacking if version else "",
        "open": strategy.status != strategy.Status.ARCHIVED,
        # The newest alone is reviewed and edited: an old one is restored first.
        "newest": newest,
        "rows": rows,
        "waiting": waiting if newest else [],
        "before": before,
        "changed": [part for part in comparison.compare(before, version) if part.summary] if before and version else [],
        "longest_note": reviews.LONGEST_NOTE,
    }
