"""
The brief as the names and values of an HTML form, and back.

Lists of text are one textarea, an entry on each line. Choices repeat their name; own words are lines of
``<name>.other``. Members follow a dot ("content_mix.blog_posts"), rows a number ("top_competitors.0.name"), money
is ``.amount`` and ``.currency``. ``brand_voice`` and ``optimal_timing`` may also be sent as a bare list of choices.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from . import numbers
from .fields import NUMBER_LIMIT, Field
from .registry import FIELDS, SHORTHAND
from .texts import blank

Pairs = Mapping[str, Sequence[str]]

# Six digits are more rows than any form has; `int` never sees more.
_ROW = re.compile(r"([0-9]{1,6})\.")


def from_form(pairs: Mapping[str, list[str]]) -> dict[str, Any]:
    """
    Return the raw brief that a form sent, still to be cleaned.

    Names that are no field's (the CSRF token, the strategy's own name) are left alone, blanks and empty rows left
    out, so a row's place in the errors is its place in the list that comes back.
    """
    raw = {each.id: _sent(each, each.id, pairs) for each in FIELDS}
    return {id: value for id, value in raw.items() if not blank(value)}


def to_form(brief: Mapping[str, Any]) -> dict[str, list[str]]:
    """
    Return the form's names and values for a brief, canonical or as it was sent; what no input could show is left out.

    Cleaning what `from_form` makes of them gives the same brief, but for one thing: own words come after the options.
    """
    shown: dict[str, list[str]] = {}
    for each in FIELDS:
        shown |= _shown(each, each.id, brief.get(each.id))
    return shown


def _sent(field: Field, name: str, pairs: Pairs) -> Any:
    match field.type:
        case "texts":
            return _lines(pairs, name)
        case "choices":
            own = _lines(pairs, f"{name}.other") if field.free_entry else []
            return [value for value in pairs.get(name, ()) if not blank(value)] + own
        case "money":
            return _sent_members(("amount", "currency"), name, pairs) or _last(pairs, name)
        case "object":
            return _sent_object(field, name, pairs)
        case "objects":
            rows = (_sent_object(field, f"{name}.{number}", pairs) for number in _row_numbers(name, pairs))
            return [row for row in rows if row]
        case _:
            return _last(pairs, name)


def _sent_object(field: Field, name: str, pairs: Pairs) -> dict[str, Any]:
    sent = {each.id: _sent(each, f"{name}.{each.id}", pairs) for each in field.fields}
    listed = SHORTHAND.get(name)
    if listed and not sent[listed]:
        sent[listed] = list(pairs.get(name, ()))
    return {id: value for id, value in sent.items() if not blank(value)}


def _sent_members(ids: Sequence[str], name: str, pairs: Pairs) -> dict[str, str]:
    sent = {id: _last(pairs, f"{name}.{id}") for id in ids}
    return {id: value for id, value in sent.items() if not blank(value)}


def _row_numbers(name: str, pairs: Pairs) -> list[str]:
    prefix = f"{name}."
    found = (_ROW.match(key, len(prefix)) for key in pairs if key.startswith(prefix))
    return sorted({row[1] for row in found if row}, key=lambda number: (int(number), number))


def _last(pairs: Pairs, name: str) -> str:
    values = pairs.get(name, ())
    return values[-1] if values else ""


def _lines(pairs: Pairs, name: str) -> list[str]:
    # By line feed alone: str.splitlines would also cut at U+2028, which is text.
    lines = "\n".join(pairs.get(name, ())).replace("\r\n", "\n").split("\n")
    return [line for line in lines if not blank(line)]


def _shown(field: Field, name: str, value: object) -> dict[str, list[str]]:
    match field.type:
        case "texts":
            shown = {name: ["\n".join(_words(value))]}
        case "choices":
            shown = _shown_choices(field, name, _words(value))
        case "money":
            parts = value if isinstance(value, Mapping) else {"amount": value}
            shown = {f"{name}.{id}": _words(parts.get(id)) for id in ("amount", "currency")}
        case "object":
            listed = SHORTHAND.get(name)
            shown = _shown_members(field, name, {listed: value} if listed and not isinstance(value, Mapping) else value)
        case "objects":
            shown = {}
            for number, row in enumerate(value if isinstance(value, list | tuple) else ()):
                shown |= _shown_members(field, f"{name}.{number}", row)
        case _:
            shown = {name: _words(value)[:1]}
    return {name: values for name, values in shown.items() if any(values)}


def _shown_members(field: Field, name: str, value: object) -> dict[str, list[str]]:
    shown: dict[str, list[str]] = {}
    if isinstance(value, Mapping):
        for each in field.fields:
            shown |= _shown(each, f"{name}.{each.id}", value.get(each.id))
    return shown


def _shown_choices(field: Field, name: str, words: list[str]) -> dict[str, list[str]]:
    if not field.free_entry:
        return {name: words}
    own = [word for word in words if word not in field.options]
    return {name: [word for word in words if word in field.options], f"{name}.other": ["\n".join(own)]}


def _words(value: object) -> list[str]:
    """Return what an input can show of a value: itself as text, or its entries."""
    match value:
        case str():
            return [value]
        case bool():
            return ["true" if value else "false"]
        case int() | float() if abs(value) <= NUMBER_LIMIT:
            return [numbers.typed(value)]
        case list() | tuple():
            return [entry for entry in value if isinstance(entry, str)]
        case _:
            return []
