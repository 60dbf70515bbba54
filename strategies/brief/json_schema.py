"""The brief as JSON Schema, for the description of the API."""

from typing import Any

from .fields import LIST_LENGTH, ROWS_LENGTH, Field, bounds, text_length
from .registry import FIELDS, SHORTHAND
from .words import accepted

Schema = dict[str, Any]


def schema() -> Schema:
    """
    Return the JSON Schema (2020-12) of a brief as it may be sent.

    Wider than the canonical form, as the reading is: where text is taken for a number or a list, it says so. What a
    schema can't tell (shares that total 100, a time zone's name) is checked by `clean` all the same.
    """
    return {
        "title": "Brief",
        "description": "What a content strategy is made from. Fields that are not known are left out.",
        **_object(FIELDS),
    }


def _object(fields: tuple[Field, ...]) -> Schema:
    return {
        "type": "object",
        "properties": {each.id: _described(each) for each in fields},
        "required": [each.id for each in fields if each.required],
        "additionalProperties": False,
    }


def _described(field: Field) -> Schema:
    unit = f"Unit: {field.unit}." if field.unit else ""
    description = " ".join(part for part in (field.help, unit, f"Accepted is {accepted(field)}.") if part)
    return {"title": field.label, "description": description, **_shape(field)}


def _shape(field: Field) -> Schema:
    low, high = bounds(field)
    match field.type:
        case "texts":
            return _or_typed(_list({"type": "string", "maxLength": text_length(field)}))
        case "choice":
            return {"type": "string", "enum": list(field.options)}
        case "choices":
            return _or_typed(_list(_option(field)))
        case "number" | "percent":
            return _or_typed({"type": "number", "minimum": low, "maximum": high})
        case "integer":
            return _or_typed({"type": "integer", "minimum": low, "maximum": high})
        case "money":
            return _money({"type": "number", "minimum": low, "maximum": high})
        case "boolean":
            return {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false", "yes", "no", "1", "0", 1, 0]}]}
        case "object":
            return _object_or_list(field)
        case "objects":
            return {"type": "array", "items": _object(field.fields), "maxItems": ROWS_LENGTH}
        case _:
            return {"type": "string", "maxLength": text_length(field)}


def _or_typed(canonical: Schema) -> Schema:
    return {"anyOf": [canonical, {"type": "string"}]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items, "maxItems": LIST_LENGTH}


def _option(field: Field) -> Schema:
    if field.free_entry:
        return {"type": "string", "maxLength": text_length(field), "examples": list(field.options)}
    return {"type": "string", "enum": list(field.options)}


def _money(amount: Schema) -> Schema:
    parts = {
        "type": "object",
        "properties": {"amount": _or_typed(amount), "currency": {"type": "string"}},
        "required": ["amount"],
        "additionalProperties": False,
    }
    return {"anyOf": [amount, {"type": "string"}, parts]}


def _object_or_list(field: Field) -> Schema:
    whole = _object(field.fields)
    listed = [_shape(each) for each in field.fields if each.id == SHORTHAND.get(field.id)]
    return {"anyOf": [whole, *listed]} if listed else whole
