"""Hints to workers over Redis: there is work, this job was cancelled. A lost hint costs one poll, never a job."""

from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction

from sse import sender

CHANNEL: Final = "strategies:1:jobs"
WAKE: Final = b"wake"
CANCEL: Final = b"cancel "


def wake_on_commit() -> None:
    """Tell all workers that there is work, when the transaction commits."""
    transaction.on_commit(partial(sender.send, CHANNEL, WAKE), robust=True)


def cancel_on_commit(id: UUID) -> None:
    """Tell the worker that holds it that a job was cancelled, when the transaction commits."""
    transaction.on_commit(partial(sender.send, CHANNEL, CANCEL + str(id).encode()), robust=True)


def read(payload: bytes) -> UUID | None:
    """Return the job that was cancelled, None where there is work; raises ``ValueError`` for what is no hint."""
    if payload == WAKE:
        return None
    if not payload.startswith(CANCEL):
        raise ValueError(f"{payload[:40]!r} is no hint")
    return UUID(payload.removeprefix(CANCEL).decode("ascii"))
