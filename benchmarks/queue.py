"""
The queue on one database, named by DATABASE_URL: what it takes to enqueue, and to claim from a long one.

Run as a program by ``jobs.py``, since a process has one database; prints JSON.
"""

import json
import statistics
import sys
import time
import uuid
from datetime import timedelta
from typing import Any

import django

ROUNDS = 15


def main(waiting: int) -> None:
    """Measure on a database that exists; leave it full."""
    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    users = [get_user_model()._default_manager.create(username=f"owner-{number}") for number in range(100)]
    figures: dict[str, float] = {"enqueue/s": _enqueue(users)}
    _fill(users, waiting)
    figures["claim(10) ms"] = _claim()
    print(json.dumps(figures))


def _enqueue(users: list[Any]) -> int:
    from strategies import jobs

    jobs.enqueue(owner=users[0], kind="waits")
    fastest: float = 0
    for _ in range(5):
        began = time.perf_counter()
        for number in range(200):
            jobs.enqueue(owner=users[number % len(users)], kind="waits")
        fastest = max(fastest, 200 / (time.perf_counter() - began))
    return round(fastest)


def _fill(users: list[Any], waiting: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from strategies.models import Job

    now = timezone.now() - timedelta(minutes=5)
    common = {"kind": "waits", "engine": "offline", "status": "queued", "run_after": now, "weights": [1.0]}
    for start in range(0, waiting, 10_000):
        some = range(start, min(waiting, start + 10_000))
        Job.objects.bulk_create(
            [Job(id=uuid.uuid4(), owner=users[n % 100], turn=n // 100, created=now, **common) for n in some],
            batch_size=2_000,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _claim() -> float:
    from strategies import jobs

    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert len(jobs.claim("benchmark", 10)) == 10
        times.append(time.perf_counter() - began)
    return round(statistics.median(times) * 1000, 1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
