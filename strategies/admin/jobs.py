"""Jobs in the admin: the operations console."""

import re
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sse import trace
from sse.admin import ReadOnly, moment, pretty, story, visible
from strategies import jobs
from strategies.admin import cells
from strategies.admin.filters import EngineFilter, KindFilter, StuckFilter, stuck
from strategies.admin.steps import StepInline
from strategies.errors import StrategyError
from strategies.models import Job

# Jobs that one action may change: each is a transaction of its own, and a request should end.
BULK: Final = 500

EVERYWHERE: Final = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


def _moment(name: str) -> Callable[["JobAdmin", Job], str]:
    @admin.display(description=name.replace("_", " "))
    def shown(self: "JobAdmin", job: Job) -> str:
        at = getattr(job, name)
        return moment(at) if at else cells.NOTHING

    return shown


class JobAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """
    Watch jobs, cancel and retry them.

    Nobody edits one by hand: a job changes only through the verbs in ``jobs``, which keep its row, its story and its
    watchers in step.
    """

    list_display = [
        "short_id",
        "status_word",
        "progress_bar",
        "age",
        "duration",
        "step_title",
        "strategy_name",
        "owner",
        "kind_title",
        "attempt",
        "worker_name",
    ]
    list_filter = ["status", StuckFilter, KindFilter, EngineFilter, "created"]
    list_select_related = ["owner", "strategy"]
    list_per_page = 50
    date_hierarchy = "created"
    search_fields = ["owner__username__istartswith", "owner__email__istartswith", "strategy__name"]
    search_help_text = (
        "The beginning of a job's id or of its owner's name or address; a part of the strategy's name; a request's id"
    )
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": [("status_word", "progress_bar", "step_title"), "told", "error_words"]}),
        (
            "Asked for",
            {
                "fields": [
                    ("kind_title", "strategy_link", "owner"),
                    ("written_by", "retry_of_link", "retried_by_link"),
                    "request",
                ]
            },
        ),
        ("Times", {"fields": [("created_at", "age"), ("started_at", "finished_at", "duration")]}),
        (
            "Queue",
            {"fields": [("worker_name", "lease_until_at", "run_after_at"), ("attempt", "idle_attempts", "priority")]},
        ),
        (
            "What it works from",
            {"fields": ["frozen", "params_json", "weights", "idempotency_key"], "classes": ["collapse"]},
        ),
    ]
    inlines = [StepInline]
    actions = ["cancel", "retry"]
    view_on_site = False

    class Media:
        css = {"all": ["sse/admin.css", "strategies/admin.css"]}

    def has_cancel_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Who may cancel jobs, or this one."""
        return request.user.has_perm("strategies.cancel_job")

    def has_retry_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Who may retry jobs, or this one."""
        return request.user.has_perm("strategies.retry_job")

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

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show what can be done with the job as buttons above it, and its events below."""
        job: Job = context["original"]
        context["verb"] = self._sensible(request, job)
        context["story"] = story(request, job.topic)
        return super().render_change_form(request, context, *args, **kwargs)

    def _sensible(self, request: HttpRequest, job: Job) -> dict[str, str] | None:
        """Return the one action that can make sense for the job now; whether it may be done is for the verb to say."""
        name = "retry" if job.is_final else "cancel"
        action = self.get_actions(request, action_location=ActionLocation.CHANGE_FORM).get(name)
        if action is None or job.status == Job.Status.SUCCEEDED:
            return None
        return {"name": name, "label": action.description}

    @admin.action(
        description="Cancel this job",
        description_plural="Cancel selected jobs",
        permissions=["cancel"],
        location=EVERYWHERE,
    )
    def cancel(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Cancel each, and say which could not be."""
        done = self._each(request, queryset, jobs.cancel, self.has_cancel_permission, "Cancelled.")
        if done:
            self.message_user(request, format_html("Cancelled: {}.", _links(done)), messages.SUCCESS)

    @admin.action(
        description="Retry this job",
        description_plural="Retry selected jobs",
        permissions=["retry"],
        location=EVERYWHERE,
    )
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Ask for each again, as a new job that begins after the steps that are done."""
        done = self._each(request, queryset, jobs.retry, self.has_retry_permission, "Retried.")
        if done:
            self.message_user(request, format_html("Asked for again, as: {}.", _links(done)), messages.SUCCESS)

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Job],
        verb: Callable[[Job], Job],
        permitted: Callable[[HttpRequest, Job], bool],
        note: str,
    ) -> list[Job]:
        """Call ``verb`` with each job that the user may do it with; tell why it was refused; return what it returned."""
        chosen = list(queryset[: BULK + 1])
        if len(chosen) > BULK:
            self.message_user(request, f"At most {BULK} jobs at once: nothing was done.", messages.ERROR)
            return []
        done: list[Job] = []
        refused: dict[str, list[Job]] = defaultdict(list)
        for job in chosen:
            if not permitted(request, job):
                refused["You may not do this with this job."].append(job)
                continue
            try:
                # With its entry in the log of who did what, or not at all.
                with transaction.atomic():
                    done.append(verb(job))
                    self.log_change(request, job, note)
            except StrategyError as error:
                refused[error.message].append(job)
        for reason, whose in refused.items():
            self.message_user(request, format_html("{}: {}", _links(whose), reason), messages.WARNING)
        return done

    @admin.display(description="job", ordering="created")
    def short_id(self, job: Job) -> str:
        """The beginning of its id."""
        return cells.short(job.pk)

    @admin.display(description="strategy", ordering="strategy__name", empty_value="–")
    def strategy_name(self, job: Job) -> str:
        """What it is for."""
        return visible(job.strategy.name) if job.strategy else ""

    @admin.display(description="strategy")
    def strategy_link(self, job: Job) -> SafeString:
        """What it is for, as a link."""
        return cells.link(job.strategy)

    @admin.display(description="kind", ordering="kind")
    def kind_title(self, job: Job) -> str:
        """What kind of work it is."""
        return cells.kind(job)

    @admin.display(description="engine")
    def written_by(self, job: Job) -> str:
        """Who writes."""
        return visible(job.engine)

    @admin.display(description="worker", ordering="worker", empty_value="–")
    def worker_name(self, job: Job) -> str:
        """Who is or was at work on it."""
        return visible(job.worker)

    @admin.display(description="status", ordering="status")
    def status_word(self, job: Job) -> SafeString:
        """Its status, and whether it is stuck."""
        return cells.status(job, stuck=getattr(job, "is_stuck", False))

    @admin.display(description="progress", ordering="progress")
    def progress_bar(self, job: Job) -> SafeString:
        """How far it is."""
        return cells.progress(job)

    @admin.display(description="step", ordering="step", empty_value="–")
    def step_title(self, job: Job) -> str:
        """Where it is."""
        return cells.step(job)

    @admin.display(description="message", empty_value="–")
    def told(self, job: Job) -> str:
        """What its watchers were told last."""
        return visible(job.message)

    @admin.display(description="error", empty_value="–")
    def error_words(self, job: Job) -> str:
        """Why it ended without a result."""
        return cells.failure(job, job.error)

    @admin.display(description="age", ordering="-created")
    def age(self, job: Job) -> str:
        """How long ago it was asked for."""
        return cells.age(job)

    @admin.display(description="duration", empty_value="–")
    def duration(self, job: Job) -> str:
        """How long it has been worked on."""
        return cells.duration(job)

    created_at = _moment("created")
    started_at = _moment("started")
    finished_at = _moment("finished")
    lease_until_at = _moment("lease_until")
    run_after_at = _moment("run_after")

    @admin.display(description="retry of")
    def retry_of_link(self, job: Job) -> SafeString:
        """The job that this one goes on with."""
        return cells.link(job.retry_of)

    @admin.display(description="retried by")
    def retried_by_link(self, job: Job) -> SafeString:
        """The job that goes on with this one."""
        return cells.link(getattr(job, "retried_by", None))

    @admin.display(description="brief")
    def frozen(self, job: Job) -> SafeString:
        """What it works from, as it was when the job was asked for."""
        return cells.frozen(job)

    @admin.display(description="parameters")
    def params_json(self, job: Job) -> SafeString:
        """What this kind of job was asked to do."""
        return pretty(job.params)


def ids_beginning(term: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the first and the last id that begin with ``term``; None where no id can."""
    digits = term.strip().lower().removeprefix("job:").replace("-", "")
    if not re.fullmatch("[0-9a-f]{4,32}", digits):
        return None
    return uuid.UUID(digits.ljust(32, "0")), uuid.UUID(digits.ljust(32, "f"))


def _links(done: list[Job]) -> SafeString:
    return format_html_join(", ", "{}", ((cells.link(job, cells.short(job.pk)),) for job in done))
