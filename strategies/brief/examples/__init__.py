"""
Worked examples: whole briefs of made-up firms, to be edited into one's own.

Unlike a template (`starts`) an example has figures and rivals, for whoever wants to see what an answer may look like.
They are invented, so each says so by its name, and the form says so as long as one of them stands there.
"""

import functools
import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

_SAID = {
    "b2b_software": (
        _("B2B software"),
        _("Roomwell sells software that books meeting rooms to offices, and wants more trials."),
    ),
    "local_service": (
        _("Local service"),
        _("Hoferling installs heat pumps around one town and wants maintenance contracts."),
    ),
    "online_shop": (
        _("Online shop"),
        _("Lindkorb sells refillable cleaning goods and wants second orders."),
    ),
    "newsletter": (
        _("Newsletter or magazine"),
        _("Streckenblatt writes about local railways and lives on subscriptions."),
    ),
    "association": (
        _("Association"),
        _("Uferfreunde looks after a river with volunteers and wants more of them."),
    ),
}


@functools.cache
def examples() -> dict[str, dict[str, Any]]:
    """Return ``{id: {label, description, name, industry, brief}}``; the briefs are canonical, and not to be changed."""
    folder = Path(__file__).parent
    return {
        id: {"label": label, "description": description}
        | json.loads((folder / f"{id}.json").read_text(encoding="utf-8"))
        for id, (label, description) in _SAID.items()
    }
