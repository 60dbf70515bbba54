"""The pages: server-rendered, whole without scripts."""

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import brief, document_page, following, job_page, jobs, questions, search
from .autofill import results
from .errors import Refused, TooMany
from .models import Job, Strategy, Version

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
    context |= {"statuses": _statuses(mine), "stream": stream}
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
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """
    Show the brief's form; when it is sent, store the strategy, queue its making, and go to the job's page.

    Sent with ``show`` or ``template`` it only changes its face and keeps what was typed.
    """
    if request.method == "POST":
        pairs = {name: [str(value) for value in values] for name, values in request.POST.lists()}
        if request.POST.keys() & {"show", "template"}:
            return _change_form(request, pairs)
        return _create(request, pairs)
    template = request.GET.get("template", "")
    found = results.of_user(user_of(request), request.GET.get("from", ""))
    taken = results.typed(found["values"], request.GET.getlist("take")) if found else {}
    typed = questions.with_template(taken, before="", now=template)
    return _form(request, typed, template=template, long=bool(typed) or request.GET.get("form") == "long")


def _change_form(request: HttpRequest, pairs: Mapping[str, list[str]]) -> HttpResponse:
    before = request.POST.get("template_before", "")
    now = request.POST.get("template", before)
    typed = questions.with_template(questions.typed_of(pairs), before=before, now=now)
    long = "template" in request.POST or request.POST.get("show") == "long"
    return _form(request, typed, template=now, long=long, key=request.POST.get("key", ""))


def _create(request: HttpRequest, pairs: Mapping[str, list[str]]) -> HttpResponse:
    key = request.POST.get("key", "")[:100]
    idempotency_key = f"page:{key}" if key else None
    try:
        cleaned = brief.clean_strategy(questions.raw_of(pairs))
        if job := _asked_before(request, idempotency_key):
            return redirect(job)
        with transaction.atomic():
            strategy = Strategy.objects.create(owner=user_of(request), **vars(cleaned))
            job, _ = jobs.enqueue(
                owner=user_of(request), kind="strategy", strategy=strategy, idempotency_key=idempotency_key
            )
    except brief.Invalid as invalid:
        errors = {path.removeprefix("brief."): said for path, said in invalid.errors.items()}
        return _form_again(request, pairs, errors=errors, status=422)
    except TooMany as error:
        return _form_again(request, pairs, refusal=error.message, status=429)
    except Refused:
        # The same form, sent twice in one moment: the other one made the job, and what this one stored is undone.
        job = _asked_before(request, idempotency_key)
        if job is None:
            raise
    return redirect(job)


def _asked_before(request: HttpRequest, idempotency_key: str | None) -> Job | None:
    if idempotency_key is None:
        return None
    return Job.objects.filter(owner=user_of(request), idempotency_key=idempotency_key).first()


def _form_again(request: HttpRequest, pairs: Mapping[str, list[str]], **shown: Any) -> HttpResponse:
    return _form(
        request,
        questions.typed_of(pairs),
        template=request.POST.get("template_before", ""),
        long=request.POST.get("form") == "long",
        key=request.POST.get("key", ""),
        **shown,
    )


def _form(
    request: HttpRequest,
    typed: questions.Typed,
    *,
    template: str,
    long: bool,
    key: str = "",
    errors: questions.Errors | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    # What is wrong must be on the page, even where the short form was sent with more than it asks.
    long = long or any(path.partition(".")[0] in questions.OPTIONAL for path in errors)
    own = questions.about_strategy(typed, errors)
    chapters = questions.chapters(typed, errors)
    required = questions.required(typed, errors)
    asked = [each for chapter in chapters for each in chapter.questions] if long else required
    context = {
        "own": own,
        "chapters": chapters,
        "required": required,
        "carried": [] if long else questions.carried(typed),
        "long": long,
        "template": template,
        "templates": brief.templates(),
        "total": len(brief.FIELDS),
        "faults": questions.faults([*own.values(), *asked], errors),
        "refusal": refusal,
        "found": (found := (request.POST or request.GET).get("from", "")),
        "sources": results.sources(results.of_user(user_of(request), found)),
        "key": key or uuid.uuid4(),
    }
    return render(request, "strategies/new.html", context, status=status)


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
    messages.success(request, f"“{found.name}” was deleted.")
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
