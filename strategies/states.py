"""What the states of jobs and steps are called and shown as on pages; their scripts get the same words."""

from typing import Any, Final, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .models import Job, Strategy


class Look(NamedTuple):
    """A word, and what stands beside it: a step's symbol, or a badge's colour."""

    word: str
    mark: str


STEPS: Final = {
    "pending": Look(_("to do"), "○"),
    "running": Look(_("at work"), "▸"),
    "done": Look(_("done"), "✓"),
    "failed": Look(_("failed"), "✗"),
}
JOBS: Final = {
    Job.Status.QUEUED.value: Look(_("Queued"), "busy"),
    Job.Status.RUNNING.value: Look(_("At work"), "busy"),
    Job.Status.SUCCEEDED.value: Look(_("Ready"), "good"),
    Job.Status.PARTIAL.value: Look(_("Ready in part"), "warn"),
    Job.Status.FAILED.value: Look(_("Failed"), "bad"),
    Job.Status.CANCELLED.value: Look(_("Cancelled"), ""),
}
STRATEGIES: Final = {
    Strategy.Status.DRAFT.value: Look(_("Draft"), ""),
    Strategy.Status.ACTIVE.value: Look(_("Active"), "good"),
    Strategy.Status.PAUSED.value: Look(_("Paused"), "warn"),
    Strategy.Status.INACTIVE.value: Look(_("Inactive"), ""),
    Strategy.Status.ARCHIVED.value: Look(_("Archived"), ""),
}
# A strategy that no job was asked for yet.
DRAFT: Final = Look(_("Draft"), "")


def words() -> dict[str, Any]:
    """Return all of them for a page's script, in the reader's language."""
    return {
        "steps": {status: _shown(look) for status, look in STEPS.items()},
        "jobs": {status: _shown(look) for status, look in JOBS.items()},
    }


def looks() -> dict[str, Any]:
    """Return what a page's `job-list` says of each status, with the classes of its badge."""
    return {
        "looks": {
            status: {"word": gettext(look.word), "class": f"badge {look.mark}".strip()} for status, look in JOBS.items()
        }
    }


def _shown(look: Look) -> dict[str, str]:
    return {"word": gettext(look.word), "mark": look.mark}
