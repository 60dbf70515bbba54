"""The document in a few facts."""

from collections.abc import Iterator

from strategies.exports import shapes, values
from strategies.exports.blocks import Block
from strategies.exports.shapes import Data


def write(short: Data) -> Iterator[Block]:
    """Yield statement, aim, objectives, volume, budget, first steps and the worst risk."""
    yield from values.quoted(short.get("statement"))
    risk, level = shapes.text(short.get("worst_risk")), shapes.text(short.get("risk_level"))
    yield from values.pairs(
        ("Aim", short.get("aim")),
        ("Objectives", "\n".join(shapes.lines(short.get("objectives")))),
        ("Volume", short.get("volume")),
        ("Budget", short.get("budget")),
        ("First steps", "\n".join(shapes.lines(short.get("first_steps")))),
        ("Worst risk", f"{risk} (overall level: {level})" if risk and level else risk),
    )
    known = "statement aim objectives volume budget first_steps worst_risk risk_level phases"
    yield from values.rest(short, known, 2)
