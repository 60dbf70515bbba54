"""Registers the kinds."""

from django.apps import AppConfig


class ExtraConfig(AppConfig):
    """Kinds for tests."""

    name = "tests.extra"
    label = "extra"

    def ready(self) -> None:
        from strategies import kinds
        from tests.extra import toys

        for kind in toys.KINDS:
            kinds.register(kind)
