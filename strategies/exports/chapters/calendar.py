"""The content calendar: themes, and every piece with its date."""

from collections.abc import Iterator

from strategies.exports import shapes
from strategies.exports.blocks import Block, Heading, Item, Items, Paragraph, Row, Table
from strategies.exports.shapes import Data
from strategies.exports.values import grounds, rest, texts
from strategies.sections import calendar as form

KNOWN = "start end timezone cadence basis themes pieces made_with version unwritten reason"
MEMBERS = ("date", "title", "description", "format", "channel", "funnel_stage", "theme", "priority")
HEADS = ("Day", "Piece", "Format and place", "For")


def write(data: Data) -> Iterator[Block]:
    """Yield when and how often, the themes, the pieces, and how the dates were set."""
    start, end = shapes.text(data.get("start")), shapes.text(data.get("end"))
    if cadence := shapes.text(data.get("cadence")):
        yield Paragraph(cadence)
    if start and end:
        zone = shapes.text(data.get("timezone"))
        yield Paragraph(f"From {start} to {end}{f', {zone}' if zone else ''}.")
    if unwritten := shapes.lines(data.get("unwritten")):
        some = f"{len(unwritten)} {'piece has' if len(unwritten) == 1 else 'pieces have'} a working title only"
        yield Paragraph(f"{some}: {shapes.text(data.get('reason'))}", "failed")
    if by_hand := form.tell_by_hand({"by_hand": shapes.lines(data.get("by_hand")), "removed": _count(data)}):
        yield Paragraph(by_hand, "note")
    yield from (Paragraph(warning, "note", "Note") for warning in shapes.lines(data.get("warnings")))
    if themes := shapes.rows(data.get("themes")):
        yield Heading("Themes", 2)
        yield Items(tuple(_tell_theme(one) for one in themes))
    if pieces := shapes.rows(data.get("pieces")):
        yield Heading("Pieces", 2)
        yield Table(HEADS, tuple(_tell_piece(one) for one in pieces), (5, 16, 6, 9))
    if basis := shapes.lines(data.get("basis")):
        yield Heading("How the dates were set", 2)
        yield texts(basis)
    yield from rest(data, f"{KNOWN} by_hand added removed warnings", 2)


def _count(data: Data) -> float:
    return shapes.number(data.get("removed")) or 0


def _tell_theme(one: Data) -> Item:
    """Return a theme with what it rests on."""
    return Item(shapes.text(one.get("description")), shapes.text(one.get("name")), grounds(one.get("fields")))


def _tell_piece(one: Data) -> Row:
    """Return one piece of content."""
    said = {key: shapes.text(one.get(key)) for key in MEMBERS}
    stage = ", ".join(filter(None, [said["funnel_stage"], said["priority"] and f"priority {said['priority']}"]))
    cells = ((said["title"], said["description"]), (said["format"], said["channel"]), (said["theme"], stage))
    return Row((said["date"], *("\n".join(filter(None, lines)) for lines in cells)))
