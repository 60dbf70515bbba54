"""What it costs to publish: against one row stored by the ORM and one PUBLISH, and ten at once."""

import time
from collections.abc import Callable
from typing import Any

from benchmarks import streams

ROUNDS = 7
DATA = {"step": 3, "step_key": "analysis", "steps": 8, "progress": 35, "message": "Comparing competitors"}


def run() -> dict[str, float]:
    """Return microseconds for each event, and the two ratios that matter."""
    with streams.place():
        from django.db import transaction
        from django_redis import get_redis_connection

        import sse
        from sse.models import Event, Topic

        sse.publish("bench:rows", "status")
        topic = Topic.objects.get(name="bench:rows")
        client: Any = get_redis_connection("default")
        text = Event.objects.get(topic=topic).json + " " * 100
        number = iter(range(2, 10**9))

        def plainly() -> None:
            Event.objects.create(topic=topic, seq=next(number), type="progress", json=text)
            client.publish("bench", text)

        def ten_alone() -> None:
            for _ in range(10):
                sse.publish("bench:one", "progress", DATA)

        def ten_in_one() -> None:
            with transaction.atomic():
                sse.publish_all([("bench:ten", "progress", DATA)] * 10)

        figures = _turns({"orm insert + PUBLISH": plainly, "sse.publish": ten_alone, "sse.publish_all": ten_in_one})
    figures["one: ratio"] = round(figures["sse.publish"] / figures["orm insert + PUBLISH"], 2)
    figures["ten: times the rate"] = round(figures["sse.publish"] / figures["sse.publish_all"], 1)
    for name, figure in figures.items():
        print(f"  {name:22} {figure:g}", flush=True)
    return figures


def _turns(work: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Return the least microseconds for each event; the works take turns."""
    least = dict.fromkeys(work, float("inf"))
    for _ in range(ROUNDS):
        for name, call in work.items():
            repeats, events = (300, 1) if "insert" in name else (30, 10)
            began = time.perf_counter()
            for _ in range(repeats):
                call()
            least[name] = min(least[name], (time.perf_counter() - began) / repeats / events * 1e6)
    return {name: round(figure, 1) for name, figure in least.items()}
