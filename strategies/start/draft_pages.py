"""Drafts on their way: saved by the form's script while somebody types, and deleted from the list."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_POST

from sse.problems import problem
from strategies import brief, texts, views
from strategies.errors import Refused
from strategies.start import drafts, form, pages, sheets


@views.page
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """
    Keep what stands in the form; answer ``{edition, saved, url, read}``, or 409 or 422 with what is wrong.

    ``read`` says how numbers are read that were typed with marks, by the names of their inputs. ``writer`` names the
    window and ``turn`` counts its savings. Where another window saved meanwhile the 409 says where that can be seen;
    ``save=over`` saves all the same. ``user`` is whose page it is: 409 ``other_user`` where another one is signed in.
    """
    sheet, given = sheets.sent(request.POST), request.POST
    try:
        drafts.check_user(given.get("user", ""), owner=views.user_of(request))
        draft = drafts.save(
            sheet,
            owner=views.user_of(request),
            writer=given.get("writer", "")[:40],
            turn=sheets.number(given.get("turn", "")),
            over=given.get("save") == "over",
        )
    except brief.Invalid as invalid:
        # A reader's, not a program's: the page shows what is said here.
        said = [texts.told(sentence) for sentence in invalid.errors["draft"]]
        return problem(422, "invalid", " ".join(said), errors=invalid.errors)
    except Refused as error:
        return problem(409, error.code, texts.told(error.message), url=f"{reverse('strategy-new')}?draft={sheet.key}")
    if draft is None:
        return JsonResponse({"edition": 0})
    told = {"edition": draft.edition, "saved": draft.updated.isoformat(), "url": draft.get_absolute_url()}
    return JsonResponse(told | {"read": form.readings(sheet.typed)})


@views.page
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask, then delete a draft."""
    draft = pages.own_draft(request, key)
    if request.method != "POST":
        return render(request, "strategies/drafts/delete.html", {"draft": draft})
    draft.delete()
    messages.success(
        request,
        _("The draft “{draft}” was deleted.").format(draft=draft) if draft.name else _("The draft was deleted."),
    )
    return redirect("home")
