"""A person's words in a document, shown as such."""

from collections.abc import Container, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from strategies import texts


class Own(texts.Theirs):
    """A text that somebody wrote by hand: a template shows it escaped as any other, and marked."""

    __slots__ = ()

    def __html__(self) -> SafeString:
        return format_html('<span class="own" title="{}">{}</span>', gettext("In your words"), str(self))


def mark(data: Any, written: Container[str]) -> Any:
    """Return a section's data in which what was written by hand is ``Own``."""
    if isinstance(data, str):
        return Own(data) if data in written else data
    if isinstance(data, Mapping):
        return {name: mark(value, written) for name, value in data.items()}
    return [mark(value, written) for value in data] if isinstance(data, list) else data


def shown(section: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a section as a page shows it, with what was written by hand marked, and how much that is."""
    written = document.get("own_words", {}).get(section.get("key"), [])
    return {**section, "data": mark(section.get("data"), frozenset(written)), "own_words": len(written)}
