"""
Worked examples: whole briefs of made-up firms, to be edited into one's own.

Unlike a template (`starts`) an example has figures and rivals, for whoever wants to see what an answer may look like.
They are invented, so each says so by its name, and the form says so as long as one of them stands there.
"""

import functools
import json
from pathlib import Path
from typing import Any

_ORDER = ("b2b_software", "local_service", "online_shop", "newsletter", "association")


@functools.cache
def examples() -> dict[str, dict[str, Any]]:
    """Return ``{id: {label, description, name, industry, brief}}``; the briefs are canonical, and not to be changed."""
    folder = Path(__file__).parent
    return {id: json.loads((folder / f"{id}.json").read_text(encoding="utf-8")) for id in _ORDER}
