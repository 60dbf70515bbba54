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
        "tokens",
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
    def title(self, step: Step) -> SafeString:
        """Its title, in the words of the job's kind; and who wrote it."""
        return cells.two(cells.step_title(step.job, step.key), visible(step.engine))

    @admin.display(description=_("result"))
    def told(self, step: Step) -> str:
        """Its result in one line, or why there is none."""
        if not step.ok:
            return cells.failure(step.job, step.error)
        said = texts.told(step.summary)
        return visible(gettext("%(said)s (copied)") % {"said": said} if step.copied else said)

    @admin.display(description=_("took"))
    def took(self, step: Step) -> SafeString:
        """How long the work was, and which attempt did it."""
        attempt = gettext("attempt %(number)s") % {"number": step.attempt}
        return cells.two(cells.span(timedelta(seconds=step.seconds)), attempt)

    @admin.display(description=_("tokens in / out"))
    def tokens(self, step: Step) -> SafeString:
        """What a model read and wrote, and what that cost."""
        if not (step.tokens_in or step.tokens_out):
            return cells.NOTHING
        read, written = (texts.localised(f"{count:,}") for count in (step.tokens_in, step.tokens_out))
        cost = "" if step.cost is None else f"US$ {texts.localised(f'{step.cost:.4f}')}"
        return cells.two(f"{read} / {written}", cost)

    @admin.display(description=_("output"))
    def output_json(self, step: Step) -> SafeString:
        """What it made, folded away."""
        if step.output is None:
            return cells.NOTHING
        return format_html("<details><summary>JSON</summary>{}</details>", pretty(step.output))
