"""The app's settings, with the reason for each default. All are Django settings named ``SSE_…``."""

from typing import Any, Final

from django.conf import settings

DEFAULTS: Final[dict[str, Any]] = {
    # The cache alias (django-redis) whose server carries events between processes.
    "SSE_CACHE": "default",
    # 0 or False: streams answer 503 and every page polls. The way back when something is wrong with streams.
    "SSE_ENABLED": True,
    # Proxies cut a silent connection after 60 s as a rule; a reader's watchdog waits for two and a half of these.
    "SSE_HEARTBEAT_SECONDS": 15.0,
    # A stream ends after 80 to 100 % of this and comes back by itself, so that a deploy looks like any other day.
    "SSE_MAX_STREAM_SECONDS": 300.0,
    # Streams of one user, of all, and connects of one user a minute; 0 is no limit. Right across processes.
    "SSE_MAX_STREAMS_PER_USER": 10,
    "SSE_MAX_STREAMS": 0,
    "SSE_CONNECTS_PER_MINUTE_PER_USER": 120,
    # Postgres and Redis carry more, but a browser that gets more than this at once has a design problem.
    "SSE_MAX_EVENT_BYTES": 64 * 1024,
    # How often positions are compared with the rows while Redis is away.
    "SSE_POLL_SECONDS": 2.0,
    # Events read from the rows at once.
    "SSE_REPLAY_BATCH": 500,
    # What may wait for one slow reader before it is dropped from live and resumed from the rows.
    "SSE_BACKLOG_EVENTS": 256,
    "SSE_BACKLOG_BYTES": 1024 * 1024,
    # A reader that takes nothing for so long is closed.
    "SSE_SEND_TIMEOUT_SECONDS": 20.0,
    # Who may watch what is looked at anew this often, whatever was or wasn't said about a change.
    "SSE_RECHECK_SECONDS": 45.0,
    # On SIGTERM streams end at random moments within this, and come back elsewhere after a random wait.
    "SSE_DRAIN_SECONDS": 2.0,
    # Threads that query for all streams (or, in a worker, all jobs) of a process.
    "SSE_THREADS": 4,
    # Events older than this go, but of each topic the last, and of an unfinished one the last thousand; 0 keeps all. A
    # month is longer than anybody follows a finished job, and bounds the largest table.
    "SSE_RETENTION_DAYS": 30.0,
    "SSE_RETENTION_OPEN_EVENTS": 1000,
    # More errors than this within five minutes are told to the admins in one mail, and health says ``degraded``. A fault
    # that one user meets now and then stays below; one that everybody meets does not. 0: never.
    "SSE_ERRORS_PER_FIVE_MINUTES": 20,
    # Proxies between the browser and this server that each add the address they heard from to X-Forwarded-For. 0: the
    # header is not read, since anybody can send it.
    "SSE_TRUSTED_PROXIES": 0,
}

# What a number may be, at least and at most. One that is not named here may not be negative. See check ``sse.E001``.
RANGES: Final[dict[str, tuple[float, float]]] = {
    "SSE_HEARTBEAT_SECONDS": (0.2, 300),
    "SSE_MAX_STREAM_SECONDS": (0, 86_400),
    "SSE_MAX_STREAMS_PER_USER": (0, 100_000),
    "SSE_MAX_STREAMS": (0, 10_000_000),
    "SSE_CONNECTS_PER_MINUTE_PER_USER": (0, 1_000_000),
    "SSE_MAX_EVENT_BYTES": (1024, 16 * 1024 * 1024),
    "SSE_POLL_SECONDS": (0.1, 60),
    "SSE_REPLAY_BATCH": (1, 10_000),
    "SSE_BACKLOG_EVENTS": (1, 100_000),
    "SSE_BACKLOG_BYTES": (1024, 256 * 1024 * 1024),
    "SSE_SEND_TIMEOUT_SECONDS": (1, 3600),
    "SSE_RECHECK_SECONDS": (1, 3600),
    "SSE_DRAIN_SECONDS": (0, 300),
    "SSE_THREADS": (1, 64),
    "SSE_RETENTION_DAYS": (0, 36_500),
    "SSE_RETENTION_OPEN_EVENTS": (1, 1_000_000),
    "SSE_ERRORS_PER_FIVE_MINUTES": (0, 10_000),
    "SSE_TRUSTED_PROXIES": (0, 10),
}


def __getattr__(name: str) -> Any:
    """Return ``settings.SSE_<name>``, or its default."""
    full = f"SSE_{name}"
    if full not in DEFAULTS:
        raise AttributeError(name)
    return getattr(settings, full, DEFAULTS[full])
