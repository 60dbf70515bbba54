"""The score with its reasons, and what would raise it."""

from collections.abc import Iterator

from strategies.exports import shapes, values
from strategies.exports.blocks import Block, Heading, Paragraph
from strategies.exports.shapes import Data
from strategies.templatetags import wording


def write(score: Data) -> Iterator[Block]:
    """Yield the total, what would raise it most, and each of its parts."""
    yield Paragraph(f"{shapes.text(score.get('total')) or '–'} of 100. Computed from the document itself.")
    if told := shapes.rows(score.get("advice")):
        yield Heading("What would raise it most", 2)
        yield values.texts(
            f"{shapes.text(one.get('text'))} About {shapes.text(one.get('gain'))} of 100." for one in told
        )
    for key, part in shapes.data(score.get("parts")).items():
        yield from _write_part(key, shapes.data(part))
    yield from values.rest(score, "total advice parts", 2)


def _write_part(key: str, part: Data) -> Iterator[Block]:
    counts = f"counts for {wording.percent(part.get('weight'))}"
    yield Heading(f"{wording.title_of(key)}: {shapes.text(part.get('value')) or '–'} of 100, {counts}", 2)
    if reasons := shapes.lines(part.get("reasons")):
        yield values.texts(reasons)
    if told := shapes.lines(part.get("advice")):
        yield Heading("What would raise it", 3)
        yield values.texts(told)
    yield from values.rest(part, "value weight reasons advice counts", 3)
