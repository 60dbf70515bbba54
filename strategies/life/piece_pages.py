"""The pages on which a piece of the calendar is changed, added and taken out; they need no script."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from strategies import brief, views
from strategies.brief import Field
from strategies.errors import Refused
from strategies.life import pages, piece_fields, pieces
from strategies.models import Strategy, Version

NONE: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Input:
    """One input of the form: its question, what stands in it, and what is to be said beside it."""

    field: Field
    typed: str
    faults: list[str]
    # What the newest version says there, where somebody changed it after the user had read it.
    meanwhile: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The form: of which strategy and piece, made from which version, and what the user changed in it."""

    request: HttpRequest
    strategy: Strategy
    id: str
    read: Version
    values: Mapping[str, Any]


@views.page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID, id: str) -> HttpResponse:
    """Show a piece in a form; sent, save it as the next version or take it out, or show it again with what is wrong."""
    return _page(request, views.own_strategy(request, pk), id)


@views.page
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show an empty form for a piece; sent, save the calendar with it, or show it again with what is wrong."""
    return _page(request, views.own_strategy(request, pk), "")


def _page(request: HttpRequest, strategy: Strategy, id: str) -> HttpResponse:
    try:
        if request.method == "POST":
            read = get_object_or_404(strategy.versions, number=pages.number_of(request))
            return _save(
                Sheet(request=request, strategy=strategy, id=id, read=read, values=_changes(request, read, id))
            )
        newest = pieces.read(strategy)
        return _show(Sheet(request=request, strategy=strategy, id=id, read=newest, values={}), version=newest)
    except Refused as error:  # there is no calendar to show a form of
        messages.error(request, error.message)
        return redirect(f"{strategy.get_absolute_url()}#calendar")


def _changes(request: HttpRequest, read: Version, id: str) -> dict[str, str]:
    """Return what was typed; of a piece only what differs from what was read: the rest is not the user's."""
    own = {"csrfmiddlewaretoken", "version", "note", "remove"}
    typed = {name: str(value).replace("\r\n", "\n") for name, value in request.POST.items() if name not in own}
    piece = _piece(read, id) if id else NONE
    return {name: value for name, value in typed.items() if not id or value != piece.get(name)}


def _piece(version: Version, id: str) -> Mapping[str, Any]:
    """Return a piece of a version's calendar; nothing where it has none of this id."""
    try:
        return pieces.find(pieces.calendar_of(version), id)
    except Http404:
        return NONE


def _save(sheet: Sheet) -> HttpResponse:
    try:
        version = _verb(sheet)()
    except brief.Invalid as invalid:
        return _show(sheet, version=sheet.strategy.versions.first() or sheet.read, errors=invalid.errors, status=422)
    except Refused as error:
        newest = sheet.strategy.versions.first() or sheet.read
        return _show(sheet, version=newest, refusal=error.message, status=409)
    if version.number == sheet.read.number:
        messages.success(sheet.request, _("Nothing was changed."))
    else:
        # In the reader's language at once: told later, somebody's note could pass for one of ours.
        said = gettext("{note}: saved as version {number}.")
        messages.success(sheet.request, said.format(note=version.told_note, number=version.number))
    return redirect(f"{sheet.strategy.get_absolute_url()}#calendar")


def _verb(sheet: Sheet) -> Callable[[], Version]:
    request, strategy, id = sheet.request, sheet.strategy, sheet.id
    asked: dict[str, Any] = {
        "author": views.user_of(request),
        "number": sheet.read.number,
        "note": request.POST.get("note", ""),
    }
    if not id:
        return lambda: pieces.add(strategy, values=sheet.values, **asked)
    if "remove" in request.POST:
        return lambda: pieces.remove(strategy, id, **asked)
    return lambda: pieces.change(strategy, id, values=sheet.values, **asked)


def _show(
    sheet: Sheet,
    *,
    version: Version,
    errors: Mapping[str, list[str]] = NONE,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the form over this version, with what the user typed."""
    calendar = pieces.calendar_of(version)
    old = _piece(sheet.read, sheet.id) if sheet.id else NONE
    piece = _piece(version, sheet.id) if sheet.id else NONE
    if sheet.id and not old and not piece:
        raise Http404
    fields = piece_fields.of(calendar)
    inputs = [_input(one, sheet.values, errors, old=old, new=piece or old) for one in fields]
    known = {one.id for one in fields} | {"note"}
    context = {
        "strategy": sheet.strategy,
        "id": sheet.id,
        "gone": bool(sheet.id) and not piece,
        "version": version,
        "read": sheet.read,
        "calendar": calendar,
        "inputs": inputs,
        "first_fault": next((one.field.id for one in inputs if one.faults), ""),
        "faults": [(name, said) for name, said in errors.items() if name not in known],
        "count": sum(map(len, errors.values())),
        "note": sheet.request.POST.get("note", ""),
        "note_faults": errors.get("note", []),
        "refusal": refusal,
    }
    return render(sheet.request, "strategies/life/piece.html", context, status=status)


def _input(
    field: Field,
    values: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    *,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> Input:
    stands = str(new.get(field.id, ""))
    meanwhile = stands if field.id in values and stands != str(old.get(field.id, "")) else ""
    return Input(field, str(values.get(field.id, stands)), errors.get(field.id, []), meanwhile)
