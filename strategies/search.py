"""Finding strategies: by a part of the name or the industry, and by status."""

from typing import Final

from django.db.models import QuerySet

from strategies import folding
from strategies.models import Strategy

LONGEST: Final = 200
ALL: Final = "all"
STATUSES: Final = (ALL, *Strategy.Status.values)


def find(found: QuerySet[Strategy], asked: str) -> QuerySet[Strategy]:
    """Return those with these words in name or industry, whatever their case; all for none."""
    wanted = folding.fold(asked.strip())
    if not wanted:
        return found
    # Nothing can match, and SQLite refuses so long a pattern, PostgreSQL a NUL.
    if len(asked) > LONGEST or "\0" in asked:
        return found.none()
    return found.filter(folded__contains=wanted)


def with_status(found: QuerySet[Strategy], status: str) -> QuerySet[Strategy]:
    """Return those of a status; ``all`` for every one, and without any those that are not archived."""
    if status == ALL:
        return found
    if status in STATUSES:
        return found.filter(status=status)
    return found.exclude(status=Strategy.Status.ARCHIVED)
