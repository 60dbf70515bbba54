"""
The places of a section that a person may write in, found by walking its schema.

Words and ratings are editable; what the arithmetic computed, and what stands in the brief, is not: it changes with the
brief. A place's path is that of ``changes.Change``: "risks[0].mitigation".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from strategies import sections
from strategies.sections.schemas import INSIGHT_TYPES, Statement

Kind = Literal["text", "lines", "choice", "rating"]

# Computed, or said in the brief; without the places of rows.
COMPUTED: Final[Mapping[str, frozenset[str]]] = {
    "strategic_insights": frozenset({"insights.implementation_time"}),
    "competitive_analysis": frozenset({"competitors.name", "competitors.website"}),
    "performance_predictions": frozenset({"metrics", "roi"}),
    "implementation_roadmap": frozenset(
        {f"phases.{name}" for name in ("key", "name", "start_month", "end_month", "months", "pieces", "pieces_so_far")}
        | {"phases.formats", "phases.hours", "phases.milestones.month", "budget", "budget_note"}
    ),
    "risk_assessment": frozenset({"risks.score", "overall_level"}),
}
# Rows that may be taken out. Others are as many as the brief or the arithmetic has.
REMOVABLE: Final = frozenset({"insights", "risks"})
# Lists of which one row has to stay.
NEVER_EMPTY: Final = frozenset({"insights", "risks", "recommendations"})
# Where any words are taken, those that are usual; by the place without its rows.
USUAL: Final[Mapping[str, tuple[str, ...]]] = {"insights.type": INSIGHT_TYPES}
RATINGS: Final = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class Place:
    """Where something is written: its path, what it takes, and what stands there now."""

    path: str
    kind: Kind
    value: Any
    options: tuple[str, ...] = ()
    # Words that are offered beside any others.
    usual: tuple[str, ...] = ()
    # Whether the row is taken out when this is emptied: a statement is its text.
    is_row: bool = False

    @property
    def typed(self) -> str:
        """What stands in its input; a list has a line for each entry."""
        return "\n".join(self.value) if self.kind == "lines" else str(self.value)

    @property
    def keys(self) -> tuple[str | int, ...]:
        """The steps of its path."""
        return tuple(int(step) if step.isdecimal() else step for step in re.findall(r"[^.\[\]]+", self.path))


def of(key: str, data: Mapping[str, Any]) -> list[Place]:
    """Return the places of a section, in the order of its schema; each list of statements has one more, empty."""
    return list(_walk(sections.SCHEMAS[key], data, COMPUTED[key]))


def rows(data: Mapping[str, Any]) -> list[str]:
    """Return the paths of the rows that may be taken out."""
    return [f"{name}[{place}]" for name in sorted(REMOVABLE & data.keys()) for place in range(len(data[name]))]


def fixed(key: str, data: Any) -> dict[str, Any]:
    """Return what is computed in a section, by path: no edit may change it. Scores and levels follow from ratings."""
    free = {"insights.implementation_time", "risks.score", "overall_level"}
    return dict(_fixed(data, COMPUTED[key] - free, "", ""))


def is_computed(key: str, path: str) -> bool:
    """Whether a path leads to something computed or said in the brief."""
    pattern = re.sub(r"\[\d+\]", "", path)
    return any(f"{pattern}.".startswith(f"{computed}.") for computed in COMPUTED[key])


def _fixed(data: Any, computed: frozenset[str], path: str, pattern: str) -> Iterator[tuple[str, Any]]:
    if pattern in computed:
        yield path, data
    elif isinstance(data, Mapping):
        for name, value in data.items():
            inner = f"{pattern}.{name}".lstrip(".")
            yield from _fixed(value, computed, f"{path}.{name}".lstrip("."), inner)
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _fixed(value, computed, f"{path}[{place}]", pattern)


def _walk(
    schema: type[BaseModel], data: Mapping[str, Any], computed: frozenset[str], path: str = "", pattern: str = ""
) -> Iterator[Place]:
    for name, field in schema.model_fields.items():
        here, inner = f"{path}.{name}".lstrip("."), f"{pattern}.{name}".lstrip(".")
        if inner in computed or name == "fields":
            continue
        annotation, value = field.annotation, data[name]
        entry = get_args(annotation)[0] if get_origin(annotation) is list else None
        if isinstance(entry, type) and issubclass(entry, BaseModel):
            for number, row in enumerate(value):
                yield from _row(entry, row, computed, f"{here}[{number}]", inner)
            if entry is Statement:
                yield Place(f"{here}[{len(value)}].text", "text", "", is_row=True)
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from _walk(annotation, value, computed, here, inner)
        elif place := _leaf(here, field, value, USUAL.get(inner, ())):
            yield place


def _row(
    schema: type[BaseModel], row: Mapping[str, Any], computed: frozenset[str], path: str, pattern: str
) -> Iterator[Place]:
    if schema is Statement:
        yield Place(f"{path}.text", "text", row["text"], is_row=True)
    else:
        yield from _walk(schema, row, computed, path, pattern)


def _leaf(path: str, field: FieldInfo, value: Any, usual: tuple[str, ...]) -> Place | None:
    if field.annotation is str:
        return Place(path, "text", value, usual=usual)
    if field.annotation is int:
        return Place(path, "rating", value, options=RATINGS)
    if get_origin(field.annotation) is Literal:
        return Place(path, "choice", value, options=get_args(field.annotation))
    return Place(path, "lines", value) if field.annotation == list[str] else None
