"""The API of exports (contract §4): a strategy's document, its calendar and the whole account as files."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router
from pydantic import Field

from sse.problems import problem
from strategies.credentials import Session, Token
from strategies.exports import files, json_, markdown, outline
from strategies.models import Strategy, Version

router = Router(auth=[Token(), Session()], tags=["exports"])

VersionNumber = Annotated[int, Field(ge=1, le=1_000_000)]


@dataclass(frozen=True)
class Format:
    """A kind of file: what it is called, and how a version becomes one; ``site`` is where this server is reached."""

    label: str
    content_type: str
    render: Callable[[Version, str], bytes]


DOCUMENTS: Mapping[str, Format] = {
    "md": Format(
        "Markdown",
        "text/markdown; charset=utf-8; variant=CommonMark",
        lambda version, site: markdown.render(outline.of(version)).encode(),
    ),
    "json": Format("JSON", "application/json", lambda version, site: json_.render(version, site=site)),
}


@router.get("/strategies/{id}/export/{format}", summary="The document as a file: " + ", ".join(DOCUMENTS))
def export_document(request: HttpRequest, id: str, format: str, version: VersionNumber | None = None) -> HttpResponse:
    """Return the newest version, or ``version``, as a file; 404 while there is none, and for another format."""
    strategy = _own(request, id)
    known = DOCUMENTS.get(format)
    if known is None:
        return _unknown(format, DOCUMENTS)
    found = _version(strategy, version)
    if found is None:
        return problem(404, "no_document", "This strategy has no document yet: start a job of kind strategy.")
    name = files.name(strategy.name, part=f"v{found.number}", suffix=format)
    body = known.render(found, f"{request.scheme}://{request.get_host()}")
    return files.attachment(body, content_type=known.content_type, name=name)


@router.get("/schemas/strategy.json", auth=None, summary="The JSON Schema of a document's JSON file")
def get_schema(request: HttpRequest) -> HttpResponse:
    """Return the schema that ``$schema`` of a JSON file names."""
    return HttpResponse(json.dumps(json_.schema(), indent=1), content_type="application/schema+json")


def _own(request: HttpRequest, id: str) -> Strategy:
    try:
        key = uuid.UUID(id)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Strategy, pk=key, owner=request.user.pk)


def _version(strategy: Strategy, number: int | None) -> Version | None:
    found = strategy.versions.select_related("strategy", "author")
    return get_object_or_404(found, number=number) if number else found.order_by("-number").first()


def _unknown(format: str, known: Mapping[str, Format]) -> HttpResponse:
    detail = f"There is no such format; accepted are {', '.join(known)}."
    return problem(404, "unknown_format", detail, accepted=list(known))
