"""A job as it stands now, the way the API and the pages tell it (contract §4)."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

import sse
from strategies import kinds, pace
from strategies.errors import UnknownKind
from strategies.kinds import Kind
from strategies.models import Job, Step


def of(job: Job) -> dict[str, Any]:
    """
    Return the snapshot of a job.

    ``cursor`` is read before anything else, so whoever streams from it gets every event past what the snapshot shows;
    some may tell what it shows already, none is missing.
    """
    cursor = sse.cursor_of(job.topic)
    job.refresh_from_db()
    kind = kind_of(job)
    done = {step.key: step for step in job.steps.all()}
    retried_by = Job.objects.filter(retry_of=job).values_list("pk", flat=True).first()
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "title": kind.title,
        "strategy": str(job.strategy_id) if job.strategy_id else None,
        "status": str(job.status),
        "step": job.step,
        "steps": [_step(job, number, spec.key, spec.title, done) for number, spec in enumerate(kind.steps, 1)],
        "progress": job.progress,
        "message": job.message,
        "waiting": _is_waiting(job),
        "eta": pace.eta(job, kind, list(done.values())),
        "error": job.error,
        "engine": job.engine,
        "attempt": job.attempt,
        "result_url": result_url(job),
        "stream_url": f"{reverse('sse:stream')}?topic={job.topic}",
        "events_url": f"/api/jobs/{job.pk}/events",
        "cursor": cursor,
        "retry_of": str(job.retry_of_id) if job.retry_of_id else None,
        "retried_by": str(retried_by) if retried_by else None,
        "created": _time(job.created),
        "started": _time(job.started),
        "finished": _time(job.finished),
    }


def kind_of(job: Job) -> Kind:
    """Return a job's kind; one without steps where this release does not know it any more."""
    try:
        return kinds.get(job.kind)
    except UnknownKind:
        return Kind(key=job.kind, title=job.kind, steps=(), finish=lambda job, results: "")


def result_url(job: Job) -> str | None:
    """Return where the result of a job is read; None while there is none."""
    if job.status not in (Job.Status.SUCCEEDED, Job.Status.PARTIAL):
        return None
    if (own := kind_of(job).result_url) is not None:
        return own(job)
    return job.strategy.get_absolute_url() if job.strategy else None


def _is_waiting(job: Job) -> bool:
    """Whether nobody works at a job that has not ended: it is queued, or its worker is lost."""
    # For words alone, so by this machine's clock; whether it may be claimed is asked of the database's.
    lost = job.lease_until is not None and job.lease_until < timezone.now()
    return job.status == Job.Status.QUEUED or (job.status == Job.Status.RUNNING and lost)


def line(shown: dict[str, Any]) -> str:
    """
    Return what the page says of a job now; its script's ``line`` says the same.

    Between two steps the message is what the last one made: then the next is named, and nobody is said to be at it.
    """
    if shown["waiting"]:
        return "Waiting for a worker."
    steps = shown["steps"]
    coming = next((step for step in steps if step["status"] == "pending"), None)
    is_between = all(step["status"] != "running" for step in steps)
    is_of_last = any(step["summary"] and step["summary"] == shown["message"][:300] for step in steps)
    return f"Next: {coming['title']} …" if coming and is_between and is_of_last else str(shown["message"])


def _step(job: Job, number: int, key: str, title: str, done: dict[str, Step]) -> dict[str, Any]:
    row = done.get(key)
    if row is not None:
        status = "done" if row.ok else "failed"
    elif job.error and job.error.get("step_key") == key:
        status = "failed"
    else:
        status = "running" if job.status == Job.Status.RUNNING and job.step == number else "pending"
    return {
        "number": number,
        "key": key,
        "title": title,
        "status": status,
        "summary": row.summary if row else "",
        "error": row.error if row and not row.ok else None,
        "seconds": round(row.seconds, 3) if row else None,
        "copied": row.copied if row else False,
        "engine": row.engine if row else "",
        "tokens_in": row.tokens_in if row else 0,
        "tokens_out": row.tokens_out if row else 0,
        "cost": float(row.cost) if row and row.cost is not None else None,
    }


def _time(moment: Any) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
