"""How often a provider is asked again, and after how long."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Patience:
    """
    When to ask again, and when to give up.

    Without a word from the provider the pauses double; each is off by up to half, so that a hundred jobs that were
    refused together do not come back together.
    """

    tries: int = 5
    first_seconds: float = 1.0
    # A provider may ask for more than this; whoever waits for a strategy would rather be told.
    longest_seconds: float = 30.0
    # Of all tries of one call together; the last one may begin right before.
    total_seconds: float = 90.0

    def pause(self, *, tried: int, spent: float, asked: float | None) -> float | None:
        """Return the seconds to wait before the next try, or None: it was enough. ``asked`` is from Retry-After."""
        if tried >= self.tries:
            return None
        if asked is None:
            seconds = self.first_seconds * 2 ** (tried - 1) * random.uniform(0.5, 1.5)
        else:
            # Never earlier than asked; a little later, and not all at the same moment.
            seconds = asked + self.first_seconds * random.uniform(0.0, 0.5)
        seconds = min(seconds, self.longest_seconds)
        return seconds if spent + seconds <= self.total_seconds else None
