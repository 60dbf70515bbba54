"""The project's own app: commands that start its parts."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Gives ``run``, ``serve`` and ``doctor`` a home."""

    name = "config"

    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401
