"""
Too many errors at once: one message about all of them, instead of one about each.

``Watch`` is a logging handler. More than ``SSE_ERRORS_PER_FIVE_MINUTES`` records of level ERROR within five minutes make
one error of the logger ``sse.error_rate``, for whoever is to be woken, and ``above`` says so while it lasts.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from . import conf

WINDOW_SECONDS: Final = 300.0
# The highest limit there may be, and one.
_KEPT: Final = 10_001

logger = logging.getLogger(__name__)


class Rate:
    """When the last errors of a process were."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=_KEPT)
        self._told = -WINDOW_SECONDS

    def note(self) -> bool:
        """Note an error; return whether it is time to tell somebody. One call at a time: a handler has a lock."""
        now = self._clock()
        self._times.append(now)
        if not self.above() or now - self._told < WINDOW_SECONDS:
            return False
        self._told = now
        return True

    def above(self) -> bool:
        """Whether there were more errors than may be in the last five minutes."""
        limit = conf.ERRORS_PER_FIVE_MINUTES
        return bool(limit) and len(self._times) > limit and self._clock() - self._times[-limit - 1] < WINDOW_SECONDS

    def count(self) -> int:
        """Return how many errors there were in the last five minutes."""
        since = self._clock() - WINDOW_SECONDS
        return sum(at > since for at in list(self._times))


class Watch(logging.Handler):
    """Counts errors in ``here``, and tells when there are too many; never counts what it tells."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != __name__ and here.note():
            # A thread of its own: who made the error may be the event loop, and a mail server may take its time.
            threading.Thread(target=_tell, args=[here.count()], name="error-rate", daemon=True).start()


def _tell(count: int) -> None:
    logger.error(
        "%s errors within five minutes, more than %s (SSE_ERRORS_PER_FIVE_MINUTES); see the log",
        count,
        conf.ERRORS_PER_FIVE_MINUTES,
    )


# One for each process.
here = Rate()
