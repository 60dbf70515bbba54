"""
How many streams a user may have, and how often one may connect: right across processes.

What all processes hold together stands in Redis (``sse.ledger``). Where Redis is away the same limits hold for each
process by itself.
"""

import logging
import os
import platform
import threading
import time
import uuid
from collections import Counter, deque
from typing import Final

import redis

from . import conf, ledger, places
from .places import Place, Refusal

logger = logging.getLogger(__name__)

# Processes write that they live this often: well within ``ledger.SILENT_SECONDS``.
BEAT_SECONDS: Final = 2.0
# After a failure Redis is not asked for so long: connects take their turns, and each would wait for its time-out.
REST_SECONDS: Final = 1.0
# A place that was taken for a stream that never began is given back after this.
PROVISIONAL_SECONDS: Final = 10.0
# A command whose answer did not come may be carried out later than those that were sent after it. What it wrote is
# written over for so long.
DOUBT_SECONDS: Final = 20.0


class Limits:
    """The places of one process."""

    def __init__(self) -> None:
        self.process = f"{os.getpid()}-{uuid.uuid4().hex[:12]}@{platform.node()[:40]}"
        self._ledger = ledger.Ledger(self.process)
        self._held: Counter[str] = Counter()
        self._total = 0
        # Users whose streams ended: noted by the event loop, which must not wait for the lock.
        self._freed: deque[str] = deque()
        self._changed: set[str] = set()
        # Users whose number in Redis a late command may change, and until when.
        self._doubtful: dict[str, float] = {}
        self._provisional: set[Place] = set()
        self._rest_until = 0.0
        self._buckets: dict[str, tuple[float, float]] = {}
        # Takes are one at a time in a process, so that the numbers written are never older than those before.
        self._lock = threading.Lock()
        # Whether the process said goodbye: a beat that is under way in another thread must not take that back.
        self._gone = False

    def take(self, user: str) -> Place | Refusal:
        """Take a place for a stream of ``user``, or say why there is none. Sync; asks Redis once."""
        with self._lock:
            self._gone = False
            self._settle()
            verdict, wait = self._ask(user) or self._judge(user)
            if verdict != "ok":
                return places.refusal(verdict, wait)
            self._held[user] += 1
            self._total += 1
            place = Place(user, self)
            self._provisional.add(place)
            return place

    def _ask(self, user: str) -> tuple[str, int] | None:
        """Return what all processes together say; None where Redis does not answer, or did not a moment ago."""
        if time.monotonic() >= self._rest_until:
            try:
                return self._ledger.take(user, total=self._total, held=self._held[user])
            except (redis.RedisError, OSError) as error:
                logger.warning("limits hold for this process alone: %s", error)
                self._rest_until = time.monotonic() + REST_SECONDS
        # Redis knows nothing of this one, or will carry out late what it was asked.
        self._doubtful[user] = time.monotonic() + DOUBT_SECONDS
        return None

    def _judge(self, user: str) -> tuple[str, int]:
        """Decide by what this process knows, as the script does by what all know."""
        rate = conf.CONNECTS_PER_MINUTE_PER_USER
        if rate:
            now = time.monotonic()
            left, at = self._buckets.get(user, (float(rate), now))
            left = min(rate, left + (now - at) * rate / 60)
            if left < 1:
                return "rate", int((1 - left) * 60 / rate) + 1
            if len(self._buckets) > 10_000:
                self._buckets.clear()
            self._buckets[user] = left - 1, now
        if conf.MAX_STREAMS_PER_USER and self._held[user] >= conf.MAX_STREAMS_PER_USER:
            return "user", 0
        if conf.MAX_STREAMS and self._total >= conf.MAX_STREAMS:
            return "all", 0
        return "ok", 0

    def begin(self, place: Place) -> None:
        """Note that the stream of a place began: from now on its end gives it back."""
        self._provisional.discard(place)

    def free(self, place: Place) -> None:
        """Count a place no longer; the next ``beat`` tells the others."""
        self._provisional.discard(place)
        self._freed.append(place.user)

    def _settle(self) -> None:
        while self._freed:
            user = self._freed.popleft()
            self._held[user] -= 1
            self._total -= 1
            if self._held[user] <= 0:
                del self._held[user]
            self._changed.add(user)

    def beat(self) -> None:
        """Tell Redis that this process lives, and what it holds; free places whose stream never began. Sync."""
        now = time.monotonic()
        for place in list(self._provisional):
            if now - place.taken > PROVISIONAL_SECONDS:
                place.give_back()
        with self._lock:
            if self._gone:
                return
            self._settle()
            self._doubtful = {user: until for user, until in self._doubtful.items() if until > now}
            changed, self._changed = self._changed | self._doubtful.keys(), set()
            try:
                self._ledger.write(total=self._total, held=self._held, changed=changed)
            except (redis.RedisError, OSError):
                self._changed |= changed
                self._doubtful |= dict.fromkeys(changed, now + DOUBT_SECONDS)
                raise

    def leave(self) -> None:
        """Count for nothing any more: the process stops. Sync."""
        with self._lock:
            self._gone = True
            self._ledger.leave()

    @property
    def held(self) -> int:
        """How many places this process has given out."""
        return self._total - len(self._freed)

    @property
    def changed(self) -> bool:
        """Whether there is something to tell before the next beat is due."""
        return bool(self._changed or self._freed)


# One for each process, whatever loops it has.
here = Limits()
