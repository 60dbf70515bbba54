"""The shape of one field of the brief, and the limits that hold for all."""

import dataclasses
from typing import Literal

FieldType = Literal[
    "text",
    "texts",
    "choice",
    "choices",
    "number",
    "integer",
    "percent",
    "money",
    "boolean",
    "object",
    "objects",
    "url",
    "timezone",
]

# A name is one line; whatever is longer is prose. Together with the two limits on lists these bound what a brief can
# weigh, so that a hostile body is refused by a sentence and not by the memory it takes.
NAME_LENGTH = 200
TEXT_LENGTH = 2_000
LIST_LENGTH = 50
ROWS_LENGTH = 30

# Where a number has no bounds of its own: far beyond any real figure, well within what a float counts exactly.
NUMBER_LIMIT = 1_000_000_000_000

# In seconds.
DAY = 86_400


@dataclasses.dataclass(frozen=True)
class Field:
    """
    A question of the brief, or a member of one.

    ``min`` and ``max`` bound a number; for text ``max`` is the most characters (of one entry, in a list), and
    up to 200 of them means a single line. ``fields`` are the members of "object" and "objects". ``free_entry``:
    words beside the options are welcome.
    """

    id: str
    label: str
    type: FieldType
    help: str = ""
    _: dataclasses.KW_ONLY
    group: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    free_entry: bool = False
    unit: str = ""
    min: int | None = None
    max: int | None = None
    fields: "tuple[Field, ...]" = ()


@dataclasses.dataclass(frozen=True)
class Group:
    """A page of the form: fields that are answered together."""

    id: str
    label: str
    help: str


def share(id: str, label: str, help: str = "") -> Field:
    """Return the field of a part of a hundred."""
    return Field(id, label, "percent", help, unit="%", min=0, max=100)


def bounds(field: Field) -> tuple[int, int]:
    """Return the least and the greatest number that the field takes."""
    low = -NUMBER_LIMIT if field.min is None else field.min
    high = NUMBER_LIMIT if field.max is None else field.max
    return low, high


def text_length(field: Field) -> int:
    """Return the most characters that a text, or one entry of a list, may have."""
    if field.max is not None:
        return field.max
    return NAME_LENGTH if field.type in ("choice", "choices") else TEXT_LENGTH


def single_line(field: Field) -> bool:
    """Tell whether a text is a name rather than prose."""
    return text_length(field) <= NAME_LENGTH
