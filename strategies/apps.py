"""The app that makes content strategies."""

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    """Briefs, jobs and the documents they end in."""

    name = "strategies"
    verbose_name = "content strategies"

    def ready(self) -> None:
        """Find the kinds of jobs there are."""
        from strategies import kinds

        kinds.discover()
