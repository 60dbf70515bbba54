"""System checks of the environment (config.W…)."""

import difflib
from typing import Any

from django.core.checks import Warning, register

from config import environment


@register
def check_names(app_configs: Any, **_: Any) -> list[Warning]:
    """Warn of a variable that nothing reads: whoever set it believes that it does something."""
    return [
        Warning(f"The environment variable {name} is not known, and does nothing.", hint=_hint(name), id="config.W001")
        for name in environment.strangers()
    ]


def _hint(name: str) -> str:
    close = difflib.get_close_matches(name, environment.Environment.model_fields, n=1)
    return f"Did you mean {close[0]}?" if close else "docs/settings.md lists all there are."
