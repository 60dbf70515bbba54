"""``manage.py message_types``: writes the names and types of events that the browser client is told of."""

from typing import Any

from django.core.management.base import BaseCommand

from sse import message_types


class Command(BaseCommand):
    """Writes SSEMessageTypes.js from the events' schema; ``make types`` then makes the types for TypeScript."""

    help = "Write sse/static/sse/SSEMessageTypes.js from the schema of events."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        message_types.PATH.write_text(message_types.written())
        self.stdout.write(f"Wrote {message_types.PATH.name}.")
