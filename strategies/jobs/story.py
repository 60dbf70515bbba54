"""What is told of a job, on its own topic and on its owner's."""

from collections.abc import Iterable, Mapping
from typing import Any

import sse
from sse import trace
from strategies import kinds, lessons
from strategies.kinds import StepSpec
from strategies.models import Job

# An event on its way: topic, type, data.
Told = tuple[str, str, dict[str, Any]]


def state(job: Job) -> dict[str, Any]:
    """Return what a ``status`` event says of a job."""
    return {
        "status": str(job.status),
        "attempt": job.attempt,
        "step": job.step,
        "progress": job.progress,
        "message": job.message,
    }


def failure(job: Job) -> dict[str, Any]:
    """Return what an ``error`` event says of a job that failed."""
    return {"status": "failed", "message": job.message, "progress": job.progress, "error": job.error}


def tell_step(job: Job, spec: StepSpec, number: int, steps: int, **flags: bool) -> None:
    """Publish how a step ended; ``flags`` say how: done or failed."""
    step = {"step": number, "step_key": spec.key, "steps": steps}
    sse.publish(job.topic, "progress", {**step, "progress": job.progress, "message": job.message, **flags})


def teach(job: Job, spec: StepSpec, number: int, phase: str, **values: Any) -> None:
    """Publish the lesson of a step and phase, where there is one; ``values`` fill its braces."""
    content = lessons.content(job.kind, spec.key, phase, **values)
    if content is not None:
        told = {"step": number, "step_key": spec.key, "phase": phase, "educational_content": content}
        sse.publish(job.topic, "educational", told)


def news(job: Job) -> Told:
    """Return what the owner's own topic is told of a job begun or ended."""
    news = {
        "job": str(job.pk),
        "kind": job.kind,
        "status": str(job.status),
        "strategy": str(job.strategy_id) if job.strategy_id else None,
        "message": job.message,
    }
    return f"user:{job.owner_id}", "status", news


def publish(events: Iterable[Told], *, requests: Mapping[str, str | None] | None = None) -> None:
    """
    Publish on several topics, in the order of their names: of two transactions neither waits for the other.

    ``requests`` says for which request each topic is told of, where it is not for the one at hand.
    """
    if not requests:
        sse.publish_all(events)
        return
    for topic, type, data in sorted(events, key=lambda event: event[0]):
        with trace.within(requests.get(topic) or trace.current()):
            sse.publish(topic, type, data)


def step_key(job: Job) -> str | None:
    """Return the key of the step a job is at; None before the first."""
    steps = kinds.get(job.kind).steps
    return steps[job.step - 1].key if 1 <= job.step <= len(steps) else None
