"""What is watched, how often, by whom, and from which number on something is wrong."""

from collections.abc import Iterator

from strategies.exports import shapes
from strategies.exports.blocks import Block, Heading, Paragraph, Row, Table
from strategies.exports.shapes import Data
from strategies.exports.values import measured, paired, rest
from strategies.templatetags import wording


def write(data: Data) -> Iterator[Block]:
    """Yield who watches, each metric with its threshold, and the signs of the risks."""
    if owners := shapes.text(data.get("owners")):
        yield Paragraph(owners, "note")
    if tasks := shapes.rows(data.get("tasks")):
        yield Table(("What", "How often", "Who", "Threshold"), tuple(_tell_task(one) for one in tasks), (5, 3, 3, 7))
    if signs := shapes.rows(data.get("signs")):
        yield Heading("Signs of the risks", 2)
        yield Table(
            ("Sign", "How often", "Who", "When it shows"), tuple(_tell_sign(one) for one in signs), (7, 3, 3, 7)
        )
    else:
        yield Paragraph("The signs of the risks are missing with the section on risks: write it again.", "note")
    yield from rest(data, "owners tasks signs", 2)


def _tell_sign(one: Data) -> Row:
    shown = f"{shapes.text(one.get('sign'))}\n{shapes.text(one.get('risk'))}".strip("\n")
    return Row((shown, *(shapes.text(one.get(key)) for key in ("frequency", "owner", "answer"))))


def _tell_task(task: Data) -> Row:
    """Return one metric that is watched, with what its thresholds rest on."""
    # A threshold is a figure; in documents of an earlier day it holds one.
    given = shapes.rows(task.get("thresholds"))
    thresholds = [{**one, **shapes.data(one.get("figure"))} for one in given]
    note, bound = shapes.text(task.get("note")), shapes.text(task.get("bound"))
    lines = [note] if note else [_tell_threshold(bound, one) for one in thresholds]
    bases = [("Basis", basis) for basis in wording.distinct(thresholds, "basis")]
    own = ("From your answers on", wording.joined(wording.labels(shapes.lines(task.get("fields")))))
    cells = (shapes.text(task.get(key)) for key in ("metric", "frequency", "owner"))
    return Row((*cells, "\n".join(lines)), paired(*bases, own))


def _tell_threshold(bound: str, figure: Data) -> str:
    month = shapes.text(figure.get("month"))
    return f"{bound} {measured(figure)}{f' in month {month}' if month else ''}".lstrip()
