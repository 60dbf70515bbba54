"""What templates need to show values beside their sources."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(known: object, name: str) -> Any:
    """Return what stands under a name; nothing where nothing does."""
    return known.get(name, ()) if isinstance(known, Mapping) else ()
