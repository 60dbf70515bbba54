"""Phases, budget, what must not slip."""

from collections.abc import Iterator, Sequence

from strategies.exports import shapes
from strategies.exports.blocks import Block, Heading, Paragraph, Row, Table
from strategies.exports.shapes import Data
from strategies.exports.values import based, explained, measured, rest, texts
from strategies.templatetags import wording

ENDS = (("critical_path", "What must not slip"), ("success_metrics", "How you see success"))


def write(data: Data) -> Iterator[Block]:
    """Yield the phases, the budget, what must not slip and how success is seen."""
    if phases := shapes.rows(data.get("phases")):
        yield Heading("Phases", 2)
        for one in phases:
            yield from _write_phase(one)
    if data.get("budget") or data.get("budget_note"):
        yield Heading("Budget", 2)
        yield from _write_budget(shapes.rows(data.get("budget")), shapes.text(data.get("budget_note")))
    for key, title in ENDS:
        if data.get(key):
            yield Heading(title, 2)
            yield texts(shapes.lines(data[key]))
    yield from rest(data, "phases budget budget_note critical_path success_metrics", 2)


def _write_phase(one: Data) -> Iterator[Block]:
    """Yield some months with one aim."""
    yield Heading(shapes.text(one.get("name")), 3)
    if facts := list(_list_facts(one)):
        yield Paragraph(" · ".join(facts), "note")
    if hours := shapes.data(one.get("hours")):
        yield Paragraph(explained(hours), label="Hours")
    lists = (
        ("Goals", shapes.lines(one.get("goals"))),
        ("Milestones", [_tell_milestone(each) for each in shapes.rows(one.get("milestones"))]),
        ("Tasks", shapes.lines(one.get("tasks"))),
        ("With", shapes.lines(one.get("resources"))),
    )
    for title, entries in lists:
        if entries:
            yield Heading(title, 4)
            yield texts(entries)
    yield from based(one.get("fields"))
    known = "key name start_month end_month months pieces pieces_so_far formats hours goals tasks milestones resources"
    yield from rest(one, f"{known} fields", 4)


def _list_facts(one: Data) -> Iterator[str]:
    """Yield when a phase is, and what is published in it."""
    first, last = shapes.text(one.get("start_month")), shapes.text(one.get("end_month"))
    if first or last:
        yield f"Month {first or last}" if first == last or not (first and last) else f"Months {first} to {last}"
    if (pieces := shapes.number(one.get("pieces"))) is not None:
        so_far = shapes.number(one.get("pieces_so_far", pieces))
        also = f", {wording.number(so_far)} in all by then" if so_far is not None and so_far != pieces else ""
        yield f"{wording.number(pieces)} {'piece' if pieces == 1 else 'pieces'}{also}"
    if formats := shapes.data(one.get("formats")):
        yield ", ".join(f"{name} {shapes.text(count)}" for name, count in formats.items())


def _tell_milestone(each: Data) -> str:
    month, title = shapes.text(each.get("month")), shapes.text(each.get("title"))
    return f"Month {month}: {title}" if month else title


def _write_budget(lines: Sequence[Data], note: str) -> Iterator[Block]:
    """Yield the monthly budget, line by line."""
    if note:
        yield Paragraph(note)
    if not lines:
        return
    pieces = [shapes.data(line.get("per_piece")) for line in lines]
    rows = (
        Row(
            (
                shapes.text(line.get("item")),
                measured({**line, "value": line.get("amount")}),
                f"{shapes.text(line.get('share'))} %" if line.get("share") is not None else "–",
                measured(piece) if piece else "–",
            )
        )
        for line, piece in zip(lines, pieces, strict=True)
    )
    yield Table(("For", "Amount", "Share", "A piece"), tuple(rows), (6, 4, 2, 4))
    yield from (Paragraph(basis, "basis", "Basis") for basis in wording.distinct(list(lines), "basis"))
    yield from (Paragraph(basis, "basis", "A piece") for basis in wording.distinct(pieces, "basis"))
