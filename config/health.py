"""What operators and their machines ask: does it live, is it ready."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django_redis import get_redis_connection
from redis import RedisError

from sse import hub


def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> JsonResponse:
    """
    200 while requests should come here: ``{status: ready | degraded, database, redis}``.

    Without Redis streams are slower, not broken, so that is ``degraded`` and still 200. Without the database, and while
    it is stopping, 503.
    """
    database, redis = _database(), _redis()
    draining = any(one.draining for one in hub.existing())
    status = "draining" if draining else "unready" if not database else "ready" if redis else "degraded"
    body = {"status": status, "database": database, "redis": redis}
    return JsonResponse(body, status=200 if status in ("ready", "degraded") else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        return bool(get_redis_connection("default").ping())
    except (RedisError, OSError):
        return False
