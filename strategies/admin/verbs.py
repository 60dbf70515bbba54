"""What staff do with jobs in the admin: the verbs of ``jobs``, for one or for many, each with its permission."""

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from sse.admin import Logged
from strategies import jobs, texts
from strategies.admin import cells
from strategies.errors import StrategyError
from strategies.models import Job

# Jobs that one action may change: each is a transaction of its own, and a request should end.
BULK: Final = 500

EVERYWHERE: Final = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


class Verbs(Logged, admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Cancel and retry, in the list and on a job's page."""

    actions = ["cancel", "retry"]

    def has_cancel_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Who may cancel jobs, or this one."""
        return request.user.has_perm("strategies.cancel_job")

    def has_retry_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Who may retry jobs, or this one."""
        return request.user.has_perm("strategies.retry_job")

    def sensible(self, request: HttpRequest, job: Job) -> dict[str, str] | None:
        """Return the one action that can make sense for the job now; whether it may be done is for the verb to say."""
        name = "retry" if job.is_final else "cancel"
        action = self.get_actions(request, action_location=ActionLocation.CHANGE_FORM).get(name)
        if action is None or job.status == Job.Status.SUCCEEDED:
            return None
        return {"name": name, "label": action.description}

    @admin.action(
        description=_("Cancel this job"),
        description_plural=_("Cancel selected jobs"),
        permissions=["cancel"],
        location=EVERYWHERE,
    )
    def cancel(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Cancel each, and say which could not be."""
        done = self._each(request, queryset, jobs.cancel, self.has_cancel_permission, gettext_noop("Cancelled."))
        if done:
            self.message_user(request, format_html("{} {}.", gettext("Cancelled:"), _links(done)), messages.SUCCESS)

    @admin.action(
        description=_("Retry this job"),
        description_plural=_("Retry selected jobs"),
        permissions=["retry"],
        location=EVERYWHERE,
    )
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Ask for each again, as a new job that begins after the steps that are done."""
        done = self._each(request, queryset, jobs.retry, self.has_retry_permission, gettext_noop("Retried."))
        if done:
            self.message_user(
                request, format_html("{} {}.", gettext("Asked for again, as:"), _links(done)), messages.SUCCESS
            )

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
            self.message_user(
                request, gettext("At most {most} jobs at once: nothing was done.").format(most=BULK), messages.ERROR
            )
            return []
        done: list[Job] = []
        refused: dict[str, list[Job]] = defaultdict(list)
        for job in chosen:
            if not permitted(request, job):
                refused[gettext("You may not do this with this job.")].append(job)
                continue
            try:
                # With its entry in the log of who did what, or not at all.
                with transaction.atomic():
                    done.append(verb(job))
                    self.log_change(request, job, note)
            except StrategyError as error:
                refused[texts.told(error.message)].append(job)
        for reason, whose in refused.items():
            self.message_user(request, format_html("{}: {}", _links(whose), reason), messages.WARNING)
        return done


def _links(done: list[Job]) -> SafeString:
    return format_html_join(", ", "{}", ((cells.link(job, cells.short(job.pk)),) for job in done))
