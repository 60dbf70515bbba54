"""What the states of jobs and steps are called and shown as on pages; their scripts get the same words."""

from typing import Any, Final, NamedTuple

from .models import Job, Strategy


class Look(NamedTuple):
    """A word, and what stands beside it: a step's symbol, or a badge's colour."""

    word: str
    mark: str


STEPS: Final = {
    "pending": Look("to do", "○"),
    "running": Look("at work", "▸"),
    "done": Look("done", "✓"),
    "failed": Look("failed", "✗"),
}
JOBS: Final = {
    Job.Status.QUEUED.value: Look("Queued", "busy"),
    Job.Status.RUNNING.value: Look("At work", "busy"),
    Job.Status.SUCCEEDED.value: Look("Ready", "good"),
    Job.Status.PARTIAL.value: Look("Ready in part", "warn"),
    Job.Status.FAILED.value: Look("Failed", "bad"),
    Job.Status.CANCELLED.value: Look("Cancelled", ""),
}
STRATEGIES: Final = {
    Strategy.Status.DRAFT.value: Look("Draft", ""),
    Strategy.Status.ACTIVE.value: Look("Active", "good"),
    Strategy.Status.PAUSED.value: Look("Paused", "warn"),
    Strategy.Status.INACTIVE.value: Look("Inactive", ""),
    Strategy.Status.ARCHIVED.value: Look("Archived", ""),
}
# A strategy that no job was asked for yet.
DRAFT: Final = Look("Draft", "")


def words() -> dict[str, Any]:
    """Return all of them for a page's script."""
    return {
        "steps": {status: look._asdict() for status, look in STEPS.items()},
        "jobs": {status: look._asdict() for status, look in JOBS.items()},
    }


def looks() -> dict[str, Any]:
    """Return what a page's `job-list` says of each status, with the classes of its badge."""
    return {
        "looks": {status: {"word": look.word, "class": f"badge {look.mark}".strip()} for status, look in JOBS.items()}
    }
