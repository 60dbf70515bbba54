"""
The types of what an engine fills in: forgiving about form, strict about substance.

A single line stands for a list, "very high" for High, "4/5" for 4; what can't be read so is left as it is, for pydantic
to refuse.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

Level = Literal["High", "Medium", "Low"]
Category = Literal["technical", "market", "operational", "financial"]
Frequency = Literal["Weekly", "Every two weeks", "Monthly", "Quarterly"]
PhaseKey = Literal["setup", "launch", "growth", "renewal"]

LEVELS = {"very high": "High", "critical": "High", "severe": "High", "moderate": "Medium", "mid": "Medium"}
RATINGS = {"very high": 5, "critical": 5, "high": 4, "medium": 3, "moderate": 3, "low": 2, "very low": 1}


def read_text(value: Any) -> Any:
    """Take a list of lines, or a number, for the text that was asked for."""
    if isinstance(value, list):
        value = " ".join(str(part) for part in value)
    return str(value).strip() if isinstance(value, str | int | float) else value


def read_level(value: Any) -> Any:
    """Take any spelling of High, Medium or Low."""
    name = str(value).strip().lower().removesuffix(" priority").removesuffix(" confidence")
    return LEVELS.get(name, name.title())


def read_rating(value: Any) -> Any:
    """Take a word or "4/5" for a rating from 1 to 5."""
    name = str(value).strip().lower()
    return RATINGS.get(name, name.partition("/")[0].strip())


def read_category(value: Any) -> Any:
    """Take "Market risk" for market."""
    name = str(value).lower()
    return next((known for known in ("technical", "market", "operational", "financial") if known in name), value)


def read_phase(value: Any) -> Any:
    """Take a phase that is not known for the one in which most work begins."""
    name = str(value).strip().lower()
    return name if name in ("setup", "launch", "growth", "renewal") else "launch"


def read_frequency(value: Any) -> Any:
    """Take a frequency that is not known for a monthly look."""
    name = str(value).strip().capitalize()
    return name if name in ("Weekly", "Every two weeks", "Monthly", "Quarterly") else "Monthly"


def trim(most: int) -> Callable[[Any], Any]:
    """Return a reader of lists that takes a single entry for a list and drops what is empty or too much."""

    def read(value: Any) -> Any:
        if isinstance(value, str | dict | BaseModel):
            value = [value]
        return [entry for entry in value if entry][:most] if isinstance(value, list | tuple) else value

    return read


# A model that repeats itself does so for pages; an honest text of ours, which may quote a whole answer, is shorter.
LONGEST_TEXT = 20_000

Text = Annotated[str, BeforeValidator(read_text), Field(min_length=1, max_length=LONGEST_TEXT)]
Rating = Annotated[int, Field(ge=1, le=5), BeforeValidator(read_rating)]
High = Annotated[Level, BeforeValidator(read_level)]
Lines = Annotated[list[Text], BeforeValidator(trim(12)), Field(max_length=12)]
FewLines = Annotated[list[Text], BeforeValidator(trim(5)), Field(max_length=5)]
Grounds = Annotated[
    list[Text],
    BeforeValidator(trim(30)),
    Field(max_length=30, description="Ids of the brief's fields that this rests on, such as market_gaps."),
]
