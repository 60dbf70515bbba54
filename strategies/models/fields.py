"""Columns that Django does not have."""

import json
from typing import Any, Final

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

POSTGRESQL: Final = "postgresql"


class OrderedJSONField(models.JSONField):
    """
    JSON whose members keep their order.

    PostgreSQL's jsonb sorts them by length. What is shown member by member, or counted into by their order, would then
    differ from one database to the other, and from a job that was taken up again to one that was not. Not for columns
    that are searched in: json has neither indexes nor equality.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return json where Django's own is jsonb."""
        return "json" if connection.vendor == POSTGRESQL else super().db_type(connection)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Return what the driver sends; never as jsonb, from which the column could not get the order back."""
        adapted = super().get_db_prep_value(value, connection, prepared)
        if connection.vendor != POSTGRESQL:
            return adapted
        from psycopg.types.json import Json

        return Json(adapted.obj, dumps=adapted.dumps)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the value. Psycopg has read json already, and a text among it is no JSON any more."""
        if value is None or connection.vendor == POSTGRESQL:
            return value
        return json.loads(value, cls=self.decoder)
