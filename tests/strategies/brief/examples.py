"""Briefs for tests: the three real ones, and any number of made-up ones."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from strategies import brief
from strategies.brief import Field
from strategies.brief.fields import bounds, single_line, text_length
from strategies.brief.texts import blank

FOLDER = Path(__file__).parent.parent.parent / "briefs"

Any_ = st.SearchStrategy[Any]

JSON: Any_ = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def stored(name: str) -> dict[str, Any]:
    """Return one of the three real briefs as it is sent to the API."""
    sent: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return sent


def outcome(raw: object) -> dict[str, Any] | brief.Invalid:
    """Return the draft, or what is wrong with it."""
    try:
        return brief.clean_partial(raw)
    except brief.Invalid as invalid:
        return invalid


def errors(raw: object) -> dict[str, list[str]]:
    """Return what is wrong with a draft."""
    found = outcome(raw)
    assert isinstance(found, brief.Invalid)
    return found.errors


def sentence(raw: object, path: str) -> str:
    """Return the only thing that is wrong with a draft, which is at that path."""
    found = errors(raw)
    assert list(found) == [path]
    (only,) = found[path]
    return only


def near_misses() -> Any_:
    """Return JSON that has the brief's names in the right places, and anything at all as values."""
    return st.fixed_dictionaries({}, optional={each.id: JSON | _near(each) for each in brief.FIELDS})


def valid() -> Any_:
    """Return whole briefs that must be accepted."""
    required = {each.id: answers(each) for each in brief.FIELDS if each.required}
    optional = {each.id: answers(each) for each in brief.FIELDS if not each.required}
    return st.fixed_dictionaries(required, optional=optional)


def answers(field: Field) -> Any_:
    """Return raw values that the field must take."""
    if field.id == "content_mix":
        return st.integers(0, 100).map(lambda share: {"blog_posts": share, "email": 100 - share})
    match field.type:
        case "text":
            return _words(text_length(field), lines=not single_line(field))
        case "texts":
            return st.lists(_words(40), min_size=1, max_size=5)
        case "choice":
            return st.sampled_from(field.options)
        case "choices":
            own = _words(40) if field.free_entry else st.nothing()
            return st.lists(st.sampled_from(field.options) | own, min_size=1, max_size=5)
        case "boolean":
            return st.booleans()
        case "url":
            return st.sampled_from(["example.com", "https://münchen.example/ü?a=1#b", "http://[::1]:8000/", "//a.b"])
        case "timezone":
            return st.sampled_from(["Europe/Vienna", "utc", "america/argentina/buenos_aires"])
        case "object":
            return _members(field)
        case "objects":
            return st.lists(_members(field), min_size=1, max_size=3)
        case _:
            return _figures(field)


def _figures(field: Field) -> Any_:
    low, high = bounds(field)
    whole = st.integers(low, high)
    if field.type == "integer":
        return whole | whole.map(str)
    figures = whole | st.floats(low, high)
    if field.type == "money":
        return figures | st.builds(
            lambda amount, code: {"amount": amount, "currency": code}, figures, st.sampled_from(["", "EUR", "$"])
        )
    return figures


def _members(field: Field) -> Any_:
    # One member at least is always there, or an object would count as not given.
    first, *others = sorted(field.fields, key=lambda each: not each.required)
    optional = {each.id: answers(each) for each in others}
    return st.fixed_dictionaries({first.id: answers(first)}, optional=optional)


def _near(field: Field) -> Any_:
    inside = st.fixed_dictionaries({}, optional={each.id: JSON | answers(each) for each in field.fields})
    return inside | st.lists(inside | JSON, max_size=3) | answers(field)


def _words(length: int, *, lines: bool = False) -> Any_:
    letters = st.characters(exclude_categories=("Cs", "Cc")) | (st.sampled_from("\n\t") if lines else st.nothing())
    return st.text(letters, min_size=1, max_size=min(length, 40)).filter(lambda text: not blank(text))
