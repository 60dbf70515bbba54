"""What the admin's list of jobs and a job's page say of it, each by the name that they ask for."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sse.admin import moment, pretty, visible
from strategies.admin import cells
from strategies.models import Job


def _moment(name: str, said: Any) -> Callable[["Columns", Job], str]:
    @admin.display(description=said)
    def shown(self: "Columns", job: Job) -> str:
        at = getattr(job, name)
        return moment(at) if at else cells.NOTHING

    return shown


class Columns:
    """A job's row, told."""

    @admin.display(description=_("job"), ordering="created")
    def short_id(self, job: Job) -> str:
        """The beginning of its id."""
        return cells.short(job.pk)

    @admin.display(description=_("strategy"), ordering="strategy__name", empty_value="–")
    def strategy_name(self, job: Job) -> str:
        """What it is for."""
        return visible(job.strategy.name) if job.strategy else ""

    @admin.display(description=_("strategy"))
    def strategy_link(self, job: Job) -> SafeString:
        """What it is for, as a link."""
        return cells.link(job.strategy)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_title(self, job: Job) -> str:
        """What kind of work it is."""
        return cells.kind(job.kind)

    @admin.display(description=_("engine"))
    def written_by(self, job: Job) -> str:
        """Who writes."""
        return visible(job.engine)

    @admin.display(description=_("worker"), ordering="worker", empty_value="–")
    def worker_name(self, job: Job) -> str:
        """Who is or was at work on it."""
        return visible(job.worker)

    @admin.display(description=_("status"), ordering="status")
    def status_word(self, job: Job) -> SafeString:
        """Its status, and whether it is stuck."""
        return cells.status(job, stuck=getattr(job, "is_stuck", False))

    @admin.display(description=_("progress"), ordering="progress")
    def progress_bar(self, job: Job) -> SafeString:
        """How far it is."""
        return cells.progress(job)

    @admin.display(description=_("step"), ordering="step", empty_value="–")
    def step_title(self, job: Job) -> SafeString:
        """Where it is."""
        return cells.step(job)

    @admin.display(description=_("message"), empty_value="–")
    def told(self, job: Job) -> SafeString:
        """What its watchers were told last."""
        return cells.message(job)

    @admin.display(description=_("error"), empty_value="–")
    def error_words(self, job: Job) -> str:
        """Why it ended without a result."""
        return cells.failure(job, job.error)

    @admin.display(description=_("progress"), ordering="progress")
    def where(self, job: Job) -> SafeString:
        """How far it is, at which step; who is or was at work on it, in which attempt, and how long all of them were."""
        attempt = gettext("attempt %(number)s") % {"number": job.attempt} if job.attempt else ""
        worked = gettext("worked on %(time)s") % {"time": cells.duration(job)} if job.started else ""
        work = ", ".join(filter(None, [visible(job.worker), attempt, worked]))
        return cells.two(cells.two(cells.progress(job), cells.step(job)), work)

    @admin.display(description=_("strategy"), ordering="strategy__name")
    def what(self, job: Job) -> SafeString:
        """What it is for, what kind of work it is, and whose."""
        return cells.two(self.strategy_name(job) or cells.NOTHING, f"{cells.kind(job.kind)}, {visible(str(job.owner))}")

    @admin.display(description=_("status"), ordering="status")
    def state(self, job: Job) -> SafeString:
        """Its status, and how long ago it was asked for."""
        return cells.two(self.status_word(job), gettext("%(time)s ago") % {"time": cells.age(job)})

    @admin.display(description=_("age"), ordering="-created")
    def age(self, job: Job) -> str:
        """How long ago it was asked for."""
        return cells.age(job)

    @admin.display(description=_("duration"), empty_value="–")
    def duration(self, job: Job) -> str:
        """How long it has been worked on."""
        return cells.duration(job)

    created_at = _moment("created", _("created"))
    started_at = _moment("started", _("started"))
    finished_at = _moment("finished", _("finished"))
    lease_until_at = _moment("lease_until", _("lease until"))
    run_after_at = _moment("run_after", _("run after"))

    @admin.display(description=_("retry of"))
    def retry_of_link(self, job: Job) -> SafeString:
        """The job that this one goes on with."""
        return cells.link(job.retry_of)

    @admin.display(description=_("retried by"))
    def retried_by_link(self, job: Job) -> SafeString:
        """The job that goes on with this one."""
        return cells.link(getattr(job, "retried_by", None))

    @admin.display(description=_("brief"))
    def frozen(self, job: Job) -> SafeString:
        """What it works from, as it was when the job was asked for."""
        return cells.frozen(job)

    @admin.display(description=_("parameters"))
    def params_json(self, job: Job) -> SafeString:
        """What this kind of job was asked to do."""
        return pretty(job.params)
