"""What would raise a document's score: each piece of advice with the points that following it would gain."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from .arithmetic import figures
from .brief import registry

LABELS = {field.id: field.label for field in registry.FIELDS}
MOST = 6

# Which field holds what a figure lacks, by the words of the figure's basis; the first that fits.
HOLDERS: tuple[tuple[str, str], ...] = (
    ("conversion_rates", r"\(conversion rates\)"),
    ("engagement_metrics", r"\(engagement metrics\)|engagement rate"),
    ("quality_metrics", r"engagement threshold"),
    ("performance_metrics", r"monthly traffic|conversion rate|\(performance metrics\)"),
    ("target_metrics", r"target value|target that goes beyond|a primary metric|none of the fields measures"),
    ("team_size", r"team size"),
    ("content_budget", r"content budget"),
)
# What no answer could give: months that the plan does not have, and things that no field asks for. Such a figure says
# nothing about how much is known, so it is not counted against the document.
BEYOND = re.compile(r"months to the timeline")
UNASKED = re.compile(rf"{BEYOND.pattern}|no field|to your (?:monthly )?records|from no other follows")


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One thing to do, what it gains in points of the total, and the field of the brief that it asks for."""

    text: str
    gain: float
    field: str = ""
    # How many figures wait for it, as the text says.
    waiting: int = 0


def is_asked(figure: Mapping[str, Any], *, primary: bool = False) -> bool:
    """Whether an answer could give a figure its value, or has given it; of the primary metric only months can't."""
    unasked = BEYOND if primary else UNASKED
    return figure["value"] is not None or not unasked.search(figure["basis"])


def list_asked(foundation: Mapping[str, Any], brief: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """
    Yield the figures that a document is asked for: those that are known, and those that an answer could give.

    A row that is there only because a rate was given counts for what it knows: whoever tells more must not look as if
    they knew less.
    """
    wanted = {"Website traffic", *(brief["target_metrics"].get("secondary_metrics") or ())}
    if "Lead generation" in wanted:
        wanted.add("Leads")
    for place, row in enumerate(foundation["metrics"]):
        for column in ("baseline", "month_3", "month_6", "month_12"):
            figure, asked = row[column], not place or row["name"] in wanted
            if figure["value"] is not None or (asked and is_asked(figure, primary=not place)):
                yield figure
    yield foundation["budget"]["monthly"]
    yield foundation["capacity"]["use"]


def holder(basis: str) -> str:
    """Return the id of the field that lacks what a basis asks for; empty where none does."""
    return next((field for field, words in HOLDERS if re.search(words, basis)), "")


def list_waiting(cells: Iterable[Mapping[str, Any]], *, worth: float) -> list[Advice]:
    """Return what to add so that figures can be computed, with how many wait; ``worth`` is what one of them gains."""
    lacking: dict[str, list[str]] = {}
    for cell in cells:
        if cell["value"] is None:
            what = cell["basis"].removeprefix(figures.MISSING)
            lacking.setdefault(holder(what) or what, []).append(what)
    return [
        Advice(
            text=_("{ask}: {waits} for it.").format(ask=ask(field, whats), waits=count(len(whats))),
            gain=worth * len(whats),
            field=field,
            waiting=len(whats),
        )
        for field, whats in ((key if key in LABELS else "", whats) for key, whats in lacking.items())
    ]


def ask(field: str, whats: Sequence[str]) -> str:
    """Say what to add, each thing once: where one asks for more than another, the longer one says both."""
    distinct = [what for what in dict.fromkeys(whats) if not any(what != other and what in other for other in whats)]
    if field == "target_metrics" and UNASKED.search(distinct[0]):
        return _("Take a primary metric that visits and a rate lead to, or keep a count of this one yourself")
    return _("Add {what}").format(what=" and ".join(distinct))


def count(waiting: int) -> str:
    """Say how many figures wait."""
    return _("one figure waits") if waiting == 1 else _("{number} figures wait").format(number=waiting)


def rank(pieces: Iterable[Advice]) -> list[Advice]:
    """Sort by what is gained; what gains the same keeps its order."""
    return sorted(pieces, key=lambda piece: -piece.gain)


def merge(pieces: Iterable[Advice]) -> list[dict[str, Any]]:
    """Return the advice that gains most, as JSON; what asks for the same field is one piece, its gains added."""
    merged: dict[str, Advice] = {}
    for piece in rank(pieces):
        key = piece.field or piece.text
        known = merged.get(key)
        merged[key] = piece if known is None else join(known, piece)
    return [
        {"text": piece.text, "gain": round(piece.gain, 1), "field": piece.field}
        for piece in rank(merged.values())[:MOST]
    ]


def join(first: Advice, second: Advice) -> Advice:
    """Return two pieces that ask for the same field as one, in the words of that which gains more."""
    return Advice(text=first.text, gain=first.gain + second.gain, field=first.field)
