"""Arbitrary briefs for property tests, drawn from the registry of the fields, and arbitrary documents."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from strategies import brief
from strategies.brief import Field

# Letters of several scripts, marks that break careless templates, and an emoji of two code points.
HIGH = 5
ALPHABET = "abcdefghij ÄößłжخΩ中 {}<>&%'\"“”0123456789.,–🇦🇹"


def texts(field: Field) -> st.SearchStrategy[str]:
    """Text that holds at least one letter, as a brief's answers do."""
    most = min(30, brief.TEXT_LENGTH if field.max is None else field.max)
    return st.text(ALPHABET, max_size=most - 1).map(lambda text: f"x{text}".strip())


def numbers(field: Field) -> st.SearchStrategy[Any]:
    """Numbers within the field's bounds, whole and not."""
    low, high = (0 if field.min is None else field.min), (10**9 if field.max is None else field.max)
    whole = st.integers(low, high)
    if field.type == "integer":
        return whole
    return whole | st.floats(low, high, allow_nan=False).map(lambda value: round(value, 3))


def mixes() -> st.SearchStrategy[dict[str, int]]:
    """Content mixes, whose shares add up to 100."""
    names = ("blog_posts", "videos", "social_media", "email", "other_formats")

    def share_out(cuts: list[int]) -> dict[str, int]:
        edges = [0, *sorted(cuts), 100]
        return {name: edges[i + 1] - edges[i] for i, name in enumerate(names)}

    return st.lists(st.integers(0, 100), min_size=4, max_size=4).map(share_out)


def values(field: Field) -> st.SearchStrategy[Any]:
    """Values for a field or member, as a request may hold them."""
    if field.id == "content_mix":
        return mixes()
    match field.type:
        case "text":
            return texts(field)
        case "texts":
            return st.lists(texts(field), min_size=1, max_size=3)
        case "choice":
            return st.sampled_from(field.options)
        case "choices":
            chosen = st.lists(st.sampled_from(field.options), min_size=1, max_size=4, unique=True)
            if not field.free_entry:
                return chosen
            return st.lists(st.sampled_from(field.options) | texts(field), min_size=1, max_size=4, unique=True)
        case "number" | "integer" | "percent":
            return numbers(field)
        case "money":
            amounts = st.integers(0, 1_000_000) | st.decimals(0, 99_999, places=2).map(float)
            return st.fixed_dictionaries({"amount": amounts, "currency": st.sampled_from(["", "EUR", "USD"])})
        case "boolean":
            return st.booleans()
        case "url":
            return st.just("https://example.com/a")
        case "timezone":
            return st.just("Europe/Vienna")
        case "object":
            return members(field)
        case "objects":
            return st.lists(members(field), min_size=1, max_size=4)


def members(field: Field) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with their required members and any of the others."""
    return st.fixed_dictionaries(
        {part.id: values(part) for part in field.fields if part.required},
        optional={part.id: values(part) for part in field.fields if not part.required},
    ).filter(bool)


def requests() -> st.SearchStrategy[dict[str, Any]]:
    """Requests for a strategy, as clients send them."""
    briefs = st.fixed_dictionaries(
        {field.id: values(field) for field in brief.FIELDS if field.required},
        optional={field.id: values(field) for field in brief.FIELDS if not field.required},
    )
    return st.fixed_dictionaries(
        {"name": st.just("A strategy"), "industry": st.just("A trade"), "brief": briefs},
        optional={"timeline_months": st.integers(1, 36), "max_content_pieces": st.integers(1, 200)},
    )


def scalars() -> st.SearchStrategy[Any]:
    """What JSON has beside objects and lists."""
    numbers = st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9, allow_nan=False)
    return st.none() | st.booleans() | numbers | st.text(ALPHABET, max_size=20)


def shapes() -> st.SearchStrategy[Any]:
    """Anything that JSON can hold; figures, and what has the members of a figure and is none, among it."""
    figures = st.fixed_dictionaries({"value": scalars(), "unit": scalars(), "basis": scalars()})
    keys = st.sampled_from(("name", "text", "fields", "date", "title", "value", "data", "share")) | st.text(max_size=6)
    return st.recursive(
        scalars() | figures,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=8,
    )


def changed(document: Any) -> st.SearchStrategy[Any]:
    """A document in which some of the parts, wherever they stand, are replaced by anything."""
    places = list(_places(document))
    # Nearly all places are leaves; what is further up is what other releases change.
    chosen = st.sampled_from(places) | st.sampled_from([path for path in places if len(path) <= HIGH])
    some = st.lists(st.tuples(chosen, shapes()), min_size=1, max_size=6)
    return some.map(lambda changes: _replace(document, changes))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield (*path, key)
        yield from _places(part, (*path, key))


def _replace(document: Any, changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
    whole = copy.deepcopy(document)
    for path, value in changes:
        place = whole
        for step in path[:-1]:
            # What another change put there may have no such place.
            place = place[step] if _has(place, step) else None
        if _has(place, path[-1]):
            place[path[-1]] = value
    return whole


def _has(place: Any, step: Any) -> bool:
    if isinstance(place, dict):
        return step in place
    return isinstance(place, list) and isinstance(step, int) and step < len(place)
