"""What an operator asks of the list of jobs, as filters."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from strategies import kinds
from strategies.models import Job

# A worker looks for jobs every two seconds; one that is due for so long means that none is free, or none is there.
WAITING: Final = timedelta(minutes=1)


def stuck() -> Q:
    """Return the condition: running under a lease that ran out, or due for over a minute. By the database's clock."""
    silent = Q(status=Job.Status.RUNNING, lease_until__lt=Now())
    return silent | Q(status=Job.Status.QUEUED, run_after__lt=Now() - WAITING)


class StuckFilter(admin.SimpleListFilter):
    """Jobs that nobody works on although somebody should."""

    title = _("stuck")
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer them alone."""
        return [("1", gettext("Lease ran out, or waiting for over a minute"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        """Keep them alone, if asked to."""
        return queryset.filter(stuck()) if self.value() == "1" else queryset


class KindFilter(admin.SimpleListFilter):
    """Jobs of one kind, from the kinds there are: asking the table would read all of it."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer each kind."""
        return [(key, gettext(kinds.get(key).title)) for key in kinds.keys()]  # noqa: SIM118  # a function, not a dict's

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        """Keep the chosen kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


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
