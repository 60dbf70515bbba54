"""Autofill on pages: giving a text or an address, and choosing from what was found. All of it works without scripts."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from strategies import brief, jobs, kinds, views
from strategies.autofill import plain, results
from strategies.errors import Refused, StrategyError, TooMany
from strategies.models import Strategy

# The API's sentence names the members of its body.
EITHER = _("Give a text of your own or the address of a page, one of the two.")


@views.page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """Ask for a text or an address, and queue the job that reads it: for a new strategy, or for one that is there."""
    strategy = views.own_strategy(request, pk) if pk else None
    if request.method != "POST":
        return _form(request, strategy)
    given = {name: request.POST.get(name, "") for name in ("text", "url")}
    try:
        job, _new = jobs.enqueue(
            owner=views.user_of(request),
            kind=results.KIND,
            strategy=strategy,
            params=kinds.get(results.KIND).check(strategy, given),
        )
    except brief.Invalid as invalid:
        return _form(request, strategy, faults=invalid.errors, status=422)
    except TooMany as error:
        return _form(request, strategy, refusal=error.message, status=429)
    except Refused as error:
        return _form(request, strategy, refusal=error.message, status=409)
    except StrategyError as error:
        return _form(request, strategy, faults={"url": [error.message]}, status=422)
    return redirect(job)


def _form(
    request: HttpRequest,
    strategy: Strategy | None,
    *,
    faults: dict[str, list[str]] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    # The same sentence under both inputs would be said twice.
    said = faults or {}
    both = bool(said.get("text")) and said.get("text") == said.get("url")
    context = {
        "strategy": strategy,
        "action": request.path,
        "text": request.POST.get("text", "")[: plain.LENGTH],
        "url": request.POST.get("url", "")[:2_000],
        "faults": {} if both else said,
        "refusal": EITHER if both else refusal,
        "fetches": settings.STRATEGIES_FETCH,
    }
    return render(request, "strategies/autofill/start.html", context, status=status)


@views.page
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what a job found; what is chosen goes into the form of a new strategy, or into the job's own."""
    job = views.own_job(request, pk)
    result = results.of(job)
    if result is None:
        return redirect(job)
    if request.method == "POST":
        chosen = request.POST.getlist("take")
        if job.strategy is None:
            return redirect(f"{reverse('strategy-new')}?{urlencode({'from': job.pk, 'take': chosen}, doseq=True)}")
        return _take(request, job.strategy, result, chosen)
    context: dict[str, Any] = {
        "job": job,
        "strategy": job.strategy,
        "result": result,
        "choices": results.choices(result, job.strategy),
    }
    return render(request, "strategies/autofill/found.html", context)


def _take(request: HttpRequest, strategy: Strategy, result: dict[str, Any], chosen: list[str]) -> HttpResponse:
    try:
        taken = len(results.take(strategy, result, chosen))
    except brief.Invalid as invalid:
        faults = " ".join(sentence for said in invalid.errors.values() for sentence in said)
        messages.error(request, _("Nothing was taken: {reason}").format(reason=faults))
    except Refused as error:
        messages.error(request, error.message)
    else:
        said = _("{count} value taken into the brief.") if taken == 1 else _("{count} values taken into the brief.")
        messages.success(request, said.format(count=taken))
    return redirect(f"{strategy.get_absolute_url()}#brief")
