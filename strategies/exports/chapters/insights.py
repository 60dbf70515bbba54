"""Insights, SWOT and positioning."""

from collections.abc import Iterator

from strategies.exports import shapes
from strategies.exports.blocks import Block, Heading, Paragraph
from strategies.exports.shapes import Data
from strategies.exports.values import based, listed, pairs, quoted, rest
from strategies.templatetags import wording


def write(data: Data) -> Iterator[Block]:
    """Yield positioning, SWOT, insights."""
    if position := shapes.data(data.get("positioning")):
        yield Heading("Positioning", 2)
        yield from quoted(position.get("statement"))
        yield from pairs(("Today", position.get("current")), ("Where to", position.get("target")))
        yield from based(position.get("fields"))
        yield from rest(position, "statement current target fields", 3)
    if swot := shapes.data(data.get("swot")):
        yield Heading("Strengths, weaknesses, opportunities, threats", 2)
        for quadrant, statements in swot.items():
            yield Heading(wording.title_of(quadrant), 3)
            yield listed(statements) if statements else Paragraph("None found in your answers.", "basis")
    if found := shapes.rows(data.get("insights")):
        yield Heading("Insights", 2)
        for number, one in enumerate(found, 1):
            yield from _write_insight(number, one)
    yield from rest(data, "insights swot positioning", 2)


def _write_insight(number: int, one: Data) -> Iterator[Block]:
    """Yield one thing worth knowing or doing."""
    yield Heading(f"{number}. {shapes.text(one.get('insight'))}", 3)
    facts = [
        ("", wording.title_of(shapes.text(one.get("type")))),
        ("Priority: ", shapes.text(one.get("priority"))),
        ("Confidence: ", shapes.text(one.get("confidence"))),
        ("When: ", shapes.text(one.get("implementation_time"))),
    ]
    yield Paragraph(" · ".join(f"{label}{value}" for label, value in facts if value), "note")
    if reasoning := shapes.text(one.get("reasoning")):
        yield Paragraph(reasoning)
    if impact := shapes.text(one.get("estimated_impact")):
        yield Paragraph(impact, label="Impact")
    yield from based(one.get("fields"))
    known = "insight type priority confidence implementation_time reasoning estimated_impact fields"
    yield from rest(one, known, 4)
