"""``manage.py prune``: removes old events now. A worker does the same every hour."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sse import conf, retention


class Command(BaseCommand):
    """Removes the events that nobody will ask for any more, a batch at a time."""

    help = "Remove old events of finished topics, and the oldest of long ones that go on; see docs/how-to/size-it.md."

    def add_arguments(self, parser: CommandParser) -> None:
        default = conf.RETENTION_DAYS
        parser.add_argument(
            "--days", type=float, default=default, help=f"older than this (default {default:g}, SSE_RETENTION_DAYS)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["days"] <= 36_500:
            raise CommandError(
                f"--days: {options['days']:g} is not accepted; it accepts more than 0 and at most 36500."
            )
        removed = 0
        for batch in retention.prune(options["days"]):
            removed += batch
            time.sleep(retention.REST_SECONDS)
        self.stdout.write(f"Removed {removed} events.")
