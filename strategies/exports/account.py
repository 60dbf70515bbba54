"""All that a user has, as one zip that is sent while it is made."""

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import Any

from sse import border, rows
from strategies.exports import files, json_, markdown, outline
from strategies.models import Draft, Job, Strategy

# Events of one reading; a job has fewer, unless something went round in circles.
EVENTS = 1000


async def stream(user: Any) -> AsyncIterator[bytes]:
    """Yield the zip in pieces. One file is in memory at a time, and no thread is held while the reader is slow."""
    pieces = build(user)
    while (piece := await border.cross(next, pieces, None)) is not None:
        if piece:
            yield piece


def build(user: Any) -> Iterator[bytes]:
    """Yield the zip in pieces; each step is a few queries, and holds nothing of the database open."""
    buffer = _Outlet()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", README)
        packed.writestr("drafts.json", _json(list(_drafts(user))))
        for key in list(Strategy.objects.filter(owner=user).values_list("pk", flat=True)):
            strategy = Strategy.objects.filter(pk=key).first()
            if strategy is None:
                continue  # deleted while the zip is made
            folder = f"strategies/{files.name(strategy.name, part=str(key)[:8], suffix='')}".rstrip(".")
            for name, body in _of_strategy(strategy):
                packed.writestr(f"{folder}/{name}", body)
                yield buffer.take()
        for name, body in _of_jobs(Job.objects.filter(owner=user, strategy=None)):
            packed.writestr(name, body)
            yield buffer.take()
    yield buffer.take()


README = """\
Your strategies. In the folder of each: strategy.json (its brief), versions/N.json (each version of the document, with
the schema that it names), newest.md (the newest version, to read), jobs/ID.json (each run with its events).
jobs/ at the top: runs that belong to no strategy. drafts.json: briefs that were begun and not sent, as they were typed.
"""


def _drafts(user: Any) -> Iterator[dict[str, Any]]:
    for draft in Draft.objects.filter(owner=user):
        yield {"key": str(draft.key), "typed": draft.typed, "updated": draft.updated.isoformat()}


def _of_strategy(strategy: Strategy) -> Iterator[tuple[str, bytes]]:
    members = ("name", "industry", "status", "timeline_months", "max_content_pieces", "brief")
    told = {"id": str(strategy.pk), **{name: getattr(strategy, name) for name in members}}
    told |= {"created": strategy.created.isoformat(), "updated": strategy.updated.isoformat()}
    yield "strategy.json", _json(told)
    numbers = list(strategy.versions.order_by("number").values_list("number", flat=True))
    for number in numbers:
        version = strategy.versions.select_related("strategy", "author").filter(number=number).first()
        if version is None:
            continue
        yield f"versions/{number}.json", json_.render(version)
        if number == numbers[-1]:
            yield "newest.md", markdown.render(outline.of(version)).encode()
    yield from _of_jobs(strategy.jobs.all())


def _of_jobs(jobs: Any) -> Iterator[tuple[str, bytes]]:
    for key in list(jobs.values_list("pk", flat=True)):
        job = Job.objects.filter(pk=key).first()
        if job is not None:
            yield f"jobs/{key}.json", _json(_tell(job))


def _tell(job: Job) -> dict[str, Any]:
    names = ("kind", "status", "progress", "message", "engine", "params", "error", "attempt")
    told = {"id": str(job.pk), **{name: getattr(job, name) for name in names}}
    times = {name: getattr(job, name) for name in ("created", "started", "finished")}
    told |= {name: at.isoformat() if at else None for name, at in times.items()}
    return told | {"events": list(_events(job.topic))}


def _events(topic: str) -> Iterator[Any]:
    position = 0
    while frames := rows.after(topic, position, EVENTS):
        yield from (json.loads(frame.json) for frame in frames)
        position = frames[-1].seq


def _json(told: Any) -> bytes:
    return json.dumps(told, indent=1).encode()


class _Outlet(io.RawIOBase):
    """Where the zip is written: what was written can be taken away, and nothing can be written over."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken, self._written = bytes(self._written), bytearray()
        return taken
