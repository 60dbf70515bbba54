"""The app that tells browsers what happens."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SseConfig(AppConfig):
    """Numbered events: stored, published, streamed."""

    name = "sse"
    verbose_name = _("Live events")

    def ready(self) -> None:
        """Find each app's ``topics.py``, where its rules of who may watch what stand; follow what changes them."""
        autodiscover_modules("topics")
        from . import checks, signals, stores, surroundings  # noqa: F401 - connects and registers them
