"""Rows that only code writes, in tables too long to count."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from .cells import spoken

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = object


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


class Logged(_Base):
    """What was done with a row, in the reader's language: the log keeps it in English, whoever did it."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the log; Django's own entries are JSON, and it puts them into words itself."""
        response = super().history_view(request, object_id, extra_context)
        for entry in getattr(response, "context_data", {}).get("action_list", ()):
            if not entry.change_message.startswith("["):
                entry.change_message = spoken(entry.change_message)
        return response
