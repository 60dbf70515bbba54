"""Values of a document as words: figures with unit and basis, and whatever nothing else is known of."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from strategies.exports.blocks import Block, Heading, Item, Items, Paragraph
from strategies.templatetags import wording

NOT_ESTIMATED = "not estimated"
# The member that names a row, where one does.
NAMES = ("name", "title", "item", "format", "stage", "text", "label", "key")


def measured(figure: Mapping[str, Any]) -> str:
    """Say a figure with its unit and its range; where it has no value, say that it has none."""
    if figure.get("value") is None:
        return NOT_ESTIMATED
    low, high = figure.get("low"), figure.get("high")
    span = f" ({wording.number(low)} to {wording.number(high)})" if low is not None and high is not None else ""
    return f"{wording.number(figure['value'])} {figure.get('unit', '')}".rstrip() + span


def explained(figure: Mapping[str, Any]) -> str:
    """Say a figure with its unit, range and basis; where it has no value, what to add."""
    basis = str(figure.get("basis") or "")
    if figure.get("value") is None:
        return basis or NOT_ESTIMATED
    return f"{measured(figure)} – {basis}" if basis else measured(figure)


def grounds(fields: object) -> tuple[str, ...]:
    """Say which answers of the brief a statement rests on."""
    return (f"From your answers on: {wording.joined(wording.labels(fields))}",) if fields else ()


def statement(entry: Mapping[str, Any]) -> Item:
    """Return a statement with what it rests on."""
    return Item(str(entry.get("text", "")), beneath=grounds(entry.get("fields")))


def texts(entries: Iterable[object], *, ordered: bool = False) -> Items:
    """Return texts as a list."""
    return Items(tuple(Item(str(entry)) for entry in entries), ordered=ordered)


def rest(data: Mapping[str, Any], known: str, level: int) -> Iterator[Block]:
    """Yield what is left of an object, so that what is newer than this code is in the file all the same."""
    for key, value in wording.without(data, known).items():
        yield Heading(wording.title_of(key), level)
        yield from anything(value)


def anything(value: object) -> Iterator[Block]:
    """Yield any value for what it is."""
    item = _item("", value)
    if item.text:
        yield Paragraph(item.text)
    if item.children:
        yield Items(item.children)


def _item(label: str, value: object) -> Item:
    match wording.shape(value):
        case "figure":
            assert isinstance(value, Mapping)
            return Item(explained(value), label, children=_members(wording.beside_figure(value)))
        case "object":
            return Item("", label, children=_members(value))
        case "table":
            return Item("", label, children=tuple(_row(row) for row in _listed(value)))
        case "numbers":
            return Item(", ".join(wording.number(one) for one in _listed(value)), label)
        case "list":
            return _list(label, _listed(value))
        case "flag":
            return Item("yes" if value else "no", label)
        case "number":
            return Item(wording.number(value), label)
        case "nothing":
            return Item("–", label)
        case _:
            return Item(wording.label_of(value), label)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _members(value: object) -> tuple[Item, ...]:
    members = value.items() if isinstance(value, Mapping) else ()
    return tuple(_item(wording.title_of(key), part) for key, part in members if wording.shape(part) != "nothing")


def _row(row: Mapping[str, Any]) -> Item:
    name = next((key for key in NAMES if isinstance(row.get(key), str) and row[key]), "")
    members = _members({key: value for key, value in row.items() if key != name})
    return Item(wording.label_of(row[name]) if name else "", children=members)


def _list(label: str, entries: list[Any]) -> Item:
    parts = tuple(_item("", entry) for entry in entries)
    if all(not part.children and len(part.text) < 60 for part in parts):
        return Item("; ".join(part.text for part in parts), label)
    return Item("", label, children=parts)
