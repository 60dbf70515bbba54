"""``manage.py worker``: one worker process."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from strategies import worker


class Command(BaseCommand):
    """Works at jobs until it gets SIGTERM or SIGINT; then gives back what it could not finish."""

    help = "Run one worker: claim jobs, work at many side by side, give them back when told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--concurrency",
            type=int,
            default=settings.STRATEGIES_WORKER_CONCURRENCY,
            help=f"jobs side by side (default {settings.STRATEGIES_WORKER_CONCURRENCY})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Waiting for jobs.")
        self.stdout.flush()
        asyncio.run(worker.main(concurrency=options["concurrency"]))
