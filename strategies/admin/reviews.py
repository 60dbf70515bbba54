"""Reviews by staff: the newest document of a strategy, section by section, with the form that an owner has."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from strategies import brief, document_page, texts
from strategies.errors import Refused
from strategies.life import pages, reviews
from strategies.models import Strategy

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Strategy]
else:
    _Base = object


class Reviews(_Base):
    """Adds the page "Review" to the admin of strategies, for who has the permission ``strategies.review_section``."""

    def get_urls(self) -> list[URLPattern]:
        """Put the page's address before those that take anything for an id."""
        view = self.admin_site.admin_view(self.review)
        return [path("<uuid:pk>/review/", view, name="strategies_strategy_review"), *super().get_urls()]

    def review(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Show the newest document with a form for each section; sent, review one and say so in the log."""
        if not request.user.has_perms(["strategies.view_strategy", "strategies.review_section"]):
            raise PermissionDenied
        strategy = self.get_object(request, str(pk))
        if strategy is None:
            raise Http404
        typed, fault, status = "", "", 200
        if request.method == "POST":
            typed = request.POST.get("note", "")
            fault, status = self._reviewed(request, strategy)
            if not fault:
                address = reverse("admin:strategies_strategy_review", args=[strategy.pk])
                return redirect(f"{address}#{request.POST['key']}")
        context = {
            **self.admin_site.each_context(request),
            **document_page.context(strategy, ""),
            "title": gettext("Review: %(name)s") % {"name": strategy.name},
            "opts": self.opts,
            "fault": fault,
            "fault_key": request.POST.get("key", ""),
            "typed": typed,
        }
        return TemplateResponse(request, "admin/strategies/strategy/review.html", context, status=status)

    def _reviewed(self, request: HttpRequest, strategy: Strategy) -> tuple[str, int]:
        """Review the section that was sent; return what is wrong, and the status that says so."""
        assert request.user.is_authenticated
        try:
            section = reviews.review(
                strategy,
                request.POST.get("key", ""),
                reviewer=request.user,
                reviewed=request.POST.get("reviewed") == "yes",
                note=request.POST.get("note", ""),
                number=pages.number_of(request),
            )
        except Refused as error:
            return texts.told(error.message), 409
        except brief.Invalid as invalid:
            return texts.told(invalid.errors["note"][0]), 422
        said = _("“{title}” was reviewed.") if section.reviewed else _("“{title}” waits for a review.")
        said = said.format(title=section.title)
        self.log_change(request, strategy, said)
        self.message_user(request, texts.told(said), messages.SUCCESS)
        return "", 302
