"""A stream's place in the limits, and what is said where there is none."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import conf, ledger

if TYPE_CHECKING:
    from .limits import Limits


@dataclass(frozen=True)
class Refusal:
    """Why there is no place: an HTTP status, a code, a sentence, and the seconds after which to ask again."""

    status: int
    code: str
    detail: str
    retry_after: int


@dataclass(eq=False, slots=True)
class Place:
    """A stream's place. Given back once, however often it is asked to."""

    user: str
    limits: "Limits"
    given_back: bool = False
    taken: float = field(default_factory=time.monotonic)

    def give_back(self) -> None:
        """Free the place; synchronous, and told to the other processes a moment later."""
        if not self.given_back:
            self.given_back = True
            self.limits.free(self)


def refusal(verdict: str, wait: int) -> Refusal:
    """Return what is said for a verdict of the limits; ``wait`` in seconds."""
    soon = int(ledger.SILENT_SECONDS)
    if verdict == "rate":
        detail = f"You connect too often: {conf.CONNECTS_PER_MINUTE_PER_USER} times a minute is the limit."
        return Refusal(429, "too_many_connects", detail, max(1, wait))
    if verdict == "user":
        detail = f"You have {conf.MAX_STREAMS_PER_USER} streams open already; close one."
        return Refusal(429, "too_many_streams", detail, soon)
    return Refusal(503, "full", "There are as many streams open as this site can bear.", soon)
