"""The life of a document on pages: every form works without scripts and leads back to the strategy."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST

from strategies import brief, sections, views
from strategies.errors import Refused
from strategies.life import reviews, statuses
from strategies.models import Strategy


@views.page
@require_POST
def change(request: HttpRequest, pk: uuid.UUID, verb: str) -> HttpResponse:
    """Do what the verb says, or say what to do first."""
    strategy = views.own_strategy(request, pk)
    try:
        statuses.change(strategy, verb)
        messages.success(request, statuses.VERBS[verb].means)
    except Refused as error:
        messages.error(request, error.message)
    return redirect(strategy)


@views.page
@require_POST
def review(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Mark a section as reviewed, or take that back, with a note; a note that can't be kept comes back as typed."""
    strategy = views.own_strategy(request, pk)
    try:
        section = reviews.review(
            strategy,
            key,
            reviewer=views.user_of(request),
            reviewed=request.POST.get("reviewed") == "yes",
            note=request.POST.get("note", ""),
            number=number_of(request),
        )
    except Refused as error:
        return _review_again(request, strategy, key, fault=error.message, status=409)
    except brief.Invalid as invalid:
        return _review_again(request, strategy, key, fault=invalid.errors["note"][0], status=422)
    said = _("“{title}” was reviewed.") if section.reviewed else _("“{title}” waits for a review.")
    messages.success(request, said.format(title=section.title))
    # Where its reader stood, with the next section below.
    return redirect(f"{strategy.get_absolute_url()}#{key}-review")


def number_of(request: HttpRequest) -> int:
    """Return the version that a form was made from; 0, which is none, for what is no number."""
    number = request.POST.get("version", "")
    return int(number) if number.isdecimal() and number.isascii() and len(number) < 10 else 0


def _review_again(request: HttpRequest, strategy: Strategy, key: str, *, fault: str, status: int) -> HttpResponse:
    context = {
        "strategy": strategy,
        "key": key,
        "title": sections.TITLES.get(key, key),
        "number": strategy.versions.values_list("number", flat=True).first(),
        "note": request.POST.get("note", ""),
        "fault": fault,
        "longest_note": reviews.LONGEST_NOTE,
    }
    return render(request, "strategies/life/review-again.html", context, status=status)
