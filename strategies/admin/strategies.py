"""Strategies in the admin: whose they are, what they were made from, and what became of them."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sse.admin import Logged, ReadOnly, visible
from strategies import folding, jobs
from strategies.admin import cells, reviews
from strategies.admin.filters import StrategyStatusFilter
from strategies.models import Job, Strategy, Version


class VersionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only, as below
    """What was made of it."""

    model = Version
    template = "admin/strategies/rows.html"
    extra = 0
    readonly_fields = [
        "number",
        "origin_word",
        "author",
        "shown_note",
        "reviewed",
        "score",
        "written_by",
        "made_by",
        "created",
    ]
    fields = [*readonly_fields]

    def has_view_permission(self, request: HttpRequest, obj: Strategy | None = None) -> bool:
        """Whoever may look at a strategy may look at the list of its versions."""
        return request.user.has_perm("strategies.view_strategy")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        """Leave the documents in the database; the job's row is for its link."""
        found: QuerySet[Version] = super().get_queryset(request)
        reviewed = Count("sections", filter=Q(sections__reviewed__isnull=False))
        return (
            found.select_related("job", "author")
            .defer("document")
            .annotate(reviewed_count=reviewed, section_count=Count("sections"))
        )

    @admin.display(description=_("origin"))
    def origin_word(self, version: Version) -> str:
        """How it came about."""
        return cells.choice(Version.Origin, version.origin)

    @admin.display(description=_("note"))
    def shown_note(self, version: Version) -> str:
        """What was changed, in one line."""
        return visible(version.told_note)

    @admin.display(description=_("reviewed"))
    def reviewed(self, version: Version) -> str:
        """How many of its sections are reviewed."""
        return gettext("%(reviewed)s of %(all)s") % {
            "reviewed": getattr(version, "reviewed_count", 0),
            "all": getattr(version, "section_count", 0),
        }

    @admin.display(description=_("engine"))
    def written_by(self, version: Version) -> str:
        """Who wrote it."""
        return visible(version.engine)

    @admin.display(description=_("job"))
    def made_by(self, version: Version) -> SafeString:
        """The job that made it; a version made by hand has none."""
        return cells.link(version.job, cells.short(version.job.pk) if version.job else "")


class StrategyAdmin(reviews.Reviews, Logged, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """
    Look at strategies; review their sections; delete one.

    Staff change none: an owner's words are the owner's, and a status is the owner's to set.
    """

    list_display = ["shown_name", "owner", "shown_industry", "status_word", "versions", "last_job", "created"]
    list_filter = [StrategyStatusFilter, "created"]
    list_select_related = ["owner"]
    list_per_page = 50
    search_fields = ["folded", "owner__username__istartswith", "owner__email__istartswith"]
    search_help_text = _("A part of the name or the industry; the beginning of the owner's name or address")
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": [("shown_name", "shown_industry"), ("owner", "status_word", "last_job")]}),
        (_("Plan"), {"fields": [("timeline_months", "max_content_pieces"), ("created", "updated")]}),
        (_("Brief"), {"fields": ["answered", "brief_table"]}),
    ]
    inlines = [VersionInline]
    view_on_site = False

    class Media:
        css = {"all": ["sse/admin.css", "strategies/admin.css"]}

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whoever was given the permission: unlike the rest, deleting is one whole act, done by its verb."""
        return request.user.has_perm("strategies.delete_strategy")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Strategy]:
        """Add how many versions there are, and the last job: look-ups in indexes, for the rows of the page."""
        found: QuerySet[Strategy] = super().get_queryset(request)
        versions = Version.objects.filter(strategy=OuterRef("pk")).order_by().values("strategy").annotate(n=Count("pk"))
        last = Job.objects.filter(strategy=OuterRef("pk")).order_by("-created")
        return found.annotate(
            version_count=Coalesce(Subquery(versions.values("n")), 0),
            last_job_id=Subquery(last.values("pk")[:1]),
            last_job_status=Subquery(last.values("status")[:1]),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Strategy], search_term: str
    ) -> tuple[QuerySet[Strategy], bool]:
        """Look for the words without their case, as they are stored."""
        found: tuple[QuerySet[Strategy], bool] = super().get_search_results(
            request, queryset, folding.fold(search_term)
        )
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Strategy | None:
        """Write out what works unseen in its name: titles, breadcrumbs and the log take it from here."""
        strategy: Strategy | None = super().get_object(request, object_id, from_field)
        if strategy:
            # In memory only: nothing here saves a strategy.
            strategy.name = visible(strategy.name)
        return strategy

    def get_deleted_objects(
        self, objs: Iterable[Strategy], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Name the strategies only: what belongs to them goes with them, and has no permission of its own."""
        names = [visible(str(strategy)) for strategy in objs]
        return names, {gettext("strategies, with their jobs and versions"): len(names)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Strategy) -> None:
        """Delete it as its owner would: its job is cancelled, and who watches is told."""
        jobs.delete_strategy(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Strategy]) -> None:
        """Delete each as its owner would."""
        for strategy in queryset:
            jobs.delete_strategy(strategy)

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, strategy: Strategy) -> str:
        """Its name."""
        return visible(strategy.name)

    @admin.display(description=_("industry"), ordering="industry")
    def shown_industry(self, strategy: Strategy) -> str:
        """Its industry."""
        return visible(strategy.industry)

    @admin.display(description=_("status"), ordering="status")
    def status_word(self, strategy: Strategy) -> str:
        """What its owner says of it."""
        return cells.choice(Strategy.Status, strategy.status)

    @admin.display(description=_("versions"), ordering="version_count")
    def versions(self, strategy: Strategy) -> int:
        """How many versions there are."""
        return int(getattr(strategy, "version_count", 0))

    @admin.display(description=_("last job"), ordering="last_job_status")
    def last_job(self, strategy: Strategy) -> SafeString:
        """The job asked for last, by its status."""
        id, status = getattr(strategy, "last_job_id", None), getattr(strategy, "last_job_status", None)
        return cells.link(Job(pk=id), cells.choice(Job.Status, status)) if id and status else cells.NOTHING

    @admin.display(description=_("answered"))
    def answered(self, strategy: Strategy) -> str:
        """How much of the brief is filled in."""
        return cells.answered(strategy.brief)

    @admin.display(description=_("brief"))
    def brief_table(self, strategy: Strategy) -> SafeString:
        """What the owner answered, field by field."""
        return cells.brief_table(strategy.brief)
