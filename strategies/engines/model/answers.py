"""What a model answers: the form it is asked for, and how its text becomes a draft."""

import functools
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import from_json

from strategies import sections

# As many faults as a model can do something with; more of them say only that the whole is wrong.
NAMED_FAULTS: Final = 20

# What servers that constrain a model's output understand, OpenAI's strict mode among them, which refuses schemas with
# anything else. What is left out (lengths of texts, defaults, titles) is checked here, once the answer has come.
_KEPT: Final = {
    *(
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "anyOf",
        "$ref",
        "$defs",
        "description",
    ),
    *("minItems", "maxItems", "minimum", "maximum"),
}


class Unusable(Exception):
    """The answer is not a draft of the section; the message tells the model why."""


class CutOff(Unusable):
    """The answer ended at the limit of its length."""


@functools.cache
def schema(section: str) -> dict[str, Any]:
    """Return the JSON schema of what is to be answered."""
    plain: dict[str, Any] = _simplify(sections.DRAFTS[section].model_json_schema())
    return plain


def _simplify(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_simplify(entry) for entry in schema]
    if not isinstance(schema, Mapping):
        return schema
    plain: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            # The keys in here are names, and one of them is "title".
            plain[key] = {name: _simplify(entry) for name, entry in value.items()}
        elif key in _KEPT:
            plain[key] = _simplify(value)
    if "properties" in plain:
        # A model that must say something for each member leaves none out by accident; nothing to say is an empty list.
        plain |= {"required": list(plain["properties"]), "additionalProperties": False}
    return plain


def clean(text: str) -> str:
    """Return text that a database holds and JSON carries: no NUL, and nothing of half a character."""
    return text.replace("\x00", "").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def read(section: str, text: str) -> dict[str, Any]:
    """Return the draft that an answer holds; raises ``Unusable``."""
    try:
        # What is not asked for but often given, a fence or a word around the object, is passed over.
        found = from_json(text[text.index("{") : text.rindex("}") + 1], allow_inf_nan=False)
    except ValueError:
        raise Unusable("It is not one whole JSON object.") from None
    try:
        draft = sections.DRAFTS[section].model_validate(_clean_all(found))
    except ValidationError as error:
        raise Unusable(_explain(error)) from None
    return draft.model_dump(mode="json")


def _clean_all(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean_all(entry) for entry in value]
    return {clean(key): _clean_all(entry) for key, entry in value.items()} if isinstance(value, dict) else value


def _explain(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"- {'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}" for fault in faults[:NAMED_FAULTS]]
    return "\n".join(["It does not fit the schema:", *told])
