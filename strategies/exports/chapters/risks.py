"""Risks, the worst first, and how they are watched."""

from collections.abc import Iterator

from strategies.exports import shapes
from strategies.exports.blocks import Block, Heading, Paragraph, Row, Table
from strategies.exports.shapes import Data
from strategies.exports.values import paired, rest, texts
from strategies.templatetags import wording

CAPTION = "Risks, the worst first: probability and impact from 1 to 5, their product is the score"


def write(data: Data) -> Iterator[Block]:
    """Yield the level of all, each risk, and what is watched."""
    if level := shapes.text(data.get("overall_level")):
        yield Paragraph(level, label="Overall level")
    if listed := shapes.rows(data.get("risks")):
        heads = ("Risk", "Kind", "Probability", "Impact", "Score")
        yield Table(heads, tuple(_tell_risk(one) for one in listed), (9, 4, 4, 3, 3), CAPTION)
    if watch := shapes.data(data.get("monitoring")):
        yield Heading("How the risks are watched", 2)
        if frequency := shapes.text(watch.get("frequency")):
            yield Paragraph(frequency)
        for title, key in (("Signs", "indicators"), ("What follows", "escalation")):
            if entries := shapes.lines(watch.get(key)):
                yield Heading(title, 3)
                yield texts(entries)
        yield from rest(watch, "indicators frequency escalation", 3)
    yield from rest(data, "risks overall_level monitoring", 2)


def _tell_risk(one: Data) -> Row:
    """Return one risk, and what is done about it."""
    rated = (("probability", 5), ("impact", 5), ("score", 25))
    cells = (
        shapes.text(one.get("title")),
        wording.title_of(shapes.text(one.get("category"))),
        *(f"{value} of {most}" if (value := shapes.text(one.get(key))) else "–" for key, most in rated),
    )
    by = ", ".join(part for part in (shapes.text(one.get("owner")), shapes.text(one.get("due"))) if part)
    told = (
        ("Who and when", by),
        ("Prevent it", one.get("mitigation")),
        ("If it happens", one.get("contingency")),
        ("The sign to watch", one.get("indicator")),
        ("From your answers on", wording.joined(wording.labels(shapes.lines(one.get("fields"))))),
    )
    return Row(cells, paired(*told))
