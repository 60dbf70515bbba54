"""What an engine answers when it is asked for a brief's values."""

from typing import Final, Literal

from pydantic import BaseModel, Field

from .places import PLACES

# Far beyond what a text of the allowed length says; a bound for a model that repeats itself.
MOST: Final = 300

Confidence = Literal["high", "medium", "low"]


class Finding(BaseModel):
    """One value, with the words of the text that say it."""

    # Not an enum of Python's: a field that does not exist costs this one value, not the whole answer.
    field: str = Field(json_schema_extra={"enum": list(PLACES)}, description="Where the value goes.", max_length=200)
    of: str = Field("", description="In a list of rows the name of the row it belongs to, else empty.", max_length=200)
    value: str = Field(description="The value as text: a number with its unit, one option, one name.", max_length=2_000)
    quote: str = Field(description="The sentence of the text that says so, word for word.", max_length=2_000)
    confidence: Confidence = Field(description="high: said outright; medium: follows from it; low: may be meant.")


class AutofillDraft(BaseModel):
    """The values that stand in a text."""

    values: list[Finding] = Field(max_length=MOST)
