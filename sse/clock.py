"""The time that streams go by: the machine's monotonic clock, which ``sse.testing`` sets forward."""

import time

_ahead = 0.0


def now() -> float:
    """Return seconds since some moment; never falls."""
    return time.monotonic() + _ahead


def set_forward(seconds: float) -> None:
    """Let time be so much later from now on."""
    global _ahead
    _ahead += seconds
