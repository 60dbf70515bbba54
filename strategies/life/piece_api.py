"""Pieces of the calendar over the API: changed, added, taken out; each answer is the version that it made."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from strategies import api
from strategies.credentials import Session, Token
from strategies.life import api as life
from strategies.life import pieces
from strategies.models import Version

router = Router(auth=[Token(), Session()], tags=["life of a strategy"])

Note = Annotated[str, Field(description="What was changed, in one line of at most 300 characters.")]

Read = Annotated[int, Query(ge=1, le=1_000_000, description="The version that was read; another by now is 409.")]


class Piece(Schema):
    """A piece of the calendar; what is not given stays as it is."""

    model_config = ConfigDict(extra="forbid")

    version: life.Number
    title: str | None = Field(None, description="At most 160 characters.")
    description: str | None = Field(None, description="At most 2,000 characters; may be empty.")
    date: str | None = Field(None, description="A day within the calendar, such as 2027-02-01.")
    format: str | None = Field(None, description="One of the brief's formats, Other formats, or one in the calendar.")
    channel: str | None = Field(None, description="One of the brief's channels, or one in the calendar.")
    funnel_stage: str | None = Field(None, description="awareness, consideration, decision or retention.")
    theme: str | None = Field(None, description="One of the calendar's themes.")
    priority: str | None = Field(None, description="High, Medium or Low.")
    note: Note = ""

    @property
    def values(self) -> dict[str, Any]:
        """What was given."""
        return self.model_dump(exclude_unset=True, exclude={"version", "note"})


@router.patch("/strategies/{id}/calendar/pieces/{piece}", response=dict, summary="Change a piece of the calendar")
def change_piece(request: HttpRequest, id: str, piece: str, payload: Body[Piece]) -> Any:
    """
    Save it as the next version; return that with the piece and ``warnings``, or the newest where nothing changed.

    422 names each bad value with what is accepted; 409 where another version came meanwhile, or a calendar is being made.
    """
    version = pieces.change(
        api.own_strategy(request, id),
        piece,
        author=api.user_of(request),
        number=payload.version,
        values=payload.values,
        note=payload.note,
    )
    return _tell(version) | {"piece": pieces.find(version.document["calendar"], piece)}


@router.post("/strategies/{id}/calendar/pieces", response={201: dict}, summary="Add a piece to the calendar")
def add_piece(request: HttpRequest, id: str, payload: Body[Piece]) -> Any:
    """Save it as the next version; return that with the piece and ``warnings``. All but a description is needed."""
    version = pieces.add(
        api.own_strategy(request, id),
        author=api.user_of(request),
        number=payload.version,
        values=payload.values,
        note=payload.note,
    )
    made = version.document["calendar"]
    return Status(201, _tell(version) | {"piece": pieces.find(made, made["by_hand"][-1])})


@router.delete("/strategies/{id}/calendar/pieces/{piece}", response=dict, summary="Take a piece out of the calendar")
def remove_piece(request: HttpRequest, id: str, piece: str, version: Read) -> Any:
    """Save the calendar without it as the next version; return that with ``warnings``. 409 for the last piece."""
    saved = pieces.remove(api.own_strategy(request, id), piece, author=api.user_of(request), number=version)
    return _tell(saved)


def _tell(version: Version) -> dict[str, Any]:
    return life.tell(version) | {"warnings": version.document["calendar"].get("warnings", [])}
