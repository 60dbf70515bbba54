"""Reading topics and events from the database. Sync; async code comes here over the ``border``."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from .events import Frame


class Standing(NamedTuple):
    """Where a topic stands: its last number, the number up to which events are gone, and whether it is closed."""

    seq: int = 0
    pruned: int = 0
    closed: bool = False


def standings(names: Iterable[str]) -> dict[str, Standing]:
    """Return where each topic stands; one that nothing was published to stands at 0."""
    wanted = list(names)
    found = {}
    if wanted:
        # Written out: each stream asks this, and for one row the ORM spends ten times as long on the question.
        marks = ", ".join(["%s"] * len(wanted))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT name, seq, pruned, closed FROM sse_topic WHERE name IN ({marks})", wanted)
            found = {name: Standing(seq, pruned, bool(closed)) for name, seq, pruned, closed in cursor.fetchall()}
    return {name: found.get(name, Standing()) for name in wanted}


def after(name: str, seq: int, limit: int) -> list[Frame]:
    """Return a topic's stored events past ``seq``, at most ``limit``, in order."""
    from .models import Event

    rows = (
        Event.objects.filter(topic__name=name, seq__gt=seq)
        .order_by("seq")
        .values_list("seq", "type", "json", "topic__closed", "topic__seq")[:limit]
    )
    return [Frame(number, type, json.encode(), closed and number == head) for number, type, json, closed, head in rows]
