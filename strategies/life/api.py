"""The life of a document over the API: versions, reviews, and the verbs of a status."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StrictBool

from strategies import api
from strategies.brief import Invalid
from strategies.credentials import Session, Token
from strategies.life import comparison, copies, edits, reviews, statuses
from strategies.models import Version

router = Router(auth=[Token(), Session()], tags=["life of a strategy"])

Number = Annotated[int, Field(ge=1, le=1_000_000, description="The version that was read; another by now is 409.")]


From = Annotated[int | None, Query(None, alias="from", ge=1, le=1_000_000, description="The one before, unless named.")]
To = Annotated[int | None, Query(None, ge=1, le=1_000_000, description="The newest, unless named.")]


@router.get("/strategies/{id}/versions", response=dict, summary="The versions of a document, newest first")
def list_versions(request: HttpRequest, id: str, page: api.PageNumber = 1, size: api.PageSize = api.PAGE) -> Any:
    """Return ``{items, total, page, size}``: who made each version and how, and the reviews of its sections."""
    found = api.own_strategy(request, id).versions.defer("document").select_related("author")
    return api.page_of(found.prefetch_related("sections__reviewer"), page, size, tell)


def tell(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "origin": version.origin,
        "author": version.author.get_username() if version.author else None,
        "note": version.note,
        "engine": version.engine,
        "score": version.score,
        "job": str(version.job_id) if version.job_id else None,
        "created": version.created.isoformat(),
        "sections": [reviews.tell(section) for section in version.sections.all()],
    }


@router.get("/strategies/{id}/versions/compare", response=dict, summary="Two versions side by side")
def compare_versions(request: HttpRequest, id: str, before: From = None, to: To = None) -> Any:
    """
    Return ``{from, to, sections}``; each section has ``{key, title, summary, changes}``, its summary empty where none is.

    A change has ``{path, label, kind, before, after, words}``: ``kind`` is text or figure, ``before`` or ``after`` null
    where there is none, and ``words`` the pieces ``[op, text]`` with ``op`` same, del or ins.
    """
    older, newer = comparison.chosen(api.own_strategy(request, id), before, to)
    return {
        "from": older.number,
        "to": newer.number,
        "sections": [_tell_compared(section) for section in comparison.compare(older, newer)],
    }


def _tell_compared(section: comparison.Compared) -> dict[str, Any]:
    changes = [
        {
            "path": change.path,
            "label": change.label,
            "kind": change.kind,
            "before": change.before,
            "after": change.after,
            "words": [list(piece) for piece in change.pieces],
        }
        for change in section.changes
    ]
    return {"key": section.key, "title": section.title, "summary": section.summary, "changes": changes}


@router.post("/strategies/{id}/versions/{number}/restore", response={201: dict}, summary="Bring an old version back")
def restore_version(request: HttpRequest, id: str, number: int) -> Any:
    """Save it as the next version; return that. 409 where it is the newest already, or the strategy is archived."""
    version = copies.restore(api.own_strategy(request, id), number, author=api.user_of(request))
    return Status(201, tell(version))


@router.post("/strategies/{id}/duplicate", response={201: dict}, summary="Make a new draft from a strategy")
def duplicate_strategy(request: HttpRequest, id: str) -> Any:
    """Return the new strategy: the same brief, the newest document as its first version, no reviews."""
    return Status(201, api.tell(copies.duplicate(api.own_strategy(request, id), owner=api.user_of(request))))


class Review(Schema):
    """What a reviewer says of a section."""

    model_config = ConfigDict(extra="forbid")

    reviewed: StrictBool
    note: str = Field("", description=f"At most {reviews.LONGEST_NOTE:,} characters.")
    version: Number | None = None


class Edit(Schema):
    """Other words for a section: texts by their places, or the section as a whole."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=1_000_000, description="The version that was read; another by now is 409.")]
    texts: dict[str, str | int | list[str] | None] | None = Field(
        None,
        description="By path, such as risks[0].mitigation: a text, lines or a rating; null takes a row out.",
    )
    data: dict[str, Any] | None = Field(None, description="The section as a whole, with its computed parts unchanged.")
    note: str = Field("", description="What was changed, in one line of at most 300 characters.")


@router.patch("/strategies/{id}/sections/{key}", response=dict, summary="Edit a section of the newest version")
def edit_section(request: HttpRequest, id: str, key: str, payload: Body[Edit]) -> Any:
    """
    Save it as the next version; return that, or the newest as it is where nothing changed.

    422 names each bad place, and what is computed and so not edited; 409 where another version came meanwhile.
    """
    if (payload.texts is None) == (payload.data is None):
        raise Invalid({"texts": ["Give either texts or data."]})
    version = edits.edit(
        api.own_strategy(request, id),
        key,
        author=api.user_of(request),
        number=payload.version,
        texts=payload.texts,
        data=payload.data,
        note=payload.note,
    )
    return tell(version)


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
