"""The app that makes content strategies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StrategiesConfig(AppConfig):
    """Briefs, jobs and the documents they end in."""

    name = "strategies"
    verbose_name = _("Content strategies")

    def ready(self) -> None:
        """Find the kinds of jobs there are; add the queue's figures to the metrics."""
        from sse import metrics
        from strategies import figures, kinds

        kinds.discover()
        metrics.add(figures.collect)
