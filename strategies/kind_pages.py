"""What is asked of a finished document on its page: a calendar, a section written again."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from strategies import brief, document_page, jobs, kinds, sections, views
from strategies.errors import Refused
from strategies.models import Job, Strategy


@views.page
@require_POST
def make_calendar(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for a calendar, or say what to do first."""
    strategy = views.own_strategy(request, pk)
    start = request.POST.get("start", "").strip()
    try:
        return redirect(_enqueue(request, strategy, "calendar", {"start": start} if start else {}))
    except brief.Invalid as invalid:
        messages.error(request, invalid.errors["start"][0])
    except Refused as error:
        messages.error(request, error.message)
    return redirect(f"{strategy.get_absolute_url()}#calendar")


@views.page
@require_POST
def write_again(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Ask for a section to be written again; an instruction that can't be taken comes back as typed."""
    strategy = views.own_strategy(request, pk)
    if key not in sections.KEYS:
        raise Http404
    # A browser sends two characters for what its limit counts as one.
    instruction = request.POST.get("instruction", "").replace("\r\n", "\n")
    try:
        return redirect(_enqueue(request, strategy, "section", {"section": key, "instruction": instruction}))
    except brief.Invalid as invalid:
        return _write_again(request, strategy, key, fault=invalid.errors["instruction"][0], status=422)
    except Refused as error:
        return _write_again(request, strategy, key, fault=error.message, status=409)


def _enqueue(request: HttpRequest, strategy: Strategy, kind: str, params: dict[str, Any]) -> Job:
    checked = kinds.get(kind).check(strategy, params)
    return jobs.enqueue(owner=views.user_of(request), kind=kind, strategy=strategy, params=checked)[0]


def _write_again(request: HttpRequest, strategy: Strategy, key: str, *, fault: str, status: int) -> HttpResponse:
    context = {
        "strategy": strategy,
        "key": key,
        "title": sections.TITLES[key],
        "instruction": request.POST.get("instruction", ""),
        "fault": fault,
        **document_page.again(),
    }
    return render(request, "strategies/again/page.html", context, status=status)
