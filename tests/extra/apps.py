"""Registers the kinds."""

from django.apps import AppConfig


class ExtraConfig(AppConfig):
    """Kinds for tests."""

    name = "tests.extra"
    label = "extra"

    def ready(self) -> None:
        from strategies import kinds
        from tests.extra import topics, toys  # noqa: F401 - registers its rule

        for kind in toys.KINDS:
            kinds.register(kind)
