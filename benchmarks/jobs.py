"""Jobs: enqueue, claim from a long queue, pick-up by an idle worker, many side by side, taken over after kill -9."""

import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import streams
from tests import cluster

ROOT = Path(__file__).parent.parent
SIDE_BY_SIDE = 1_000
# About what a model takes for a section or two.
STEP_SECONDS = 30.0


def run(*, waiting: int = 50_000, waiting_on_postgres: int = 1_000_000) -> dict[str, float]:
    """Return each figure by its name."""
    with streams.place() as here:
        figures = {
            f"SQLite {name}": value for name, value in _queue(waiting, f"sqlite:///{here.folder}/queue.db").items()
        }
        bin = cluster.binaries()
        if bin is not None:
            with cluster.postgres(bin) as postgres:
                found = _queue(waiting_on_postgres, postgres.url)
            figures |= {f"PostgreSQL {name}": value for name, value in found.items()}
        figures |= _workers()
    for name, figure in figures.items():
        print(f"  {name:34} {figure:g}", flush=True)
    return figures


def _queue(waiting: int, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.queue", str(waiting)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _workers() -> dict[str, float]:
    """Measure with real workers on the benchmark's own database."""
    from django.contrib.auth import get_user_model

    user = get_user_model()._default_manager.get(username="reader")
    with _worker() as worker:
        pick_ups = sorted(_picked_up(user) for _ in range(40))
        side = _side_by_side(user)
        taken_over = _taken_over(user, worker)
    return {
        "pick-up p50 ms": round(statistics.median(pick_ups) * 1000, 1),
        "pick-up p99 ms": round(pick_ups[-1] * 1000, 1),
        f"{SIDE_BY_SIDE:,} side by side, × own time": round(side / STEP_SECONDS, 2),
        "taken over after kill -9, s": round(taken_over, 1),
    }


@contextlib.contextmanager
def _worker() -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"STRATEGIES_WORKER_CONCURRENCY": str(SIDE_BY_SIDE)}
    log = Path(os.environ["DATA_DIR"]) / "worker.log"
    with log.open("ab") as output:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        _until(lambda: "Waiting for jobs." in log.read_text(), 30)
        yield worker
    finally:
        worker.kill()
        worker.wait()


def _picked_up(user: Any) -> float:
    """Return the seconds from the commit that asked for a job to the one that says it is at work."""
    from sse.models import Event
    from strategies import jobs

    job, _ = jobs.enqueue(owner=user, kind="waits", params={"seconds": 0})
    _until(lambda: _status(job) == "succeeded", 30)
    rows = Event.objects.filter(topic__name=job.topic).order_by("seq")
    return float((rows[1].created - rows[0].created).total_seconds())


def _side_by_side(user: Any) -> float:
    from strategies import jobs
    from strategies.models import Job

    asked = [
        jobs.enqueue(owner=user, kind="waits", params={"seconds": STEP_SECONDS})[0].pk for _ in range(SIDE_BY_SIDE)
    ]
    mine = Job.objects.filter(pk__in=asked)
    _until(lambda: not mine.exclude(status="succeeded").exists(), 120)
    span = mine.order_by("started").first(), mine.order_by("-finished").first()
    return float((span[1].finished - span[0].started).total_seconds())  # type: ignore[union-attr,operator]


def _taken_over(user: Any, worker: subprocess.Popen[bytes]) -> float:
    from strategies import jobs

    job, _ = jobs.enqueue(owner=user, kind="waits", params={"seconds": 300})
    _until(lambda: _status(job) == "running", 30)
    began = time.monotonic()
    worker.send_signal(signal.SIGKILL)
    with _worker():
        job.refresh_from_db()
        first = job.attempt

        def again() -> bool:
            job.refresh_from_db()
            return job.attempt > first

        _until(again, 60)
    return time.monotonic() - began


def _status(job: Any) -> str:
    job.refresh_from_db(fields=["status"])
    return str(job.status)


def _until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"in vain for {seconds} s")
        time.sleep(0.02)
