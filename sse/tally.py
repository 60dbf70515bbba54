"""
What happened in this process, counted where it happens: plain numbers, which cost next to nothing.

``sse.metrics`` makes metric families of them when it is asked to. Nothing is counted for each delivery, one event to one
stream: what is derived from that is added up once for all readers of a topic.
"""

import bisect
import threading
import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

# Upper bounds, in seconds. Half of what is delivered takes a few milliseconds; what the rows had to mend takes seconds.
DELIVERY_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# What streams say at their end, and what staff may add to it: a label must not have as many values as they have words.
BYES: Final = frozenset({"done", "limit", "drain", "gone", "signed_out", "closed"})

_STAMP: Final = b'"timestamp":"'


class Tally:
    """Everything one process counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Requests for a stream, by what came of them (see ``stream.outcome``).
        self.connects: Counter[str] = Counter()
        # Events published here, by type and by whether Redis took them (sent) or the rows have to tell (owed).
        self.published: Counter[tuple[str, str]] = Counter()
        # Events heard for a watched topic, by type; and events × readers, to whom they were sent live.
        self.heard: Counter[str] = Counter()
        self.deliveries = 0
        # Gaps that were mended from the rows, by what showed them, and the events that filled them.
        self.gaps: Counter[str] = Counter()
        self.repaired = 0
        self.resets: Counter[str] = Counter()
        self.byes: Counter[str] = Counter()
        # Streams that a re-check of permissions ended, by reason.
        self.revoked: Counter[str] = Counter()
        # Streams that fell behind and went on from the rows; those that took nothing and were closed.
        self.fell_behind = 0
        self.slow_closes = 0
        self.malformed = 0
        self.redis_connects = 0
        self.redis_silences = 0
        # How late the loop comes to what is due, in seconds: the worst of the last seconds, fading.
        self.loop_lag = 0.0
        self.delivery_counts = [0] * (len(DELIVERY_BUCKETS) + 1)
        self.delivery_sum = 0.0

    def observe_lag(self, seconds: float) -> None:
        """Note how late a sleep of the loop ended. Called ten times a second; what was worst fades by half in 7 s."""
        self.loop_lag = max(seconds, self.loop_lag * 0.99)

    def observe_delivery(self, json: bytes) -> None:
        """Note how long ago the event in ``json`` was published. Called ten times a second at most."""
        at = json.find(_STAMP) + len(_STAMP)
        try:
            seconds = max(0.0, time.time() - datetime.fromisoformat(json[at : at + 24].decode()).timestamp())
        except ValueError:
            return
        self.delivery_counts[bisect.bisect_left(DELIVERY_BUCKETS, seconds)] += 1
        self.delivery_sum += seconds

    def connect(self, outcome: str) -> None:
        """Count a request for a stream. Called from many threads."""
        with self._lock:
            self.connects[outcome] += 1

    def publish(self, types: Iterable[str], result: str) -> None:
        """Count events published: ``sent`` or ``owed``. Called from many threads."""
        with self._lock:
            for type in types:
                self.published[type, result] += 1

    def bye(self, reason: str) -> None:
        """Count a stream that was told to end."""
        self.byes[reason if reason in BYES else "other"] += 1


# One for each process, whatever loops it has.
here = Tally()
