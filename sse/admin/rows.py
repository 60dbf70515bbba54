"""Rows that only code writes, in tables too long to count."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property


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
