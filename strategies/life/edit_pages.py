"""The page on which a section is edited by hand."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from strategies import brief, sections, views
from strategies.errors import Refused
from strategies.life import edits, form, pages, places, statuses
from strategies.models import Strategy, Version


@views.page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Show a section's texts in a form; sent, save them as the next version, or show them again with what is wrong."""
    strategy = views.own_strategy(request, pk)
    if key not in sections.KEYS:
        raise Http404
    try:
        if request.method == "POST":
            return _save(request, strategy, key)
        statuses.check_open(strategy)
        version = edits.read(strategy, key)
    except Refused as error:
        messages.error(request, error.message)
        return redirect(strategy)
    return _show(request, strategy, key, version=version, read=version)


def _save(request: HttpRequest, strategy: Strategy, key: str) -> HttpResponse:
    read = get_object_or_404(strategy.versions, number=pages.number_of(request))
    sent = {name: str(value) for name, value in request.POST.items()}
    texts = form.changed(key, edits.section_of(read, key), sent, request.POST.getlist("remove"))
    try:
        version = edits.edit(
            strategy,
            key,
            author=views.user_of(request),
            number=read.number,
            texts=texts,
            note=request.POST.get("note", ""),
        )
    except brief.Invalid as invalid:
        return _show(request, strategy, key, version=read, read=read, texts=texts, errors=invalid.errors, status=422)
    except Refused as error:
        newest = strategy.versions.first() or read
        return _show(request, strategy, key, version=newest, read=read, texts=texts, refusal=error.message, status=409)
    if version.number == read.number:
        messages.success(request, _("Nothing was changed."))
    else:
        messages.success(
            request,
            _("“{title}” was saved as version {number}.").format(title=sections.TITLES[key], number=version.number),
        )
    return redirect(f"{strategy.get_absolute_url()}#{key}")


def _show(
    request: HttpRequest,
    strategy: Strategy,
    key: str,
    *,
    version: Version,
    read: Version,
    texts: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    texts, errors, old = texts or {}, errors or {}, edits.section_of(read, key)
    try:
        data = edits.section_of(version, key)
    except Refused as error:  # what stands there now can't be edited; what was typed is shown over what was read
        data, refusal = old, error.message
    groups = form.show(key, data, texts=texts, errors=errors, read=old)
    shown = {each.place.path for group in groups for each in group.inputs} | {group.row for group in groups}
    context = {
        "strategy": strategy,
        "key": key,
        "title": sections.TITLES[key],
        "version": version,
        "read": read,
        "groups": groups,
        "first_fault": next((one.id for group in groups for one in group.inputs if one.faults), ""),
        "usual": {path.rpartition(".")[2]: words for path, words in places.USUAL.items()},
        "homeless": form.homeless(key, data, texts),
        "faults": [(path, said) for path, said in errors.items() if path not in shown and path != "note"],
        "count": sum(map(len, errors.values())),
        "note": request.POST.get("note", ""),
        "note_faults": errors.get("note", []),
        "refusal": refusal,
        "longest_text": brief.TEXT_LENGTH,
    }
    return render(request, "strategies/life/edit.html", context, status=status)
