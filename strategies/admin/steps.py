"""A job's steps in the admin."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sse.admin import ReadOnly, pretty, visible
from strategies import texts
from strategies.admin import cells
from strategies.models import Job, Step


class StepInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    """The steps that ended, with what they made."""

    model = Step
    template = "admin/strategies/rows.html"
    extra = 0
    readonly_fields = [
        "title",
        "ok",
        "told",
        "took",
        "written_by",
        "tokens",
        "cost",
        "attempt",
        "output_json",
    ]
    fields = [*readonly_fields]

    def has_view_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Whoever may look at a job may look at its steps."""
        return request.user.has_perm("strategies.view_job")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        """Bring each step's job along, whose kind names the steps; but not its brief."""
        found: QuerySet[Step] = super().get_queryset(request)
        return found.select_related("job").defer("job__brief", "job__params")

    @admin.display(description=_("step"))
    def title(self, step: Step) -> str:
        """Its title, in the words of the job's kind."""
        return cells.step_title(step.job, step.key)

    @admin.display(description=_("result"))
    def told(self, step: Step) -> str:
        """Its result in one line, or why there is none."""
        if not step.ok:
            return cells.failure(step.job, step.error)
        said = texts.told(step.summary)
        return visible(gettext("%(said)s (copied)") % {"said": said} if step.copied else said)

    @admin.display(description=_("took"))
    def took(self, step: Step) -> str:
        """How long the work was."""
        return cells.span(timedelta(seconds=step.seconds))

    @admin.display(description=_("engine"))
    def written_by(self, step: Step) -> str:
        """Who wrote it."""
        return visible(step.engine)

    @admin.display(description=_("tokens in / out"))
    def tokens(self, step: Step) -> str:
        """What a model read and wrote."""
        return (
            texts.localised(f"{step.tokens_in:,} / {step.tokens_out:,}")
            if step.tokens_in or step.tokens_out
            else cells.NOTHING
        )

    @admin.display(description=_("output"))
    def output_json(self, step: Step) -> SafeString:
        """What it made, folded away."""
        if step.output is None:
            return cells.NOTHING
        return format_html("<details><summary>JSON</summary>{}</details>", pretty(step.output))
