"""The API of strategies (contract §4)."""

import uuid
from typing import Annotated, Any, Literal

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Body, Router, Status
from pydantic import Field

from sse.problems import problem
from strategies import basis, brief, jobs, search
from strategies.credentials import Session, Token
from strategies.models import Strategy
from strategies.start import changes

PAGE = 20
MAX_PAGE = 100

PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
Search = Annotated[str, Field(max_length=200)]
PageSize = Annotated[int, Field(ge=1, le=MAX_PAGE)]


router = Router(auth=[Token(), Session()], tags=["strategies"])


def own_strategy(request: HttpRequest, id: str) -> Strategy:
    return get_object_or_404(Strategy, pk=id_of(id), owner=request.user.pk)


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the router lets nobody else in
    return request.user


def id_of(id: str) -> uuid.UUID:
    try:
        return uuid.UUID(id)
    except ValueError:
        raise Http404 from None


def tell(strategy: Strategy, *, whole: bool = True) -> dict[str, Any]:
    """Return a strategy as the API tells it; without its brief where not ``whole``."""
    last = strategy.jobs.order_by("-created").first()
    version = strategy.versions.order_by("-number").only("number", "score").first()
    told: dict[str, Any] = {
        "id": str(strategy.pk),
        "name": strategy.name,
        "industry": strategy.industry,
        "status": strategy.status,
        "timeline_months": strategy.timeline_months,
        "max_content_pieces": strategy.max_content_pieces,
        "version": version.number if version else None,
        "score": version.score if version else None,
        "job": {"id": str(last.pk), "status": last.status, "progress": last.progress} if last else None,
        "url": strategy.get_absolute_url(),
        "created": strategy.created.isoformat(),
        "updated": strategy.updated.isoformat(),
    }
    if whole:
        told["brief"] = strategy.brief
    return told


STRATEGY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/StrategyIn"}}},
    }
}


@router.post("/strategies", response={201: dict}, summary="Store a brief", openapi_extra=STRATEGY)
def create_strategy(request: HttpRequest, payload: Body[Any]) -> Any:
    """Return 201 and the strategy; 422 naming every bad field."""
    cleaned = brief.clean_strategy(payload)
    strategy = Strategy.objects.create(owner=user_of(request), **vars(cleaned))
    return Status(201, tell(strategy))


@router.get("/strategies", summary="Your strategies, newest first")
def list_strategies(
    request: HttpRequest,
    q: Search = "",
    status: Literal["", "all", "draft", "active", "paused", "inactive", "archived"] = "",
    page: PageNumber = 1,
    size: PageSize = PAGE,
) -> Any:
    """
    Return ``{items, total, page, size}``; ``q`` looks in names and industries, whatever their case.

    Archived ones are left out unless ``status`` asks for them, or for ``all``.
    """
    found = search.with_status(search.find(Strategy.objects.filter(owner=request.user.pk), q), status)
    return page_of(found, page, size, lambda strategy: tell(strategy, whole=False))


def page_of(found: QuerySet[Any], page: int, size: int, tell: Any) -> dict[str, Any]:
    start = (page - 1) * size
    items = [tell(one) for one in found[start : start + size]]
    return {"items": items, "total": found.count(), "page": page, "size": size}


@router.get("/strategies/{id}", summary="A strategy with its brief")
def get_strategy(request: HttpRequest, id: str) -> Any:
    """Return the strategy."""
    return tell(own_strategy(request, id))


@router.patch("/strategies/{id}", summary="Change a strategy")
def change_strategy(request: HttpRequest, id: str, payload: Body[Any]) -> Any:
    """
    Change the members given; ``brief`` replaces field by field, null removes one.

    422 naming every bad field; 409 where it is archived.
    """
    strategy = own_strategy(request, id)
    changes.change(strategy, lambda held: _merged(held, payload))
    return tell(strategy)


def _merged(strategy: Strategy, payload: Any) -> Any:
    if not isinstance(payload, dict):
        return payload
    whole = basis.asked(strategy) | payload
    if isinstance(payload.get("brief"), dict):
        whole["brief"] = strategy.brief | payload["brief"]
    return whole


@router.delete("/strategies/{id}", response={204: None}, summary="Delete a strategy and all that was made of it")
def delete_strategy(request: HttpRequest, id: str) -> Any:
    """Cancel its job, then delete everything; 204."""
    jobs.delete_strategy(own_strategy(request, id))
    return Status(204, None)


@router.get("/strategies/{id}/document", summary="The finished document")
def get_document(request: HttpRequest, id: str, version: PageNumber | None = None) -> Any:
    """Return ``{version, created, engine, score, document}``; 404 while there is none."""
    strategy = own_strategy(request, id)
    found = strategy.versions.all()
    one = get_object_or_404(found, number=version) if version else found.order_by("-number").first()
    if one is None:
        return problem(404, "no_document", "This strategy has no document yet: start a job of kind strategy.")
    return {
        "version": one.number,
        "created": one.created.isoformat(),
        "engine": one.engine,
        "score": one.score,
        "document": one.document,
    }
