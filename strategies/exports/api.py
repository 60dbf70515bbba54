"""The API of exports (contract §4): a strategy's document, its calendar and the whole account as files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from sse.problems import problem
from strategies import api
from strategies.credentials import Session, Token
from strategies.exports import account, calendar_csv, calendar_ics, docx_, files, json_, markdown, outline, pdf, pieces
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
    "docx": Format(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda version, site: docx_.render(outline.of(version), made=version.created),
    ),
    "pdf": Format(
        "PDF", "application/pdf", lambda version, site: pdf.render(outline.of(version), made=version.created)
    ),
    "json": Format("JSON", "application/json", lambda version, site: json_.render(version, site=site)),
}

CALENDARS: Mapping[str, Format] = {
    "csv": Format(
        "CSV", "text/csv; charset=utf-8; header=present", lambda version, site: calendar_csv.render(_calendar(version))
    ),
    "ics": Format("iCalendar", "text/calendar; charset=utf-8", lambda version, site: calendar_ics.render(version)),
}


@router.get("/strategies/{id}/export/{format}", summary="The document as a file: " + ", ".join(DOCUMENTS))
def export_document(request: HttpRequest, id: str, format: str, version: VersionNumber | None = None) -> HttpResponse:
    """Return the newest version, or ``version``, as a file; 404 while there is none, and for another format."""
    strategy = api.own_strategy(request, id)
    known = DOCUMENTS.get(format)
    if known is None:
        return _unknown(format, DOCUMENTS)
    found = _version(strategy, version)
    if found is None:
        return problem(404, "no_document", "This strategy has no document yet: start a job of kind strategy.")
    return _file(request, found, known, format, part=f"v{found.number}")


@router.get("/strategies/{id}/calendar/export/{format}", summary="The calendar as a file: " + ", ".join(CALENDARS))
def export_calendar(request: HttpRequest, id: str, format: str, version: VersionNumber | None = None) -> HttpResponse:
    """Return the calendar of the newest version, or of ``version``, as a file; 404 while there is none."""
    strategy = api.own_strategy(request, id)
    known = CALENDARS.get(format)
    if known is None:
        return _unknown(format, CALENDARS)
    found = _version(strategy, version)
    if found is None or not pieces.of(_calendar(found)):
        return problem(404, "no_calendar", "There is no calendar to export: start a job of kind calendar first.")
    return _file(request, found, known, format, part=f"calendar-v{found.number}")


@router.get("/account/export", summary="All your strategies, with their versions and jobs, as one zip")
def export_account(request: HttpRequest) -> StreamingHttpResponse:
    """Send the zip while it is made: briefs, every version, the newest as Markdown, jobs with their events."""
    response = StreamingHttpResponse(
        account.stream(request.user), content_type="application/zip", headers=files.HEADERS
    )
    response["Content-Disposition"] = files.disposition(f"strategies-{timezone.localdate().isoformat()}.zip")
    return response


@router.get("/schemas/strategy.json", auth=None, summary="The JSON Schema of a document's JSON file")
def get_schema(request: HttpRequest) -> HttpResponse:
    """Return the schema that ``$schema`` of a JSON file names."""
    return HttpResponse(json.dumps(json_.schema(), indent=1), content_type="application/schema+json")


def _file(request: HttpRequest, version: Version, format: Format, suffix: str, *, part: str) -> HttpResponse:
    try:
        body = format.render(version, f"{request.scheme}://{request.get_host()}")
    except pdf.Busy:
        return problem(503, "busy", "Too many files are being made just now; try again in a moment.", retry_after=5)
    except pdf.TooLong:
        detail = "This server could not typeset the document in time; try again later, or take another format."
        return problem(503, "too_long", detail, retry_after=60)
    name = files.name(version.strategy.name, part=part, suffix=suffix)
    return files.attachment(body, content_type=format.content_type, name=name)


def _calendar(version: Version) -> Any:
    return version.document.get("calendar")


def _version(strategy: Strategy, number: int | None) -> Version | None:
    found = strategy.versions.select_related("strategy", "author")
    return get_object_or_404(found, number=number) if number else found.order_by("-number").first()


def _unknown(format: str, known: Mapping[str, Format]) -> HttpResponse:
    detail = f"There is no such format; accepted are {', '.join(known)}."
    return problem(404, "unknown_format", detail, accepted=list(known))
