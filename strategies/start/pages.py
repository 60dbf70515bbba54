"""The page on which a strategy is started: whole without scripts, saved while one types with them."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from strategies import brief, jobs, views
from strategies.autofill import results
from strategies.brief.examples import examples
from strategies.errors import Refused, TooMany
from strategies.models import Draft, Job, Strategy
from strategies.start import beginnings, completeness, contract, drafts, entries, form, sheets
from strategies.start.questions import Errors
from strategies.start.sheets import Sheet


@views.page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """
    Show the brief's form; when it is sent, store the strategy, queue its making, and go to the job's page.

    Sent with ``show``, ``template`` or ``remove`` it only changes its face and keeps what was typed; with ``save`` it is
    kept as a draft, which ``?draft=`` shows again.
    """
    if request.method != "POST":
        # Whoever goes back to a draft from which the strategy was made wants that.
        made = _asked_before(request, sheets.key(request.GET["draft"])) if "draft" in request.GET else None
        return redirect(made) if made else _show(request, _begin(request))
    sheet = sheets.sent(request.POST)
    try:
        drafts.check_user(request.POST.get("user", ""), owner=views.user_of(request))
    except Refused as error:
        return _show(request, sheet, refusal=error.message, refused=error.code, status=409)
    if "save" in request.POST:
        return _keep(request, sheet)
    if request.POST.keys() & {"show", "template", "remove"}:
        return _show(request, _changed(request, sheet))
    return _create(request, sheet)


def _begin(request: HttpRequest) -> Sheet:
    if "draft" in request.GET:
        return sheets.of(own_draft(request, request.GET["draft"]))
    template, source = request.GET.get("template", "")[:60], request.GET.get("from", "")[:60]
    found = results.of_user(views.user_of(request), source)
    taken = results.typed(found["values"], request.GET.getlist("take")) if found else {}
    typed = entries.with_beginning(taken, before={}, now=beginnings.typed(template, views.user_of(request)))
    long = bool(typed) or request.GET.get("form") == "long"
    return Sheet(typed=typed, template=template, source=source, long=long, is_saved=not taken)


def own_draft(request: HttpRequest, key: str | uuid.UUID) -> Draft:
    """Return a draft of the user's; 404 for any other."""
    return get_object_or_404(Draft, owner=views.user_of(request), key=sheets.key(str(key)))


def _changed(request: HttpRequest, sheet: Sheet) -> Sheet:
    user = views.user_of(request)
    if "show" in request.POST:
        return sheet.but(long=request.POST["show"] == "long")
    template = request.POST.get("template")
    if template is None:
        return sheet
    if template == "earlier":
        template = request.POST.get("earlier", "")
    before, now = beginnings.typed(sheet.template, user), beginnings.typed(template, user)
    typed = entries.with_beginning(sheet.typed, before=before, now=now)
    return sheet.but(typed=typed, template=template[:60], long=True)


def _keep(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    try:
        draft = drafts.save(sheet, owner=views.user_of(request), over=request.POST["save"] == "over")
    except brief.Invalid as invalid:
        return _show(request, sheet, refusal=" ".join(invalid.errors["draft"]), status=422)
    except Refused as error:
        return _show(request, sheet, refusal=error.message, refused=error.code, status=409)
    if draft is None:
        messages.error(request, _("There is nothing to save yet."))
        return redirect("strategy-new")
    messages.success(request, _("The draft was saved. You find it with your strategies."))
    return redirect(draft)


def _create(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    try:
        cleaned = brief.clean_strategy(entries.raw_of(sheet.typed))
        return redirect(_asked_before(request, sheet.key) or _start(request, sheet, cleaned))
    except brief.Invalid as invalid:
        errors = {path.removeprefix("brief."): said for path, said in invalid.errors.items()}
        return _show(request, sheet, errors=errors, status=422)
    except TooMany as error:
        return _show(request, sheet, refusal=error.message, status=429)
    except Refused:
        # The same form, sent twice in one moment: the other one made the job, and what this one stored is undone.
        job = _asked_before(request, sheet.key)
        if job is None:
            raise
        return redirect(job)


@transaction.atomic
def _start(request: HttpRequest, sheet: Sheet, cleaned: brief.Cleaned) -> Job:
    owner = views.user_of(request)
    drafts.hold(owner)
    drafts.end(sheet, owner=owner)
    strategy = Strategy.objects.create(owner=owner, **vars(cleaned))
    return jobs.enqueue(
        owner=owner, kind="strategy", strategy=strategy, idempotency_key=sheets.idempotency_key(sheet.key)
    )[0]


def _asked_before(request: HttpRequest, key: uuid.UUID) -> Job | None:
    return Job.objects.filter(owner=views.user_of(request), idempotency_key=sheets.idempotency_key(key)).first()


def _show(
    request: HttpRequest,
    sheet: Sheet,
    *,
    errors: Errors | None = None,
    refusal: str = "",
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    # What is wrong must be on the page, even where the short form was sent with more than it asks.
    long = sheet.long or any(path.partition(".")[0] in entries.OPTIONAL for path in errors)
    own = form.about_strategy(sheet.typed, errors)
    chapters = form.chapters(sheet.typed, errors)
    required = form.required(sheet.typed, errors)
    asked = [each for chapter in chapters for each in chapter.questions] if long else required
    context: dict[str, Any] = {
        "sheet": sheet,
        "own": own,
        "chapters": chapters,
        "required": required,
        "carried": [] if long else entries.carried(sheet.typed),
        "long": long,
        "templates": brief.templates(),
        "examples": examples(),
        "is_example": beginnings.is_example(sheet.template),
        "earlier": beginnings.earlier(views.user_of(request)),
        "total": len(brief.FIELDS),
        "completeness": completeness.of(chapters),
        "contract": contract.read(views.user_of(request)),
        "faults": form.faults([*own.values(), *asked], errors),
        "refusal": refusal,
        "refused": refused,
        "draft": Draft.objects.filter(owner=views.user_of(request), key=sheet.key).first(),
        "sources": results.sources(results.of_user(views.user_of(request), sheet.source)),
    }
    return render(request, "strategies/new.html", context, status=status)
