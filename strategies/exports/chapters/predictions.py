"""Forecast, return, assumptions: every figure with unit, range and basis."""

from collections.abc import Iterator

from strategies.exports import shapes
from strategies.exports.blocks import Block, Heading, Pair, Paragraph, Row, Table
from strategies.exports.shapes import Data
from strategies.exports.values import based, explained, listed, measured, pairs, rest
from strategies.templatetags import wording


def write(data: Data) -> Iterator[Block]:
    """Yield the reading, the forecast, the return and what they assume."""
    reading = shapes.data(data.get("reading"))
    if words := shapes.text(reading.get("text")):
        yield Paragraph(words)
        yield from based(reading.get("fields"))
    if metrics := shapes.rows(data.get("metrics")):
        yield Heading("Forecast", 2)
        heads = ("Metric", *(wording.title_of(moment) for moment in wording.MOMENTS.values()))
        yield Table(heads, tuple(_tell_metric(one) for one in metrics), (4, 3, 3, 3, 3))
    if roi := shapes.data(data.get("roi")):
        yield Heading("Return", 2)
        yield from _write_return(roi)
    if data.get("assumptions"):
        yield Heading("Assumptions", 2)
        yield listed(data["assumptions"])
    yield from rest(data, "reading metrics roi assumptions", 2)


def _tell_metric(metric: Data) -> Row:
    """Return one metric, with what its figures rest on."""
    said = [measured(shapes.data(metric.get(key))) for key in wording.MOMENTS]
    beneath = tuple(Pair(wording.title_of(when), basis) for when, basis in wording.bases(metric))
    return Row((shapes.text(metric.get("name")), *said), beneath)


def _write_return(roi: Data) -> Iterator[Block]:
    months, basis = shapes.number(roi.get("payback_months")), shapes.text(roi.get("payback_basis")) or "not estimated"
    back = f"{wording.number(months)} months – {basis}" if months is not None else basis
    needs = [
        (shapes.text(need.get("name")), explained(shapes.data(need.get("figure"))))
        for need in shapes.rows(roi.get("needs"))
    ]
    yield from pairs(("Return on the budget", explained(roi)), ("Paid back after", back), *needs)
    yield from rest(roi, "value unit low high basis payback_months payback_basis needs", 3)
