"""Values of a document as words: figures with unit and basis, and whatever nothing else is known of."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from strategies.exports import shapes
from strategies.exports.blocks import Block, Heading, Item, Items, Pair, Pairs, Paragraph
from strategies.exports.shapes import Data, UnknownShape
from strategies.templatetags import wording

NOT_ESTIMATED = "not estimated"
# The member that names a row, where one does.
NAMES = ("name", "title", "item", "format", "stage", "text", "label", "key")
# No page is wide enough for lists within lists beyond these; what lies deeper is told as it is stored.
MOST_LEVELS: Final = 8
FIGURE: Final = frozenset({"figure", "amount", "value", "unit", "basis", "low", "high"})


def measured(figure: Data) -> str:
    """Say a figure with its unit and its range; where it has no value, say that it has none."""
    value, unit, _ = (
        shapes.number(figure.get("value")),
        shapes.text(figure.get("unit")),
        shapes.text(figure.get("basis")),
    )
    if value is None:
        return NOT_ESTIMATED
    low, high = shapes.number(figure.get("low")), shapes.number(figure.get("high"))
    span = f" ({wording.number(low)} to {wording.number(high)})" if low is not None and high is not None else ""
    return f"{wording.number(value)} {unit}".rstrip() + span


def explained(figure: Data) -> str:
    """Say a figure with its unit, range and basis; where it has no value, what to add."""
    said, basis = measured(figure), shapes.text(figure.get("basis"))
    if figure.get("value") is None:
        return basis or NOT_ESTIMATED
    return f"{said} – {basis}" if basis else said


def grounds(fields: object) -> tuple[str, ...]:
    """Say which answers of the brief a statement rests on."""
    known = shapes.lines(fields)
    return (f"From your answers on: {wording.joined(wording.labels(known))}",) if known else ()


def based(fields: object) -> Iterator[Block]:
    """Yield which answers the paragraph before rests on."""
    yield from (Paragraph(text, "basis") for text in grounds(fields))


def statement(entry: Data) -> Item:
    """Return a statement with what it rests on."""
    return Item(shapes.text(entry.get("text")), beneath=grounds(entry.get("fields")))


def listed(statements: object) -> Items:
    """Return statements as a list."""
    return Items(tuple(statement(one) for one in shapes.rows(statements)))


def texts(entries: Iterable[str]) -> Items:
    """Return texts as a list."""
    return Items(tuple(Item(entry) for entry in entries))


def quoted(text: object) -> Iterator[Block]:
    """Yield a statement that stands for itself."""
    if said := shapes.text(text):
        yield Paragraph(said, "quote")


def paired(*told: tuple[str, object]) -> tuple[Pair, ...]:
    """Return those terms of which something is said."""
    return tuple(Pair(label, said) for label, text in told if (said := shapes.text(text)))


def pairs(*told: tuple[str, object]) -> Iterator[Block]:
    """Yield terms of which something is said."""
    if found := paired(*told):
        yield Pairs(found)


def plain(value: object, level: int) -> list[Block]:
    """Return any value for what it is; the members of an object have headings of this level."""
    return list(rest(value, "", level) if isinstance(value, Mapping) else anything(value))


def rest(data: Mapping[str, Any], known: str, level: int) -> Iterator[Block]:
    """Yield what is left of an object, so that what is newer than this code is in the file all the same."""
    for key, value in wording.without(data, known).items():
        yield Heading(wording.title_of(key), level)
        yield from anything(value)


def anything(value: object) -> Iterator[Block]:
    """Yield any value for what it is."""
    item = _item("", value, 1)
    if item.text:
        yield Paragraph(item.text)
    if item.children:
        yield Items(item.children)


def _item(label: str, value: object, level: int) -> Item:
    if level > MOST_LEVELS and isinstance(value, Mapping | list):
        return Item(json.dumps(value, ensure_ascii=False), label)
    match wording.shape(value):
        case "figure" | "object":
            return _object(label, shapes.data(value), level)
        case "table":
            return Item("", label, children=tuple(_row(row, level + 1) for row in _listed(value)))
        case "numbers":
            return Item(", ".join(wording.number(one) for one in _listed(value)), label)
        case "list":
            return _list(label, _listed(value), level)
        case "flag":
            return Item("yes" if value else "no", label)
        case "number":
            return Item(wording.number(value), label)
        case "nothing":
            return Item("–", label)
        case _:
            return Item(wording.label_of(value), label)


def _object(label: str, value: Data, level: int) -> Item:
    if wording.is_figure(value):
        try:
            return Item(explained(value), label, children=_members(wording.beside_figure(value), level))
        except UnknownShape:
            pass  # It has a figure's members and is none.
    return Item("", label, children=_members(value, level))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _members(value: Data, level: int) -> tuple[Item, ...]:
    members = ((key, part) for key, part in value.items() if wording.shape(part) != "nothing")
    return tuple(_member(key, part, level + 1) for key, part in members)


def _member(key: str, part: object, level: int) -> Item:
    if isinstance(part, Mapping) and isinstance(part.get("name"), str) and _figure_of(part):
        return _row(part, level)
    # A figure says its unit; a bare share is one of a hundred.
    if key == "share" and wording.shape(part) == "number":
        return Item(f"{wording.number(part)} %", wording.title_of(key))
    return _item(wording.title_of(key), part, level)


def _row(row: Data, level: int) -> Item:
    """Return a row by its name; where it has a figure, that is what is said of it."""
    name = next((key for key in NAMES if isinstance(row.get(key), str) and row[key]), "")
    # A key stands for what the name says.
    left = {key: value for key, value in row.items() if key not in (name, "key" if name else "")}
    label = wording.label_of(row[name]) if name else ""
    if not (figure := _figure_of(left)):
        return Item(label, children=_members(left, level))
    beside = wording.beside_figure(figure) if "figure" in left else {}
    left = {key: value for key, value in left.items() if key not in FIGURE} | beside
    return Item(explained(figure), label, children=_members(left, level))


def _figure_of(row: Data) -> Data | None:
    """Return the one figure that a row is about: it holds it, or is one itself, its value called an amount."""
    figure = row.get("figure") if "figure" in row else {**row, "value": row.get("amount")} if "amount" in row else None
    if not wording.is_figure(figure):
        return None
    try:
        measured(figure)
    except UnknownShape:
        return None
    return figure


def _list(label: str, entries: list[Any], level: int) -> Item:
    parts = tuple(_item("", entry, level + 1) for entry in entries)
    if all(not part.children and len(part.text) < 60 for part in parts):
        return Item("; ".join(part.text for part in parts), label)
    return Item("", label, children=parts)
