"""Pages of what became of a document: its versions, two side by side, one brought back, a copy."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST, require_safe

from strategies import spoken, texts, views
from strategies.errors import Refused
from strategies.life import comparison, copies
from strategies.life.said import Teller

VERSIONS_ON_A_PAGE = 50


@views.page
@require_safe
def versions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """List the versions, the newest first: who made each, how, and what it is worth."""
    strategy = views.own_strategy(request, pk)
    found = strategy.versions.defer("document").select_related("author")
    numbers = list(strategy.versions.values_list("number", flat=True))
    shown = Paginator(found, VERSIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"strategy": strategy, "versions": shown, "numbers": numbers, "from": numbers[1:2], "to": numbers[:1]}
    return render(request, "strategies/life/versions.html", context)


@views.page
@require_safe
def compare(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show two versions side by side: ``?from=1&to=2``; unnamed, the newest and the one before it."""
    strategy = views.own_strategy(request, pk)
    try:
        before, after = comparison.chosen(strategy, _number(request, "from"), _number(request, "to"))
    except Refused as error:
        messages.error(request, error.message)
        return redirect("strategy-versions", strategy.pk)
    teller = Teller(say=texts.told, mark=texts.localised, day=texts.told_day)
    compared = comparison.compare(before, after, teller, read=spoken.document)
    context = {
        "strategy": strategy,
        "before": before,
        "after": after,
        "changed": [part for part in compared if part.summary],
        "same": [part for part in compared if not part.summary],
        "numbers": list(strategy.versions.values_list("number", flat=True)),
    }
    return render(request, "strategies/life/compare.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    if not asked:
        return None
    if not asked.isdecimal() or not asked.isascii() or len(asked) > 9:
        raise Http404
    return int(asked)


@views.page
@require_POST
def restore(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Bring an old version back as the next one."""
    strategy = views.own_strategy(request, pk)
    if number > 1_000_000_000:
        raise Http404
    try:
        version = copies.restore(strategy, number, author=views.user_of(request))
        messages.success(
            request, _("Version {number} is back, as version {now}.").format(number=number, now=version.number)
        )
    except Refused as error:
        messages.error(request, error.message)
    return redirect(strategy)


@views.page
@require_POST
def duplicate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a new draft from a strategy, and go to it."""
    copy = copies.duplicate(views.own_strategy(request, pk), owner=views.user_of(request))
    messages.success(
        request, _("This is a copy; the first is left as it is. Its name is “{name}”.").format(name=copy.name)
    )
    return redirect(copy)
