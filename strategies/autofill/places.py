"""Where a value may go: every field of the brief that takes one by itself, and those beside the brief."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from strategies import brief
from strategies.brief import Field


@dataclass(frozen=True, kw_only=True)
class Place:
    """
    A place for a value: ``team_size``, ``performance_metrics.traffic``, ``top_competitors.name``.

    ``whole`` is the brief's field that it belongs to; ``own`` tells that it stands beside the brief.
    """

    path: str
    field: Field
    whole: Field
    own: bool = False

    @property
    def is_member(self) -> bool:
        """Whether it is a member of an object or of a row."""
        return self.field is not self.whole

    @property
    def in_rows(self) -> bool:
        """Whether it is a member of one of several rows."""
        return self.whole.type == "objects"

    @property
    def key(self) -> str:
        """In rows the member by which a row is known."""
        return next(each.id for each in self.whole.fields if each.required)

    @property
    def label(self) -> str:
        """What it is called on pages."""
        return f"{self.whole.label}: {self.field.label}" if self.is_member else self.whole.label

    def within(self, value: Any) -> dict[str, Any]:
        """Return a value where it belongs, as a part of a brief or of what stands beside it."""
        return {self.whole.id: {self.field.id: value} if self.is_member else value}


def _places() -> dict[str, Place]:
    found = [Place(path=field.id, field=field, whole=field, own=True) for field in brief.STRATEGY_FIELDS]
    for field in brief.FIELDS:
        members = [Place(path=f"{field.id}.{each.id}", field=each, whole=field) for each in field.fields]
        found += members or [Place(path=field.id, field=field, whole=field)]
    return {place.path: place for place in found}


PLACES: Final[Mapping[str, Place]] = _places()


def accepted() -> dict[str, str]:
    """Say of each place what it is and what it takes, for whoever is asked for values."""
    return {path: f"{place.label}. {place.field.help} Takes {_taken(place)}." for path, place in PLACES.items()}


def _taken(place: Place) -> str:
    if place.field.type in ("texts", "choices"):
        return f"one entry at a time of {brief.accepted(place.field)}"
    return brief.accepted(place.field)
