"""Jobs in the admin: the operations console."""

import re
import uuid
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from sse import trace
from sse.admin import ReadOnly, story
from strategies.admin import cells
from strategies.admin.columns import Columns
from strategies.admin.filters import EngineFilter, JobStatusFilter, KindFilter, StuckFilter, stuck
from strategies.admin.steps import StepInline
from strategies.admin.verbs import Verbs
from strategies.models import Job


class JobAdmin(ReadOnly, Columns, Verbs):
    """
    Watch jobs, cancel and retry them.

    Nobody edits one by hand: a job changes only through the verbs in ``jobs``, which keep its row, its story and its
    watchers in step.
    """

    list_display = ["short_id", "state", "where", "what"]
    list_filter = [JobStatusFilter, StuckFilter, KindFilter, EngineFilter, "created"]
    list_select_related = ["owner", "strategy"]
    list_per_page = 50
    date_hierarchy = "created"
    search_fields = ["owner__username__istartswith", "owner__email__istartswith", "strategy__name"]
    search_help_text = _(
        "The beginning of a job's id or of its owner's name or address; a part of the strategy's name; a request's id"
    )
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": [("status_word", "progress_bar", "step_title"), "told", "error_words"]}),
        (
            _("Asked for"),
            {
                "fields": [
                    ("kind_title", "strategy_link", "owner"),
                    ("written_by", "retry_of_link", "retried_by_link"),
                    "request",
                ]
            },
        ),
        (_("Times"), {"fields": [("created_at", "age"), ("started_at", "finished_at", "duration")]}),
        (
            _("Queue"),
            {"fields": [("worker_name", "lease_until_at", "run_after_at"), ("attempt", "idle_attempts", "priority")]},
        ),
        (
            _("What it works from"),
            {"fields": ["frozen", "params_json", "weights", "idempotency_key"], "classes": ["collapse"]},
        ),
    ]
    inlines = [StepInline]
    view_on_site = False

    class Media:
        css = {"all": ["sse/admin.css", "strategies/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Leave in the database what only a job's own page shows: briefs are long."""
        found: QuerySet[Job] = super().get_queryset(request)
        is_stuck = ExpressionWrapper(stuck(), output_field=BooleanField())
        return found.defer("brief", "params", "strategy__brief").annotate(is_stuck=is_stuck)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Job], search_term: str
    ) -> tuple[QuerySet[Job], bool]:
        """Find jobs by the beginning of their id too, as a range of the key's index."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        ids = ids_beginning(search_term)
        if ids:
            found |= queryset.filter(pk__range=ids)
        if trace.VALID.fullmatch(search_term.strip()):
            found |= queryset.filter(request=search_term.strip())
        return found, duplicates

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Tell the list whether something in it is at work: then it renews itself."""
        response = super().changelist_view(request, extra_context)
        context: dict[str, Any] | None = getattr(response, "context_data", None)
        if context and "cl" in context:
            moves = any(job.status in Job.ACTIVE for job in context["cl"].result_list)
            context.update(moves=moves, words=cells.words())
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show what can be done with the job as buttons above it, and its events below."""
        job: Job = context["original"]
        context.update(moves=not job.is_final, words=cells.words())
        context["subtitle"] = f"{cells.kind(job.kind)} {cells.short(job.pk)}"
        context["verb"] = self.sensible(request, job)
        context["story"] = story(request, job.topic)
        return super().render_change_form(request, context, *args, **kwargs)


def ids_beginning(term: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the first and the last id that begin with ``term``; None where no id can."""
    digits = term.strip().lower().removeprefix("job:").replace("-", "")
    if not re.fullmatch("[0-9a-f]{4,32}", digits):
        return None
    return uuid.UUID(digits.ljust(32, "0")), uuid.UUID(digits.ljust(32, "f"))
