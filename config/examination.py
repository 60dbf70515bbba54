"""What ``manage.py doctor`` looks at. Each look returns None where all is well, or what is wrong and what to do."""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import httpx
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_redis import get_redis_connection
from redis import RedisError

import sse
from config import outside
from sse import channels, sessions, stores, surroundings
from strategies import hints
from strategies.models import Job

# A due job that nobody took for so long means that there is no worker, or that all are full.
LATE_SECONDS: Final = 30
# Redis is asked so many times; the middle answer counts.
PINGS: Final = 7
MAX_PING_SECONDS: Final = 0.05
DELIVERY_SECONDS: Final = 2.0


def examine(url: str) -> Iterator[tuple[str, str | None]]:
    """Yield the name of each look with its finding, in an order in which the first is the cause of the next."""
    looks: dict[str, Callable[[], str | None]] = {
        "settings": _settings,
        "database": _database,
        "Redis": _redis,
        "clocks": _clocks,
        "queue": _queue,
        f"site at {url}": lambda: _site(url),
        "HTTP version": lambda: outside.version(url),
    }
    for name, look in looks.items():
        yield name, look()
    try:
        with _watcher() as (user, cookies):
            yield from outside.examine(url, f"user:{user.pk}", cookies)
    except DatabaseError as error:
        yield "stream", f"not looked at: no user could be made ({error})"


def _settings() -> str | None:
    # Redis' own state has a look of its own.
    found = [message for message in checks.run_checks() if message.level >= checks.WARNING]
    found += surroundings.check_application(None)
    return "; ".join(f"{message.id} {message.msg}" for message in found) or None


def _database() -> str | None:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"it does not answer ({error}); check DATABASE_URL and that the server runs"
    return f"{len(missing)} migrations are missing; run manage.py migrate" if missing else None


def _redis() -> str | None:
    try:
        client = get_redis_connection("default")
        seconds = sorted(_seconds(client.ping) for _ in range(PINGS))[PINGS // 2]
        heard = _hears_itself(client)
    except (RedisError, OSError) as error:
        return f"it does not answer ({error}); streams follow the rows, slower; check REDIS_URL"
    if not heard:
        return (
            "what is published on it does not arrive; is PUBLISH or SUBSCRIBE forbidden to this user (ACL, channels)?"
        )
    if seconds > MAX_PING_SECONDS:
        return f"it takes {seconds * 1000:.0f} ms to answer, and every publish waits for it; move it nearer"
    found = stores.check_redis(None)
    told = "; ".join(f"{message.msg} {message.hint}" for message in found) or None
    # Several servers on one SQLite file are slow, not wrong.
    return outside.Advice(told) if told and all(message.id == "sse.W021" for message in found) else told


def _seconds(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


def _hears_itself(client: Any) -> bool:
    channel = channels.of_probe(f"doctor-{secrets.token_hex(6)}")
    deadline = time.monotonic() + DELIVERY_SECONDS
    with client.pubsub() as ear:
        ear.subscribe(channel)
        while time.monotonic() < deadline:
            message = ear.get_message(timeout=0.2) or {}
            if message.get("type") == "subscribe":
                client.publish(channel, b"1")
            elif message.get("type") == "message":
                return True
    return False


def _clocks() -> str | None:
    """Compare this machine's clock with those of the database and Redis: leases and limits go by all three."""
    wrong = []
    with contextlib.suppress(RedisError, OSError):  # said before
        seconds, micros = get_redis_connection("default").time()
        wrong.append(("Redis", seconds + micros / 1e6 - time.time()))
    if connection.vendor == "postgresql":
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            wrong.append(("the database", float(cursor.fetchone()[0]) - time.time()))
    told = [
        f"{name} is {ahead:+.1f} s from this machine" for name, ahead in wrong if abs(ahead) > outside.CLOCK_SECONDS
    ]
    return f"{'; '.join(told)}; run an NTP client on both" if told else None


def _queue() -> str | None:
    late = timezone.now() - timedelta(seconds=LATE_SECONDS)
    try:
        waiting = Job.objects.filter(status=Job.Status.QUEUED, run_after__lt=late).count()
        silent = Job.objects.filter(status=Job.Status.RUNNING, lease_until__lt=late).count()
    except DatabaseError:
        return "unknown, since the database does not answer"
    if waiting or silent:
        return f"{waiting} jobs wait and {silent} lost their worker over {LATE_SECONDS} s ago; start manage.py worker"
    if connection.vendor == "sqlite" and (workers := _workers()) > 1:
        return outside.Advice(f"{workers} workers share one SQLite file: one write at a time; PostgreSQL carries more")
    return None


def _workers() -> int:
    with contextlib.suppress(RedisError, OSError):
        return int(get_redis_connection("default").pubsub_numsub(hints.CHANNEL)[0][1])
    return 0


def _site(url: str) -> str | None:
    try:
        answer = httpx.get(f"{url}/health/ready", timeout=10)
        body = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return f"it does not answer as this project does ({error!r:.200})"
    return None if body.get("status") == "ready" else f"it says {body}"


@contextlib.contextmanager
def _watcher() -> Iterator[tuple[Any, dict[str, str]]]:
    """A user for this examination alone, signed in; gone afterwards."""
    user = get_user_model()._default_manager.create(username=f"doctor-{secrets.token_hex(6)}")
    session = sessions.sign_in(user, seconds=300)
    try:
        yield user, {settings.SESSION_COOKIE_NAME: str(session.session_key)}
    finally:
        sse.remove(f"user:{user.pk}")
        session.delete()
        user.delete()
