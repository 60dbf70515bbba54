"""The API of jobs (contract §4)."""

import json
from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.crypto import salted_hmac
from ninja import Body, Header, Router, Status
from pydantic import Field

from sse import history, tokens
from sse.polling import MAX_WAIT_SECONDS
from sse.problems import problem
from strategies import api, jobs, kinds, snapshot
from strategies.credentials import Session, Token
from strategies.models import Job, Strategy

MAX_COMMAND_BYTES = 4096

Seconds = Annotated[float, Field(ge=0)]
IdempotencyKey = Annotated[str | None, Header(None, alias="Idempotency-Key", max_length=200, min_length=1)]

router = Router(auth=[Token(), Session()], tags=["strategies"])


def own_job(request: HttpRequest, id: str) -> Job:
    return get_object_or_404(Job.objects.select_related("strategy", "owner"), pk=api.id_of(id), owner=request.user.pk)


@router.get("/jobs", summary="Your jobs, newest first")
def list_jobs(request: HttpRequest, active: int = 0, page: api.PageNumber = 1, size: api.PageSize = api.PAGE) -> Any:
    """Return ``{items, total, page, size}``; with ``active=1`` only those queued or running."""
    found = Job.objects.filter(owner=request.user.pk).select_related("strategy")
    if active:
        found = found.filter(status__in=Job.ACTIVE)
    return api.page_of(found, page, size, snapshot.of)


JOB = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/JobIn"}}},
    }
}


@router.post("/jobs", response={200: dict, 202: dict}, summary="Start a job that needs no strategy", openapi_extra=JOB)
def start_job_alone(request: HttpRequest, payload: Body[Any], idempotency_key: IdempotencyKey = None) -> Any:
    """Return 202 and the snapshot at once; 200 and the one that was started with the same key."""
    return _start(request, payload, idempotency_key, strategy=None)


@router.get("/jobs/{id}", summary="A job as it stands now")
def get_job(request: HttpRequest, id: str) -> HttpResponse:
    """Return the snapshot, with an ``ETag``; 304 where the client has it already."""
    body = json.dumps(snapshot.of(own_job(request, id)), ensure_ascii=False)
    return _tagged(request, body)


def _tagged(request: HttpRequest, body: str) -> HttpResponse:
    tag = f'"{salted_hmac("strategies.etag", body, algorithm="sha256").hexdigest()[:32]}"'
    known = [name.strip().removeprefix("W/") for name in request.headers.get("If-None-Match", "").split(",")]
    if tag in known or "*" in known:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


EVENTS = {"responses": {200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/EventPage"}}}}}}


@router.get(
    "/jobs/{id}/events",
    auth=[Token(tokens.Scope.WATCH, tokens.Scope.READ), Session()],
    summary="A job's events, by polling or long-polling",
    openapi_extra=EVENTS,
)
async def list_events(request: HttpRequest, id: str, after: str = "", wait: Seconds = 0) -> HttpResponse:
    """
    Return ``{events, cursor, final, more, reset?}``: what the stream would send after the cursor ``after``.

    With ``wait`` (seconds, at most 25) and nothing new the answer comes with the first event, or empty.
    """
    job = await sync_to_async(own_job)(request, id)
    page = await history.read(job.topic, after, wait=min(wait, MAX_WAIT_SECONDS))
    return HttpResponse(page, content_type="application/json", headers={"Cache-Control": "no-store"})


@router.post("/jobs/{id}/cancel", response={202: dict}, summary="End a job now")
def cancel_job(request: HttpRequest, id: str) -> Any:
    """Return 202 and the snapshot; 409 where the job has ended."""
    return Status(202, snapshot.of(jobs.cancel(own_job(request, id))))


@router.post("/jobs/{id}/retry", response={202: dict}, summary="Go on where a job ended, as a new job")
def retry_job(request: HttpRequest, id: str) -> Any:
    """Return 202 and the new job's snapshot; 409 where another runs, or the job's status forbids it."""
    return Status(202, snapshot.of(jobs.retry(own_job(request, id))))


COMMANDS = {"cancel": jobs.cancel, "retry": jobs.retry}


@router.post("/jobs/{id}/commands", response={202: dict}, summary="What the browser client sends")
def command_job(request: HttpRequest, id: str, payload: Body[Any]) -> Any:
    """Do ``{"command": "cancel" | "retry"}``; 422 for anything else."""
    job = own_job(request, id)
    if len(request.body) > MAX_COMMAND_BYTES:
        return problem(413, "too_large", f"A command may have at most {MAX_COMMAND_BYTES} bytes.")
    command = payload.get("command") if isinstance(payload, dict) else None
    if not isinstance(command, str) or command not in COMMANDS or len(payload) != 1:
        detail = 'A command is {"command": "cancel"} or {"command": "retry"}.'
        return problem(422, "invalid", detail, errors={"command": [detail]})
    return Status(202, snapshot.of(COMMANDS[command](job)))


@router.post("/strategies/{id}/jobs", response={200: dict, 202: dict}, summary="Start a job", openapi_extra=JOB)
def start_job(
    request: HttpRequest,
    id: str,
    payload: Body[Any],
    idempotency_key: IdempotencyKey = None,
) -> Any:
    """Return 202 and the snapshot at once; 200 and the one that is active, or was started with the same key."""
    return _start(request, payload, idempotency_key, strategy=api.own_strategy(request, id))


def _start(request: HttpRequest, payload: Any, idempotency_key: str | None, *, strategy: Strategy | None) -> Any:
    fit = [kind.key for kind in kinds.listed() if kind.of_strategy in (None, strategy is not None)]
    if not isinstance(payload, dict) or not isinstance(payload.get("kind"), str):
        detail = f'Name the kind of job: {{"kind": "…"}}, one of {", ".join(fit)}.'
        return problem(422, "invalid", detail, errors={"kind": [detail]})
    kind = kinds.get(payload["kind"])
    if kind.key not in fit:
        detail = f"A job of kind {kind.key!r} is not asked for here; here are: {', '.join(fit)}."
        return problem(422, "invalid", detail, errors={"kind": [detail]})
    params = {name: value for name, value in payload.items() if name != "kind"}
    if unknown := sorted(params.keys() - set(kind.params)):
        takes = f"; it takes {', '.join(kind.params)}" if kind.params else ""
        detail = f"A job of kind {kind.key!r} takes no {', '.join(unknown)[:200]}{takes}."
        return problem(422, "invalid", detail, errors={name: [detail] for name in unknown})
    job, new = jobs.enqueue(
        owner=api.user_of(request),
        kind=kind.key,
        strategy=strategy,
        params=kind.check(strategy, params),
        idempotency_key=idempotency_key,
    )
    return Status(202 if new else 200, snapshot.of(job))
