"""A section with other words in it: texts put in their places, or the section given as a whole; both checked."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop as _
from pydantic import ValidationError

from strategies import brief, sections
from strategies.brief import Invalid
from strategies.brief.fields import FieldType
from strategies.life import places
from strategies.life.places import Place
from strategies.sections import composition

# What each place is to say by its path: a text, lines, a rating; None takes the row out.
Texts = Mapping[str, Any]

# A body can hold a hundred thousand made-up paths; so many are named.
MOST_STRANGERS: Final = 20
_COMPUTED: Final = _("This is computed from your brief and not edited: change the brief and create the strategy again.")
_TYPES: Final[Mapping[places.Kind, FieldType]] = {
    "text": "text",
    "lines": "texts",
    "choice": "choice",
    "rating": "choice",
}


def apply(key: str, data: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    """Return the section with these texts in their places; ``Invalid`` names each that can't be taken."""
    known = {place.path: place for place in places.of(key, data)}
    strange = _strangers(data, texts, known)
    errors = {path: [_tell_stranger(key, path)] for path in strange[:MOST_STRANGERS]}
    whole, gone = copy.deepcopy(dict(data)), set[str]()
    for path in texts.keys() - set(strange):
        place = known.get(path)
        try:
            value = None if place is None else _read(place, texts[path])
        except Invalid as invalid:
            errors |= invalid.errors
            continue
        if place is None or value is None:
            gone.add(path.removesuffix(".text"))
        else:
            _put(whole, place, value)
    return _finish(key, _without(whole, gone), errors)


def check(key: str, before: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a section given as a whole, each of its texts checked, and nothing in it changed that is computed."""
    try:
        whole = sections.check(key, data)
    except ValidationError as error:
        raise Invalid(_named(error)) from None
    computed, now = places.fixed(key, before), places.fixed(key, whole)
    times = {row["implementation_time"] for row in before.get("insights", [])}
    errors = {
        path: [_COMPUTED] for path in sorted(computed.keys() | now.keys()) if computed.get(path) != now.get(path)
    } | {
        f"insights[{place}].implementation_time": [_COMPUTED]
        for place, row in enumerate(whole.get("insights", []))
        if row["implementation_time"] not in times
    }
    if errors:
        raise Invalid(dict(list(errors.items())[:MOST_STRANGERS]))
    _ground(whole)
    return apply(key, whole, {place.path: place.value for place in places.of(key, whole)})


def _strangers(data: Mapping[str, Any], texts: Texts, known: Mapping[str, Place]) -> list[str]:
    """Return the paths that are no place to write in, and no row that may be taken out."""
    removable = set(places.rows(data))
    return [path for path in texts if path not in known and not (texts[path] is None and path in removable)]


def _tell_stranger(key: str, path: str) -> str:
    if places.is_computed(key, path):
        return _COMPUTED
    return _("There is no such place in this section; a place is a path such as risks[0].mitigation.")


def _read(place: Place, raw: Any) -> Any:
    """Return what a place may hold of what was given; None where its row goes."""
    question = brief.Field(place.path, place.path, _TYPES[place.kind], options=place.options)
    if place.kind == "rating" and isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if place.kind == "lines" and isinstance(raw, str):
        raw = raw.split("\n")
    value = brief.read(question, raw)
    if value is None and place.kind == "lines":
        return []
    if value is None and not place.is_row:
        raise Invalid(
            {place.path: [_("This can't be empty; accepted is {accepted}.").format(accepted=brief.accepted(question))]}
        )
    return int(value) if place.kind == "rating" else value


def _put(whole: dict[str, Any], place: Place, value: Any) -> None:
    target: Any = whole
    *steps, last = place.keys
    for step in steps:
        if isinstance(step, int) and step == len(target):
            target.append({"text": "", "fields": []})
        target = target[step]
    target[last] = value


def _without(whole: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    """Take rows out, from the last to the first, so that the places of the others hold until their turn."""
    rows = [tuple(Place(path, "text", "").keys) for path in gone]
    for *steps, last in sorted(rows, key=lambda row: -int(row[-1])):
        target: Any = whole
        for step in steps:
            target = target[step]
        del target[last : int(last) + 1]
    return whole


def _finish(key: str, whole: dict[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
    for name in sorted(places.NEVER_EMPTY & whole.keys()):
        if not whole[name]:
            errors[name] = [_("One has to stay: a section without any says nothing.")]
    for path, count in _lengths(whole):
        if count > brief.LIST_LENGTH:
            errors[path] = [
                _("{count} are too many; accepted are up to {most}.").format(count=f"{count:,}", most=brief.LIST_LENGTH)
            ]
    if errors:
        raise Invalid(errors)
    if key == "risk_assessment":
        whole |= composition.rank(whole["risks"])
    try:
        return sections.check(key, whole)
    except ValidationError as error:
        raise Invalid(_named(error)) from None


def _lengths(data: Any, path: str = "") -> Iterator[tuple[str, int]]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _lengths(value, f"{path}.{name}".lstrip("."))
    elif isinstance(data, list):
        yield path, len(data)
        for place, value in enumerate(data):
            yield from _lengths(value, f"{path}[{place}]")


def _named(error: ValidationError) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for fault in error.errors()[:MOST_STRANGERS]:
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in fault["loc"]).lstrip(".")
        named.setdefault(path or "data", []).append(f"{fault['msg']}.")
    return named


def _ground(data: Any) -> None:
    """Leave the fields that a statement rests on as ids of the brief's fields."""
    if isinstance(data, dict):
        if isinstance(data.get("fields"), list):
            data["fields"] = composition.ground(data["fields"])
        for value in data.values():
            _ground(value)
    elif isinstance(data, list):
        for value in data:
            _ground(value)
