"""What was found in a text, over the API; and taking it over."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Router, Schema
from pydantic import ConfigDict, Field

from strategies import api, job_api
from strategies.autofill import results
from strategies.credentials import Session, Token

router = Router(auth=[Token(), Session()], tags=["autofill"])


class Take(Schema):
    """Which job's values to take."""

    model_config = ConfigDict(extra="forbid")

    job: str = Field(max_length=40, description="The job's id.")
    values: list[Annotated[str, Field(max_length=10)]] | None = Field(
        None,
        max_length=1_000,
        description="The ids of the values, even over entries; without it, what has no entry yet.",
    )


@router.get("/jobs/{id}/found", response=dict, summary="What a job of kind autofill found")
def get_found(request: HttpRequest, id: str) -> Any:
    """
    Return ``{values, dropped, url, title}``; 409 while there is nothing.

    A value has ``{id, path, label, own, part, shown, sources, confidence}``: ``part`` is its part of a brief (or stands
    beside it, with ``own``), ``sources`` the words it rests on. What was left out has ``{field, value, reason}``.
    """
    return results.ready(job_api.own_job(request, id))


@router.post("/strategies/{id}/autofill", response=dict, summary="Take values over into a strategy")
def take(request: HttpRequest, id: str, payload: Body[Take]) -> Any:
    """Return ``{taken, strategy}``; 409 where the job found nothing or the strategy is archived."""
    strategy = api.own_strategy(request, id)
    taken = results.take(strategy, results.ready(job_api.own_job(request, payload.job)), payload.values)
    return {"taken": taken, "strategy": api.tell(strategy)}
