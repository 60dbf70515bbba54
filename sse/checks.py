"""
System checks of the app's own settings: each of a type and in a range that is accepted, and no two against each other.

Commands of Django's run them, so that nothing they start starts on an error. A bare ASGI server does not.
"""

import difflib
import math
from collections.abc import Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from . import conf

TAG: Final = "sse"
# Promise 13: whatever was or wasn't said about a change, it is seen within so long.
PROMISED_RECHECK_SECONDS: Final = 45
UNITS: Final = {"SECONDS": "seconds", "BYTES": "bytes", "DAYS": "days"}


@register(TAG)
def check_values(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E001: a setting's type or range. W001: a name that is no setting."""
    found: list[CheckMessage] = []
    for name in (name for name in dir(settings) if name.startswith("SSE_")):
        if name not in conf.DEFAULTS:
            near = difflib.get_close_matches(name, conf.DEFAULTS, 1)
            hint = f"Did you mean {near[0]}?" if near else "See sse/conf.py for those there are."
            found.append(Warning(f"{name} is no setting and does nothing.", hint=hint, id="sse.W001"))
        elif not _accepted(name, getattr(settings, name)):
            message = f"{name}: {getattr(settings, name)!r} is not accepted; it accepts {describe(name)}."
            found.append(Error(message, hint=f"The default is {conf.DEFAULTS[name]!r}.", id="sse.E001"))
    return found


def describe(name: str) -> str:
    """Return what a setting accepts, for people."""
    default = conf.DEFAULTS[name]
    if isinstance(default, bool):
        return "True or False"
    if not isinstance(default, int | float):
        return "a text" if isinstance(default, str) else f"a value such as {default!r}"
    low, high = _range(name)
    unit = UNITS.get(name.rsplit("_", 1)[-1])
    kind = "a number" if isinstance(default, float) else "a whole number"
    return kind + (f" of {unit}" if unit else "") + f", {_plain(low)} " + (f"to {_plain(high)}" if high else "or more")


def _range(name: str) -> tuple[float, float | None]:
    return conf.RANGES.get(name, (0, None))


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _accepted(name: str, value: object) -> bool:
    default = conf.DEFAULTS[name]
    if isinstance(default, bool):
        return isinstance(value, bool) or value in (0, 1)
    if not isinstance(default, int | float):
        return default is None or isinstance(value, type(default))
    if isinstance(value, bool) or not isinstance(value, int if isinstance(default, int) else int | float):
        return False
    low, high = _range(name)
    return math.isfinite(value) and low <= value and (high is None or value <= high)


@register(TAG)
def check_limits(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E002, W002 to W007: settings that contradict each other."""
    if any(not _accepted(name, getattr(conf, name.removeprefix("SSE_"))) for name in conf.RANGES):
        return []  # said by check_values; there is nothing to compare
    found: list[CheckMessage] = []
    if conf.BACKLOG_BYTES < conf.MAX_EVENT_BYTES:
        found.append(
            Error(
                f"SSE_BACKLOG_BYTES ({conf.BACKLOG_BYTES}) is less than SSE_MAX_EVENT_BYTES ({conf.MAX_EVENT_BYTES}): "
                "one event could put every reader that is a moment behind out of the live ones.",
                hint=f"SSE_BACKLOG_BYTES accepts SSE_MAX_EVENT_BYTES or more, here {conf.MAX_EVENT_BYTES}.",
                id="sse.E002",
            )
        )
    return found + [
        Warning(f"{fact}: {effect}.", hint=hint, id=id) for id, wrong, fact, effect, hint in _doubts() if wrong
    ]


def _doubts() -> list[tuple[str, bool, str, str, str]]:
    """Return for each pair of settings an id, whether it is doubtful, the fact, what comes of it, and what to do."""
    beat, longest, send = conf.HEARTBEAT_SECONDS, conf.MAX_STREAM_SECONDS, conf.SEND_TIMEOUT_SECONDS
    everybody, one = conf.MAX_STREAMS, conf.MAX_STREAMS_PER_USER
    heartbeat = f"SSE_HEARTBEAT_SECONDS ({beat})"
    return [
        (
            "sse.W002",
            0 < longest <= beat,
            f"SSE_MAX_STREAM_SECONDS ({longest}) is not more than {heartbeat}",
            "a stream's age is looked at with each heartbeat, so it lives longer than it may",
            "Let SSE_MAX_STREAM_SECONDS be several heartbeats, or 0 for no limit.",
        ),
        (
            "sse.W003",
            send < beat,
            f"SSE_SEND_TIMEOUT_SECONDS ({send}) is less than {heartbeat}",
            "a reader that takes nothing is looked for with each heartbeat, so it is closed later than that",
            "Let SSE_SEND_TIMEOUT_SECONDS be SSE_HEARTBEAT_SECONDS or more.",
        ),
        (
            "sse.W004",
            conf.RECHECK_SECONDS > PROMISED_RECHECK_SECONDS,
            f"SSE_RECHECK_SECONDS ({conf.RECHECK_SECONDS}) is more than the promised {PROMISED_RECHECK_SECONDS}",
            "who lost a permission may watch on for so long where the change was told to nobody",
            f"Let SSE_RECHECK_SECONDS be {PROMISED_RECHECK_SECONDS} or less.",
        ),
        (
            "sse.W005",
            0 < everybody < (one or everybody + 1),
            f"SSE_MAX_STREAMS ({everybody}) is less than SSE_MAX_STREAMS_PER_USER ({one or 'no limit'})",
            "one user can take every place there is",
            "Let SSE_MAX_STREAMS be many times SSE_MAX_STREAMS_PER_USER, or 0 for no limit.",
        ),
        (
            "sse.W006",
            beat < conf.POLL_SECONDS,
            f"SSE_POLL_SECONDS ({conf.POLL_SECONDS}) is more than {heartbeat}",
            "positions are compared with the rows less often while Redis is away than while it is there",
            "Let SSE_POLL_SECONDS be SSE_HEARTBEAT_SECONDS or less; 2 is usual.",
        ),
        (
            "sse.W007",
            0 < longest < conf.DRAIN_SECONDS,
            f"SSE_DRAIN_SECONDS ({conf.DRAIN_SECONDS}) is more than SSE_MAX_STREAM_SECONDS ({longest})",
            "a stopping server waits longer than any stream lives",
            "Let SSE_DRAIN_SECONDS be a few seconds, less than what the supervisor waits before it kills.",
        ),
    ]
