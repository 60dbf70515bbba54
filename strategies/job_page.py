"""A job as its page shows it: where it stands, the lesson beside its step, and how it ended."""

import json
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from sse.models import Event

from . import lessons, sections, snapshot, spoken, states, texts
from .models import Job

# What of a step's result is shown plainly: more would make the page slow, and nobody reads it there.
LONGEST_RESULT_BYTES = 100_000
EMPTY: tuple[Any, ...] = (None, "", [], {})
# After so long without a word from a job at work, its page says so.
QUIET_SECONDS = 300


def context(job: Job) -> dict[str, Any]:
    """Return what the template needs. The snapshot is read first: its cursor is where the page's stream begins."""
    shown = snapshot.of(job)
    active = not job.is_final
    quiet = _quiet_seconds(job) if active else 0
    lesson = _lesson(job) if active else None
    known = lessons.words(job.kind) if active else {}
    told = texts.known_to_page(step["title"] for step in shown["steps"])
    return {
        "job": job,
        "kind": snapshot.kind_of(job),
        "snapshot": shown,
        "name": job.strategy.name if job.strategy else gettext(shown["title"]),
        "active": active,
        "line": snapshot.line(shown),
        "words": states.words() | {"told": told, "lessons": known},
        "lesson": lessons.told(lesson, known),
        # What the page's script begins with.
        "told": shown | {"lesson": lesson},
        "lesson_step": next((step["title"] for step in shown["steps"] if step["number"] == job.step), ""),
        "elapsed_seconds": _seconds_since(job.started) if active and job.started else None,
        "readable": readable(job),
        "quiet_seconds": quiet,
        "is_quiet": quiet >= QUIET_SECONDS,
        "outcome": None if active else outcome(job, shown),
    }


def outcome(job: Job, shown: dict[str, Any]) -> dict[str, Any]:
    """Return how an ended job ended: which steps failed and why, what is kept, and from where it may go on."""
    reasons = {step.key: step.error["message"] for step in job.steps.filter(ok=False) if step.error}
    if job.error and job.error.get("step_key"):
        reasons.setdefault(job.error["step_key"], job.error["message"])
    failed = [{**step, "reason": reasons.get(step["key"], "")} for step in shown["steps"] if step["status"] == "failed"]
    unfinished = [step for step in shown["steps"] if step["status"] != "done"]
    can_retry = job.status in (Job.Status.FAILED, Job.Status.PARTIAL, Job.Status.CANCELLED)
    return {
        "failed": failed,
        "kept": [step for step in shown["steps"] if step["status"] == "done"],
        "retry_from": (failed or unfinished or [None])[0] if can_retry and not shown["retried_by"] else None,
        "results": results(job, shown),
    }


def results(job: Job, shown: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what each step made, where no other page shows it: "value", or that it is "long"."""
    if snapshot.kind_of(job).result_url is not None or readable(job):
        return []
    made = dict(job.steps.filter(ok=True).values_list("key", "output"))
    titled = [(step["title"], made[step["key"]]) for step in shown["steps"] if made.get(step["key"]) not in EMPTY]
    return [
        {"title": title, "long": True}
        if len(json.dumps(value)) > LONGEST_RESULT_BYTES
        else {"title": title, "value": value}
        for title, value in titled
    ]


def _lesson(job: Job) -> dict[str, Any] | None:
    """Return the lesson told last, if it belongs to the step the job is at: never another's."""
    told = Event.objects.filter(topic__name=job.topic, type="educational").order_by("-seq").first()
    if told is None or told.data.get("step") != job.step:
        return None
    content = told.data.get("educational_content")
    return content if isinstance(content, dict) else None


def _quiet_seconds(job: Job) -> int:
    """Return for how long nothing was heard of the job."""
    last = Event.objects.filter(topic__name=job.topic).order_by("-seq").first()
    return _seconds_since(last.created if last else job.created)


def _seconds_since(moment: datetime) -> int:
    return max(0, int((timezone.now() - moment).total_seconds()))


def readable(job: Job) -> dict[str, str]:
    """Return which steps write something that can be read while later ones are at work, with the section each writes."""
    if job.kind == "section":
        return {"write": str(job.params.get("section"))}
    return {key: key for key in sections.KEYS} if job.kind == "strategy" else {}


def section(job: Job, step_key: str) -> dict[str, Any]:
    """Return what the page of a section needs that a job has written; 404 where it has not."""
    key = readable(job).get(step_key, "")
    row = job.steps.filter(key=step_key, ok=True).first()
    data = row.output.get("section") if row and isinstance(row.output, dict) else None
    if key not in sections.KEYS or not isinstance(data, dict):
        raise Http404
    name = job.strategy.name if job.strategy else ""
    ground = job.steps.filter(key="foundation", ok=True).first()
    read = spoken.part(key, data, {"foundation": ground.output if ground else None})
    return {"job": job, "name": name, "title": sections.TITLES[key], "key": key, "data": read}
