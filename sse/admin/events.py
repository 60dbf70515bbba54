"""Events: everything that was published and is still kept."""

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sse import events, trace
from sse.models import Event, Topic

from .cells import message, moment, pretty, read
from .rows import Bounded, ReadOnly
from .topics import begin_with

# Topics whose events one search looks through.
SEARCHED: Final = 100


class TypeFilter(admin.SimpleListFilter):
    """Events of one type, from the list in code: asking the table would read all of it."""

    title = _("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer each type there is."""
        return [(type, type) for type in events.TYPES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Keep the events of the chosen type."""
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Every event that was published and is still kept, newest first."""

    list_display = ["at", "type", "message", "topic", "seq"]
    list_filter = [TypeFilter]
    list_select_related = ["topic"]
    ordering = ["-pk"]
    sortable_by = ()
    search_fields = ["topic__name__startswith"]
    search_help_text = _("The beginning of a topic's name, such as user:7; or a request's id")
    fields = [("topic", "seq", "type"), "at", "message", "request", "content"]
    paginator = Bounded
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["sse/admin.css"]}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        """Find the events of the topics whose name begins so; of the first ones, where there are many."""
        beginning = search_term.strip()
        if not beginning:
            return queryset, False
        # The topics first, and few of them: their events then come from an index, and the rest is never read.
        topics = list(
            begin_with(Topic.objects.order_by("name"), beginning).values_list("pk", flat=True)[: SEARCHED + 1]
        )
        if len(topics) > SEARCHED:
            self.message_user(
                request,
                gettext("These are events of the first {count} topics only: type more of the name.").format(
                    count=SEARCHED
                ),
                messages.WARNING,
            )
        # A request's id has no colon where a topic's name has one, unless a proxy puts it there.
        if not topics and trace.VALID.fullmatch(beginning):
            return queryset.filter(request=beginning), False
        return queryset.filter(topic__in=topics[:SEARCHED]), False

    @admin.display(description=_("time"))
    def at(self, event: Event) -> str:
        """When it was published, to the second."""
        return moment(event.created)

    @admin.display(description=_("message"))
    def message(self, event: Event) -> str:
        """What it says to people."""
        return message(event)

    @admin.display(description=_("JSON"))
    def content(self, event: Event) -> SafeString:
        """The event as it was published, indented."""
        return pretty(read(event))
