"""System checks of where things are kept: sessions, cache, database, and what Redis says of itself."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import redis
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string
from django_redis import get_redis_connection
from django_redis.cache import RedisCache

from . import channels, conf
from .checks import TAG

type Configs = Sequence[AppConfig] | None

# Sessions that do not survive as rows: a delete that is lost, or never possible, revives one that was signed out.
FORGETFUL: Final = {
    "django.contrib.sessions.backends.cache": "lie in the cache alone",
    "django.contrib.sessions.backends.cached_db": "are read from the cache first",
}
# The oldest server that the tests run against.
MIN_REDIS: Final = 7


@register(TAG)
def check_sessions(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """E015, W015: sessions that can't be ended."""
    engine = settings.SESSION_ENGINE
    if engine == "django.contrib.sessions.backends.signed_cookies":
        return [
            Error(
                f"SESSION_ENGINE is {engine!r}: no server knows which of these sessions are still good, so every stream "
                "is ended as signed out at its first re-check.",
                hint="Use django.contrib.sessions.backends.db.",
                id="sse.E015",
            )
        ]
    if engine not in FORGETFUL:
        return []
    return [
        Warning(
            f"SESSION_ENGINE is {engine!r}: sessions {FORGETFUL[engine]}, and a delete that is lost while the cache is "
            "away revives one that was signed out.",
            hint="Use django.contrib.sessions.backends.db.",
            id="sse.W015",
        )
    ]


@register(TAG)
def check_cache(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """E016: the cache that carries events is not one that can."""
    caches: dict[Any, Any] = settings.CACHES
    options = caches.get(conf.CACHE) if isinstance(conf.CACHE, str) else None
    if options is None:
        names = ", ".join(sorted(caches))
        message = f"SSE_CACHE: {conf.CACHE!r} is not accepted; it accepts an alias in CACHES, here {names}."
        return [Error(message, id="sse.E016")]
    backend = import_string(options["BACKEND"])
    if inspect.isclass(backend) and issubclass(backend, RedisCache):
        return []
    message = f"CACHES[{conf.CACHE!r}] has the BACKEND {options['BACKEND']!r}, which cannot carry events."
    return [Error(message, hint="Use django_redis.cache.RedisCache, or name another in SSE_CACHE.", id="sse.E016")]


@register(TAG)
def check_database(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """W017: a database of one machine beside a Redis of several."""
    server = _server()
    host = urlsplit(server).hostname if server.startswith("redis") else None
    if not _sqlite() or host in (None, "localhost", "127.0.0.1", "::1"):
        return []
    return [
        Warning(
            f"The database is SQLite, a file of this machine, while Redis is on {host}: servers or workers on another "
            "machine would hear of events whose rows they do not have.",
            hint="Use a PostgreSQL database (DATABASES), unless all processes run on this machine.",
            id="sse.W017",
        )
    ]


def _sqlite() -> bool:
    return str(settings.DATABASES.get("default", {}).get("ENGINE", "")).endswith("sqlite3")


def _server() -> str:
    caches: dict[str, Any] = settings.CACHES
    location = caches.get(conf.CACHE, {}).get("LOCATION", "")
    return str(location[0] if isinstance(location, list | tuple) and location else location or "")


@register(TAG, deploy=True)
def check_redis(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """W018 to W021: what Redis says of itself, and of who listens. It is asked, hence with --deploy only."""
    if check_cache(None):
        return []
    try:
        client = get_redis_connection(conf.CACHE)
        info = {**client.info("server"), **client.info("memory")}
        listening = client.pubsub_numsub(channels.EVERYBODY)[0][1]
    except (redis.RedisError, OSError) as error:
        message = f"Redis does not answer ({error}): streams follow the rows by polling, slower."
        return [Warning(message, hint="Start it, or correct the LOCATION of the cache in CACHES.", id="sse.W018")]
    return list(redis_faults(info)) + list(crowd(listening))


def redis_faults(info: dict[str, Any]) -> Iterator[CheckMessage]:
    """Yield what is wrong by the answer to INFO."""
    policy = info.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield Warning(
            f"Redis' maxmemory-policy is {policy}: short of memory it forgets who holds streams, and limits on streams "
            "no longer hold.",
            hint="Set maxmemory-policy noeviction, or give the cache of pages a Redis of its own.",
            id="sse.W019",
        )
    version = str(info.get("valkey_version") or info.get("redis_version") or "0")
    if int(version.split(".")[0]) < MIN_REDIS:
        yield Warning(
            f"Redis is {version}; only {MIN_REDIS} and newer, and Valkey, are tested.",
            hint="Use Redis 7, Valkey 8 or newer.",
            id="sse.W020",
        )


def crowd(listening: int) -> Iterator[CheckMessage]:
    """Yield what to say of so many serving processes on one SQLite file."""
    if _sqlite() and listening > 1:
        yield Warning(
            f"{listening} serving processes share one SQLite file: one write at a time for all of them, and a file that "
            "no other machine can share.",
            hint="Use a PostgreSQL database (DATABASES) before adding processes.",
            id="sse.W021",
        )
