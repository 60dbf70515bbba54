"""Topics: what was published to whom, and how far it has come."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import connections
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sse.models import Event, Topic

from .cells import story
from .rows import Bounded, ReadOnly


# ModelAdmin takes a type parameter in its stubs only, hence each ``type-arg`` below.
@admin.register(Topic)
class TopicAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """What was published to whom, and how far it has come."""

    list_display = ["name", "seq", "kept", "state", "last_event"]
    list_filter = ["closed"]
    sortable_by = ["name"]
    search_fields = ["name__startswith"]
    search_help_text = _("The beginning of a topic's name, such as user:7")
    fields = ["name", ("seq", "pruned", "kept"), "state"]
    paginator = Bounded
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["sse/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        """Add when each topic's last event was published: one look-up in an index for each row of the page."""
        last = Event.objects.filter(topic=OuterRef("pk"), seq=OuterRef("seq")).values("created")
        found: QuerySet[Topic] = super().get_queryset(request)
        return found.annotate(last_event=Subquery(last[:1]))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Topic], search_term: str
    ) -> tuple[QuerySet[Topic], bool]:
        """Find topics by the beginning of their name."""
        return begin_with(queryset, search_term.strip()), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the topic's events below it."""
        context["story"] = story(request, context["original"].name)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("events kept"))
    def kept(self, topic: Topic) -> int:
        """How many events are still there: numbers have no gaps, so nothing need be counted."""
        return topic.seq - topic.pruned

    @admin.display(description=_("state"))
    def state(self, topic: Topic) -> str:
        """Whether anything may follow."""
        return gettext("closed") if topic.closed else gettext("open")

    @admin.display(description=_("last event"))
    def last_event(self, topic: Topic) -> datetime | str:
        """When its last event was published."""
        at: datetime | None = getattr(topic, "last_event", None)
        return at or gettext("never")


def begin_with(topics: QuerySet[Topic], beginning: str) -> QuerySet[Topic]:
    """Return the topics whose name begins so, by an index on every database."""
    found = topics.filter(name__startswith=beginning)
    if beginning and connections[topics.db].vendor == "sqlite":
        # Its LIKE with an escape reads every row. Names are ASCII and compared by bytes there, so a range says the same.
        found = found.filter(name__gte=beginning, name__lt=beginning + "\x7f")
    return found
