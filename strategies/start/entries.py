"""What stands in the form of a brief: the names of its inputs, with what was typed into each."""

from collections.abc import Mapping, Sequence
from typing import Any

from strategies import brief

Typed = Mapping[str, Sequence[str]]

# The fields that the short form does not ask.
OPTIONAL = frozenset(field.id for field in brief.FIELDS if not field.required)


def sent(pairs: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """
    Return what a form sent, as the page shows it again.

    Empty rows are left out, so that a row's number is the one that the errors name.
    """
    own = {field.id: list(pairs.get(field.id, ())) for field in brief.STRATEGY_FIELDS}
    return own | brief.to_form(brief.from_form(pairs))


def with_beginning(typed: Typed, *, before: Typed, now: Typed) -> dict[str, list[str]]:
    """Return what is typed, with what ``now`` says where nothing is, or where what ``before`` said still stands."""
    shown = {name: list(values) for name, values in typed.items()}
    for field in (*brief.STRATEGY_FIELDS, *brief.FIELDS):
        mine = part(typed, field.id)
        if mine == part(before, field.id):
            for name in mine:
                del shown[name]
            mine = {}
        if not mine:
            shown |= part(now, field.id)
    return shown


def without_row(typed: Typed, row: str) -> dict[str, list[str]]:
    """Return what is typed without a row, named as "top_competitors.1"."""
    return {name: list(values) for name, values in typed.items() if not name.startswith(f"{row}.")}


def raw_of(typed: Typed) -> dict[str, Any]:
    """Return a strategy as it stands in the form, still to be cleaned."""
    own = {field.id: values[-1] for field in brief.STRATEGY_FIELDS if (values := typed.get(field.id))}
    return own | {"brief": brief.from_form({name: list(values) for name, values in typed.items()})}


def carried(typed: Typed) -> list[tuple[str, str]]:
    """Return the inputs' names and values that the short form passes on unseen, so that it loses nothing."""
    names = [name for name in typed if name.partition(".")[0] in OPTIONAL]
    return [(name, value) for name in names for value in typed[name] if value]


def part(typed: Typed, name: str) -> dict[str, list[str]]:
    """Return what was typed into a field's inputs, without those left empty."""
    inside = {key: list(values) for key, values in typed.items() if key == name or key.startswith(f"{name}.")}
    return {key: values for key, values in inside.items() if any(values)}
