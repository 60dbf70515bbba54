"""Competitors side by side, gaps, opportunities, what to do."""

from collections.abc import Iterator

from strategies.exports import shapes
from strategies.exports.blocks import Block, Heading, Row, Table
from strategies.exports.shapes import Data
from strategies.exports.values import based, listed, paired, quoted, rest
from strategies.templatetags import wording

HEADS = ("Competitor", "Strengths", "Weaknesses", "What they publish", "Position")
LISTS = (
    ("market_gaps", "Gaps in the market"),
    ("opportunities", "Opportunities"),
    ("recommendations", "Recommendations"),
)


def write(data: Data) -> Iterator[Block]:
    """Yield what sets the client apart, the competitors, and what follows."""
    if apart := shapes.data(data.get("differentiation")):
        yield Heading("What sets you apart", 2)
        yield from quoted(apart.get("text"))
        yield from based(apart.get("fields"))
        yield from rest(apart, "text fields", 3)
    if rivals := shapes.rows(data.get("competitors")):
        yield Heading("Competitors", 2)
        yield Table(HEADS, tuple(_tell_rival(one) for one in rivals), (4, 5, 5, 8, 7))
    for key, title in LISTS:
        if data.get(key):
            yield Heading(title, 2)
            yield listed(data[key])
    yield from rest(data, "competitors market_gaps opportunities recommendations differentiation", 2)


def _tell_rival(one: Data) -> Row:
    """Return one competitor; the website stands as text, so that nobody's address becomes a link of ours."""
    website = shapes.text(one.get("website")) if wording.is_web_address(one.get("website")) else ""
    cells = (
        "\n".join(filter(None, [shapes.text(one.get("name")), website])),
        "\n".join(shapes.lines(one.get("strengths")) or ["not said"]),
        "\n".join(shapes.lines(one.get("weaknesses")) or ["not said"]),
        shapes.text(one.get("content_strategy")),
        shapes.text(one.get("position")),
    )
    return Row(cells, paired(("Your answer", one.get("response"))))
