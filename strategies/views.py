"""The pages: server-rendered, whole without scripts."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import document_page, following, job_page, jobs, search
from .errors import Refused
from .models import Draft, Job, Strategy, Version

if TYPE_CHECKING:
    from django.contrib.auth.models import User

View = Callable[..., HttpResponse]

STRATEGIES_ON_A_PAGE = 20


def page(view: View) -> View:
    """Make a view a page of a signed-in user, which no cache may show again without asking."""
    return login_required(cache_control(private=True, no_cache=True)(view))


def user_of(request: HttpRequest) -> "User":
    return request.user  # type: ignore[return-value]  # the decorator lets nobody else in


def own_strategy(request: HttpRequest, pk: uuid.UUID) -> Strategy:
    return get_object_or_404(Strategy, pk=pk, owner=user_of(request))


def own_job(request: HttpRequest, pk: uuid.UUID) -> Job:
    return get_object_or_404(Job.objects.select_related("strategy", "owner"), pk=pk, owner=user_of(request))


# --- strategies --------------------------------------------------------------------------------------------------------


@page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """
    List the user's strategies, the newest first, with how each stands; ``?q=`` looks in names and industries.

    Archived ones are left out unless ``?status=`` asks for them, or for all.
    """
    asked, status = request.GET.get("q", "").strip(), request.GET.get("status", "")
    mine = Strategy.objects.filter(owner=user_of(request))
    found = search.with_status(search.find(mine, asked), status)
    shown = Paginator(_with_state(found), STRATEGIES_ON_A_PAGE).get_page(request.GET.get("page"))
    ids = [each.job_id for each in shown if each.job_id]
    stream = following.stream(Job.objects.filter(pk__in=ids, status__in=Job.ACTIVE).values_list("pk", flat=True))
    latest = Job.objects.in_bulk(ids)
    for each in shown:
        each.job = latest.get(each.job_id)
    context: dict[str, Any] = {
        "strategies": shown,
        "asked": asked,
        "status": status if status in search.STATUSES else "",
    }
    drafts = Draft.objects.filter(owner=user_of(request)).defer("typed")
    context |= {"statuses": _statuses(mine), "stream": stream, "drafts": drafts}
    return render(request, "strategies/home.html", context)


def _statuses(mine: QuerySet[Strategy]) -> list[tuple[str, str, int]]:
    """Return what the list may be narrowed to, with how many there are; nothing where all are of one kind."""
    counted = dict(mine.order_by().values_list("status").annotate(Count("pk")))
    if len(counted) < 2 and Strategy.Status.ARCHIVED not in counted:
        return []
    archived = counted.get(Strategy.Status.ARCHIVED, 0)
    current = [("", "Current", sum(counted.values()) - archived)]
    named = [(value, str(label), counted[value]) for value, label in Strategy.Status.choices if value in counted]
    return [*current, *named, (search.ALL, "All", sum(counted.values()))]


def _with_state(found: QuerySet[Strategy]) -> QuerySet[Any]:
    last_job = Job.objects.filter(strategy=OuterRef("pk")).order_by("-created").values("pk")[:1]
    last_version = Version.objects.filter(strategy=OuterRef("pk")).order_by("-number")
    return found.order_by("-created", "pk").annotate(
        job_id=Subquery(last_job),
        version_number=Subquery(last_version.values("number")[:1]),
        score=Subquery(last_version.values("score")[:1]),
    )


@page
@require_safe
def strategy(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a strategy's document, or how far its making is; ``?version=N`` shows an older one."""
    found = own_strategy(request, pk)
    return render(request, "strategies/strategy.html", document_page.context(found, request.GET.get("version", "")))


@page
@require_POST
def run(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the strategy anew, as its next version; one that is being made already is shown."""
    found = own_strategy(request, pk)
    try:
        job, _ = jobs.enqueue(owner=user_of(request), kind="strategy", strategy=found)
    except Refused as error:
        messages.error(request, error.message)
        return redirect(found)
    return redirect(job)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask, then delete a strategy with all that was made of it."""
    found = own_strategy(request, pk)
    if request.method != "POST":
        return render(request, "strategies/delete.html", {"strategy": found})
    jobs.delete_strategy(found)
    messages.success(request, _("“{name}” was deleted.").format(name=found.name))
    return redirect("home")


# --- jobs --------------------------------------------------------------------------------------------------------------


@page
@require_safe
def job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a job as it stands; its script goes on from there."""
    return render(request, "strategies/job.html", job_page.context(own_job(request, pk)))


@page
@require_safe
def job_section(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Show a section that a job has written, while it goes on with the others."""
    return render(request, "strategies/job-section.html", job_page.section(own_job(request, pk), key))


@page
@require_safe
def at_work(request: HttpRequest) -> HttpResponse:
    """Show the jobs at work alone, as the header of every page does."""
    return render(request, "strategies/at-work.html")


@page
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask, then cancel a job."""
    found = own_job(request, pk)
    if request.method != "POST":
        return render(request, "strategies/cancel.html", job_page.context(found))
    try:
        jobs.cancel(found)
    except Refused as error:
        messages.error(request, error.message)
    return redirect(found)


@page
@require_POST
def retry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go on where a job ended, as a new job."""
    found = own_job(request, pk)
    try:
        return redirect(jobs.retry(found))
    except Refused as error:
        messages.error(request, error.message)
        return redirect(found)
