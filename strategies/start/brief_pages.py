"""The page on which the brief of a strategy is changed, from which a new version can be made."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from strategies import basis, brief, jobs, views
from strategies.errors import Refused
from strategies.life import statuses
from strategies.models import Job, Strategy
from strategies.start import changes, completeness, contract, entries, form, sheets
from strategies.start.questions import Errors


@views.page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a strategy's brief in the form; sent, store it, and with ``run`` ask for a new version."""
    strategy = views.own_strategy(request, pk)
    if request.method != "POST":
        try:
            statuses.check_open(strategy)
        except Refused as error:
            messages.error(request, error.message)
            return redirect(strategy)
        return _show(request, strategy, _stored(strategy))
    typed = sheets.sent(request.POST).typed
    if "remove" in request.POST:
        return _show(request, strategy, typed, read=request.POST.get("read", ""))
    return _save(request, strategy, typed)


def _save(request: HttpRequest, strategy: Strategy, typed: entries.Typed) -> HttpResponse:
    read = request.POST.get("read", "")
    try:
        changed = changes.change(strategy, lambda held: _asked(held, typed), read=read)
    except brief.Invalid as invalid:
        errors = {path.removeprefix("brief."): said for path, said in invalid.errors.items()}
        return _show(request, strategy, typed, read=read, errors=errors, status=422)
    except Refused as error:
        strategy.refresh_from_db()
        others = list(_differing(typed, _stored(strategy))) if error.code == "stale" else []
        return _show(request, strategy, typed, refusal=error.message, others=others, status=409)
    if "run" in request.POST:
        return _run(request, strategy)
    messages.success(request, _told(strategy) if changed else _("Nothing was changed."))
    return redirect(f"{strategy.get_absolute_url()}#brief")


def _asked(held: Strategy, typed: entries.Typed) -> dict[str, Any]:
    """Return what the form says; where that is what it was shown, as it is stored: a form has own words last."""
    asked, stored = entries.raw_of(typed), _stored(held)
    same = [id for id in held.brief if entries.part(typed, id) == entries.part(stored, id)]
    return asked | {"brief": asked["brief"] | {id: held.brief[id] for id in same}}


def _run(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    try:
        job, is_new = jobs.enqueue(owner=views.user_of(request), kind="strategy", strategy=strategy)
    except Refused as error:
        messages.error(request, _("The brief was saved. {message}").format(message=error.message))
        return redirect(strategy)
    if not is_new:
        messages.error(request, _("The brief was saved, but this run began before: it works from the brief as it was."))
    return redirect(job)


def _told(strategy: Strategy) -> str:
    if strategy.jobs.filter(kind="strategy", status__in=Job.ACTIVE).exists():
        return _("The brief was saved. The run at work began before: it works from the brief as it was.")
    if strategy.versions.exists():
        return _("The brief was saved. The document is still the one made before: “Create again” makes a new version.")
    return _("The brief was saved.")


def _stored(strategy: Strategy) -> dict[str, list[str]]:
    asked = basis.asked(strategy)
    return {field.id: [str(asked[field.id])] for field in brief.STRATEGY_FIELDS} | brief.to_form(strategy.brief)


def _differing(typed: entries.Typed, stored: entries.Typed) -> Iterable[str]:
    """Yield the labels of the questions that are answered otherwise in the form than in the brief that is stored."""
    for field in (*brief.STRATEGY_FIELDS, *brief.FIELDS):
        if entries.part(typed, field.id) != entries.part(stored, field.id):
            yield field.label


def _show(
    request: HttpRequest,
    strategy: Strategy,
    typed: entries.Typed,
    *,
    read: str = "",
    errors: Errors | None = None,
    refusal: str = "",
    others: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    own, chapters = form.about_strategy(typed, errors), form.chapters(typed, errors)
    asked = [*own.values(), *(each for chapter in chapters for each in chapter.questions)]
    context = {
        "strategy": strategy,
        "own": own,
        "chapters": chapters,
        "long": True,
        "completeness": completeness.of(chapters),
        "contract": contract.read(views.user_of(request)),
        "faults": form.faults(asked, errors),
        # Whoever was told what differs may send it again, over what stands there.
        "read": read or changes.mark(strategy),
        "refusal": refusal,
        "others": others,
    }
    return render(request, "strategies/brief-edit.html", context, status=status)
