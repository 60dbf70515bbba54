"""``manage.py doctor``: looks at settings, database, Redis, queue and, from outside, at a stream."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import examination, outside


class Command(BaseCommand):
    """Says what is well and what is not; exits with 1 and the reasons where something is not."""

    help = "Check settings, database, Redis and queue, and a stream from outside as a browser would see it."

    def add_arguments(self, parser: CommandParser) -> None:
        default = f"http://{settings.HOST}:{settings.PORT}"
        parser.add_argument("url", nargs="?", default=default, help=f"where browsers find the site (default {default})")

    def handle(self, *args: Any, **options: Any) -> None:
        ills = 0
        if not options["url"].startswith(("http://", "https://")):
            raise CommandError(f"{options['url']!r} is no address: it begins with http:// or https://")
        for name, reason in examination.examine(options["url"].rstrip("/")):
            ill = reason is not None and not isinstance(reason, outside.Advice)
            ills += ill
            self.stdout.write(f"{'✗' if ill else '!' if reason else '✓'} {name}" + (f": {reason}" if reason else ""))
            self.stdout.flush()
        if ills:
            self.stdout.write(f"\n{ills} of these need attention.")
            raise SystemExit(1)
        self.stdout.write("\nAll is well.")
