"""The life of a document over the API: reviews and the verbs of a status."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Router, Schema
from pydantic import ConfigDict, Field, StrictBool

from strategies import api
from strategies.credentials import Session, Token
from strategies.life import reviews, statuses

router = Router(auth=[Token(), Session()], tags=["life of a strategy"])

Number = Annotated[int, Field(ge=1, le=1_000_000, description="The version that was read; another by now is 409.")]


class Review(Schema):
    """What a reviewer says of a section."""

    model_config = ConfigDict(extra="forbid")

    reviewed: StrictBool
    note: str = Field("", description=f"At most {reviews.LONGEST_NOTE:,} characters.")
    version: Number | None = None


@router.post("/strategies/{id}/sections/{key}/review", response=dict, summary="Review a section of the newest version")
def review_section(request: HttpRequest, id: str, key: str, payload: Body[Review]) -> Any:
    """Mark it as reviewed, or take that back; return ``{key, title, ready, reviewed, reviewer, note}``."""
    section = reviews.review(
        api.own_strategy(request, id),
        key,
        reviewer=api.user_of(request),
        reviewed=payload.reviewed,
        note=payload.note,
        number=payload.version,
    )
    return reviews.tell(section)


def _change(name: str) -> Callable[..., Any]:
    def change(request: HttpRequest, id: str) -> Any:
        return api.tell(statuses.change(api.own_strategy(request, id), name))

    change.__name__ = f"{name}_strategy"
    change.__doc__ = f"{statuses.VERBS[name].means} Returns the strategy; 409 says what to do first."
    return change


for _name, _verb in statuses.VERBS.items():
    router.post(f"/strategies/{{id}}/{_name}", response=dict, summary=f"{_verb.label} a strategy")(_change(_name))
