"""Topics and their events, as an operator sees them. Staff may look; only the publisher writes."""

import json
import re
from datetime import datetime
from typing import Any, Final

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import events
from .models import Event, Topic

# What a page shows of one topic's events, the last ones.
SHOWN: Final = 200
# Topics whose events one search looks through.
SEARCHED: Final = 100

# Controls, and the marks that turn the direction of the text after them (an override can make "exe.txt" read
# "txt.exe"). HTML escaping leaves both as they are.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return ``text`` with what works unseen in it written out, as JSON would escape it."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def pretty(value: object) -> SafeString:
    """Return ``value`` as indented JSON in a box of its own; nothing for None."""
    if value is None:
        return SafeString("")
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return format_html('<pre class="json" tabindex="0">{}</pre>', visible(text))


def moment(at: datetime) -> str:
    """Return a time to the second, with its zone: what is told here follows within seconds."""
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i:s e")


def story(request: HttpRequest, topic: str) -> SafeString:
    """Return a topic's last events as a table for a page of the admin: two queries, whatever its length."""
    found = Topic.objects.filter(name=topic).first()
    last = list(found.events.order_by("-seq")[:SHOWN])[::-1] if found else []
    rows = [{"event": event, "message": message(event), "json": pretty(_read(event))} for event in last]
    return render_to_string("admin/sse/story.html", {"topic": found, "name": topic, "rows": rows}, request)


def message(event: Event) -> str:
    """Return what an event says to people, in one line."""
    data = _read(event)
    if not isinstance(data, dict):
        return ""
    lesson = data.get("educational_content")
    title = lesson.get("title") if isinstance(lesson, dict) else None
    return visible(str(data.get("message") or title or ""))


def _read(event: Event) -> Any:
    try:
        return event.data
    except (ValueError, RecursionError):
        # An operator looks at a row for the very reason that something is wrong with it.
        return event.json


class Bounded(Paginator):  # type: ignore[type-arg]
    """Pages of a table that is too long to count: rows past ``limit`` are reached by search, not by leafing."""

    limit = 10_000

    @cached_property
    def count(self) -> int:
        """How many rows there are to leaf through."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # the admin pages nothing else
        return rows.order_by().values("pk")[: self.limit].count()


class ReadOnly:
    """For rows that only code may write."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody changes one by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody deletes one by hand."""
        return False


# ModelAdmin takes a type parameter in its stubs only, hence each ``type-arg`` below.
@admin.register(Topic)
class TopicAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """What was published to whom, and how far it has come."""

    list_display = ["name", "seq", "kept", "state", "last_event"]
    list_filter = ["closed"]
    sortable_by = ["name"]
    search_fields = ["name__startswith"]
    search_help_text = "The beginning of a topic's name, such as user:7"
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

    @admin.display(description="events kept")
    def kept(self, topic: Topic) -> int:
        """How many events are still there: numbers have no gaps, so nothing need be counted."""
        return topic.seq - topic.pruned

    @admin.display(description="state")
    def state(self, topic: Topic) -> str:
        """Whether anything may follow."""
        return "closed" if topic.closed else "open"

    @admin.display(description="last event", empty_value="never")
    def last_event(self, topic: Topic) -> datetime | None:
        """When its last event was published."""
        at: datetime | None = getattr(topic, "last_event", None)
        return at


def begin_with(topics: QuerySet[Topic], beginning: str) -> QuerySet[Topic]:
    """Return the topics whose name begins so, by an index on every database."""
    found = topics.filter(name__startswith=beginning)
    if beginning and connections[topics.db].vendor == "sqlite":
        # Its LIKE with an escape reads every row. Names are ASCII and compared by bytes there, so a range says the same.
        found = found.filter(name__gte=beginning, name__lt=beginning + "\x7f")
    return found


class TypeFilter(admin.SimpleListFilter):
    """Events of one type, from the list in code: asking the table would read all of it."""

    title = "type"
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
    search_help_text = "The beginning of a topic's name, such as user:7"
    fields = [("topic", "seq", "type"), "at", "message", "content"]
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
                f"These are events of the first {SEARCHED} topics only: type more of the name.",
                messages.WARNING,
            )
        return queryset.filter(topic__in=topics[:SEARCHED]), False

    @admin.display(description="time")
    def at(self, event: Event) -> str:
        """When it was published, to the second."""
        return moment(event.created)

    @admin.display(description="message")
    def message(self, event: Event) -> str:
        """What it says to people."""
        return message(event)

    @admin.display(description="JSON")
    def content(self, event: Event) -> SafeString:
        """The event as it was published, indented."""
        return pretty(_read(event))
