"""System checks of the environment and of what was collected (config.W…)."""

import difflib
import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import Warning, register

from config import environment, import_map


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


@register
def check_collected(app_configs: Any, **_: Any) -> list[Warning]:
    """Warn of modules that were changed since they were collected: browsers would go on with the old ones."""
    files = import_map.collected(settings.COLLECTED)
    old = sorted(name for name, named in files.items() if import_map.is_module(name) and _differs(name, named))
    if not old:
        return []
    said = f"{len(old)} of the collected modules are not those of this release: {', '.join(old[:3])} …"
    return [Warning(said, hint="Run manage.py collectstatic again, or remove the folder.", id="config.W002")]


def _differs(name: str, named: str) -> bool:
    found = finders.find(name)
    # One that is no more is no harm.
    if found is None:
        return False
    # Django takes the first twelve digits into the name.
    return hashlib.md5(Path(found).read_bytes(), usedforsecurity=False).hexdigest()[:12] not in named
