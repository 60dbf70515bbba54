"""What an operator asks of the list of jobs, as filters."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import admin
from django.db.models import Q, QuerySet, TextChoices
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from strategies import kinds
from strategies.models import Job, Lesson, Strategy

# A worker looks for jobs every two seconds; one that is due for so long means that none is free, or none is there.
WAITING: Final = timedelta(minutes=1)


def stuck() -> Q:
    """Return the condition: running under a lease that ran out, or due for over a minute. By the database's clock."""
    silent = Q(status=Job.Status.RUNNING, lease_until__lt=Now())
    return silent | Q(status=Job.Status.QUEUED, run_after__lt=Now() - WAITING)


class ChoiceFilter(admin.SimpleListFilter):
    """Rows by a field's choices in the reader's language: the models keep their words in English, as they are stored."""

    offered: type[TextChoices]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer each choice."""
        return [(value, gettext(str(label))) for value, label in self.offered.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the chosen one."""
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class JobStatusFilter(ChoiceFilter):
    """Jobs in one status."""

    title = _("status")
    # As Django's own filter of a field names it: addresses that somebody noted stay good.
    parameter_name = "status__exact"
    offered = Job.Status


class StrategyStatusFilter(ChoiceFilter):
    """Strategies in one status."""

    title = _("status")
    parameter_name = "status__exact"
    offered = Strategy.Status


class PhaseFilter(ChoiceFilter):
    """Lessons of one phase."""

    title = _("phase")
    parameter_name = "phase__exact"
    offered = Lesson.Phase


class StuckFilter(admin.SimpleListFilter):
    """Jobs that nobody works on although somebody should."""

    title = _("what is stuck")
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer them alone."""
        return [("1", gettext("Lease ran out, or waiting for over a minute"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        """Keep them alone, if asked to."""
        return queryset.filter(stuck()) if self.value() == "1" else queryset


class KindFilter(admin.SimpleListFilter):
    """Jobs or lessons of one kind, from the kinds there are: asking the table would read all of it."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer each kind."""
        return [(key, gettext(kinds.get(key).title)) for key in kinds.keys()]  # noqa: SIM118  # a function, not a dict's

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the chosen kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class StepFilter(admin.SimpleListFilter):
    """Lessons beside one step, by the titles of the steps there are."""

    title = _("step")
    parameter_name = "step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer each step once, in the order of its kind; where several kinds have one of this key, by all its titles."""
        asked = request.GET.get(KindFilter.parameter_name)
        offered: dict[str, dict[str, None]] = {}
        for kind in [kind for kind in kinds.listed() if kind.key == asked] or kinds.listed():
            for step in kind.steps:
                offered.setdefault(step.key, {})[gettext(step.title)] = None
        return [(key, " · ".join(titles)) for key, titles in offered.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the chosen step."""
        return queryset.filter(step=self.value()) if self.value() else queryset


class EngineFilter(admin.SimpleListFilter):
    """Jobs by who wrote: the planner, any model, or the very one that an address names."""

    title = _("engine")
    parameter_name = "engine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the planner and the models; and the one asked for, so that the page says what it shows."""
        asked = request.GET.get(self.parameter_name, "")
        offered = [("offline", gettext("Offline planner")), ("model", gettext("Any model"))]
        return offered if asked in ("", "offline", "model") else [*offered, (asked, asked)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        """Keep the chosen ones."""
        match self.value():
            case None:
                return queryset
            case "model":
                return queryset.exclude(engine="offline")
            case engine:
                return queryset.filter(engine=engine)
