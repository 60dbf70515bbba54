"""Hints to workers over Redis: there is work, this job was cancelled. A lost hint costs one poll, never a job."""

from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction

from sse import publisher

CHANNEL: Final = "strategies:1:jobs"
WAKE: Final = b"wake"
CANCEL: Final = b"cancel "


def wake_on_commit() -> None:
    """Tell all workers that there is work, when the transaction commits."""
    transaction.on_commit(partial(publisher.send, CHANNEL, WAKE), robust=True)


def cancel_on_commit(id: UUID) -> None:
    """Tell the worker that holds it that a job was cancelled, when the transaction commits."""
    transaction.on_commit(partial(publisher.send, CHANNEL, CANCEL + str(id).encode()), robust=True)


def read(payload: bytes) -> UUID | None:
    """Return the job that was cancelled; None where the hint says something else."""
    if not payload.startswith(CANCEL):
        return None
    try:
        return UUID(payload.removeprefix(CANCEL).decode("ascii"))
    except ValueError:
        return None
