"""What ``manage.py doctor`` looks at. Each look returns None where all is well, or what is wrong and what to do."""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import httpx
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_redis import get_redis_connection
from redis import RedisError

import sse
from strategies.models import Job

# A due job that nobody took for so long means that there is no worker, or that all are full.
LATE_SECONDS: Final = 30
# Longer than any honest network takes for a first event.
HELLO_SECONDS: Final = 8.0
SLOW_SECONDS: Final = 2.0


def examine(url: str) -> Iterator[tuple[str, str | None]]:
    """Yield the name of each look with its finding, in an order in which the first is the cause of the next."""
    looks: dict[str, Callable[[], str | None]] = {
        "settings": _settings,
        "database": _database,
        "Redis": _redis,
        "queue": _queue,
        f"site at {url}": lambda: _site(url),
        "stream from outside": lambda: _stream(url),
    }
    for name, look in looks.items():
        yield name, look()


def _settings() -> str | None:
    found = [message for message in checks.run_checks() if message.level >= checks.WARNING]
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
        client.ping()
    except (RedisError, OSError) as error:
        return f"it does not answer ({error}); streams follow the rows, slower; check REDIS_URL"
    with contextlib.suppress(RedisError):  # many hosts forbid CONFIG
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
        if policy not in ("noeviction", None):
            return f"maxmemory-policy is {policy}: counts of streams may vanish; set noeviction"
    return None


def _queue() -> str | None:
    late = timezone.now() - timedelta(seconds=LATE_SECONDS)
    try:
        waiting = Job.objects.filter(status=Job.Status.QUEUED, run_after__lt=late).count()
        silent = Job.objects.filter(status=Job.Status.RUNNING, lease_until__lt=late).count()
    except DatabaseError:
        return "unknown, since the database does not answer"
    if waiting or silent:
        return f"{waiting} jobs wait and {silent} lost their worker over {LATE_SECONDS} s ago; start manage.py worker"
    return None


def _site(url: str) -> str | None:
    try:
        answer = httpx.get(f"{url}/health/ready", timeout=10)
        body = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return f"it does not answer as this project does ({error!r:.200})"
    return None if body.get("status") == "ready" else f"it says {body}"


def _stream(url: str) -> str | None:
    try:
        with _watcher() as (user, cookies):
            return _watch(url, f"user:{user.pk}", cookies)
    except DatabaseError as error:
        return f"not looked at: no user could be made ({error})"
    except httpx.HTTPError as error:
        return f"it broke: {error!r:.200}"


@contextlib.contextmanager
def _watcher() -> Iterator[tuple[Any, dict[str, str]]]:
    """A user for this examination alone, signed in; gone afterwards."""
    user = get_user_model()._default_manager.create(username=f"doctor-{secrets.token_hex(6)}")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(60)
    session.save()
    try:
        yield user, {"sessionid": str(session.session_key)}
    finally:
        sse.remove(f"user:{user.pk}")
        session.delete()
        user.delete()


def _watch(url: str, topic: str, cookies: dict[str, str]) -> str | None:
    began = time.monotonic()
    timeout = httpx.Timeout(10, read=HELLO_SECONDS)
    headers = {"Accept-Encoding": "gzip, br", "Accept": "text/event-stream"}
    with httpx.stream(
        "GET", f"{url}/sse/stream", params={"topic": topic}, cookies=cookies, headers=headers, timeout=timeout
    ) as answer:
        if answer.status_code != 200:
            answer.read()
            return f"it answered {answer.status_code}: {answer.text[:200]}"
        if answer.headers.get("content-encoding", "identity") != "identity":
            return "something compresses it; Chromium reads the first piece alone. Switch that off for /sse/"
        text = answer.iter_text()
        try:
            heard = _until(text, "event: hello", began)
        except httpx.ReadTimeout:
            return f"no hello in {HELLO_SECONDS:.0f} s: a proxy buffers. For nginx: proxy_buffering off for /sse/"
        sent = time.monotonic()
        sse.publish(topic, "status", {"message": "Is anybody there?"})
        try:
            _until(text, "Is anybody there?", sent)
        except httpx.ReadTimeout:
            return (
                f"an event published here did not arrive in {HELLO_SECONDS:.0f} s; do both use one Redis and database?"
            )
        took = time.monotonic() - sent
        if took > SLOW_SECONDS:
            return f"hello came after {heard:.1f} s, but an event took {took:.1f} s: Redis does not carry it"
    return None


def _until(text: Iterator[str], wanted: str, began: float) -> float:
    """Read until something comes; return after how many seconds."""
    seen = ""
    for piece in text:
        seen += piece
        if wanted in seen:
            return time.monotonic() - began
        if time.monotonic() - began > HELLO_SECONDS:
            break
    raise httpx.ReadTimeout(f"{wanted!r} did not come")
