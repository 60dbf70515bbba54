"""What operators and their machines ask: does it live, is it ready."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection
from redis import RedisError

from sse import error_rate, hub, metrics, tally, tokens
from sse.errors import TokenRefused
from sse.problems import problem


def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> JsonResponse:
    """
    200 while requests should come here: ``{status: ready | degraded, database, redis, streams, reasons}``.

    Without Redis streams are slower, not broken, so that is ``degraded`` and still 200; so are too many errors. Without
    the database, and while it is stopping, 503. ``reasons`` says in words what is not well.
    """
    database, redis = _database(), _redis()
    draining = any(one.draining for one in hub.existing())
    reasons = _reasons(database=database, redis=redis)
    status = "draining" if draining else "unready" if not database else "degraded" if reasons else "ready"
    body = {"status": status, "database": database, "redis": redis, "streams": _streams(), "reasons": reasons}
    return JsonResponse(body, status=200 if status in ("ready", "degraded") else 503)


def _reasons(*, database: bool, redis: bool) -> list[str]:
    reasons = [] if database else ["The database does not answer."]
    if not redis:
        reasons.append("Redis does not answer: streams follow the rows.")
    if error_rate.here.above():
        reasons.append(f"{error_rate.here.count()} errors in this process within five minutes.")
    return reasons


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Answer with this process's metrics: to staff, or to a token with the scope ``metrics``."""
    try:
        allowed = tokens.of(request, tokens.Scope.METRICS) is not None
    except TokenRefused as error:
        return tokens.refusal(error)
    if not allowed and not request.user.is_authenticated:
        refused = problem(401, "not_signed_in", "Sign in as staff, or send a token with the scope metrics.")
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    if not allowed and not (request.user.is_active and request.user.is_staff):
        return problem(403, "not_staff", "Metrics are for staff, and for tokens with the scope metrics.")
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _streams() -> dict[str, object]:
    """Return how this process stands: whether it hears from Redis (None before its first stream), and its loop's lag."""
    hubs = list(hub.existing())
    return {
        "open": sum(len(one.streams) for one in hubs),
        "feed": all(one.feed.up for one in hubs) if hubs else None,
        "polling": any(one.degraded for one in hubs),
        "loop_lag_seconds": round(tally.here.loop_lag, 3),
    }


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
