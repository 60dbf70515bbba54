"""
What is found is checked before anybody sees it: against the text that it is said to come from, and as a form would.

Whoever found it, a rule or a model: what the text does not say, or the brief does not take, is left out and named.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from strategies import brief

from . import quotes
from .places import PLACES, Place

LEVELS: Final = ("high", "medium", "low")


class Checker:
    """Takes findings one by one; ``values`` are those that hold, ``dropped`` the others with the reason."""

    def __init__(self, text: str, url: str) -> None:
        self._text, self._url = quotes.flat(text), url
        self.values: list[dict[str, Any]] = []
        self.dropped: list[dict[str, str]] = []
        # By place and row, so that a second word on the same thing is seen as one.
        self._known: dict[tuple[str, str], dict[str, Any]] = {}

    def add(self, finding: Mapping[str, Any]) -> None:
        """Take a finding, or drop it."""
        place = PLACES.get(finding["field"])
        if place is None:
            return self._drop(finding, _("The brief has no such field."))
        quote = " ".join(finding["quote"].split())
        if len(quotes.flat(quote)) < 2 or quotes.flat(quote) not in self._text:
            return self._drop(finding, _("The words quoted for it do not stand in the text."))
        try:
            value = brief.read(place.field, finding["value"])
        except brief.Invalid as invalid:
            return self._drop(finding, " ".join(invalid.errors[place.field.id]))
        if value is None:
            return None
        if not quotes.say(quote, place, value):
            return self._drop(finding, _("The words quoted for it do not say this."))
        for one in value if isinstance(value, list) else [value]:
            self._take(place, one, finding, quote)
        return None

    def _take(self, place: Place, value: Any, finding: Mapping[str, Any], quote: str) -> None:
        confidence = finding["confidence"]
        if (
            confidence == "high"
            and isinstance(value, str)
            and not place.field.options
            and quotes.flat(value) not in quotes.flat(quote)
        ):
            confidence = "medium"  # in other words than the text's
        source = {"quote": quotes.shorten(quote), "url": self._url}
        row = str(value) if place.in_rows and place.field.id == place.key else finding.get("of", "")
        if place.in_rows:
            return self._take_row(place, row, value, source, confidence)
        if place.field.type in ("texts", "choices"):
            key, stored = (place.path, quotes.flat(str(value))), [value]
        elif place.whole.id == "content_mix":
            return self._take_share(place, value, source, confidence)
        else:
            key, stored = (place.path, ""), value
        before = self._known.get(key)
        if before is None:
            self._keep(key, place, place.within(stored), source, confidence)
        elif key[1] or place.within(stored) == before["part"]:
            self._again(before, source, confidence)
        else:
            before["confidence"] = "low"
            self._drop(finding, _("The text says something else first; look which of the two holds."))
        return None

    def _take_row(self, place: Place, row: str, value: Any, source: dict[str, str], confidence: str) -> None:
        if not row:
            return self._drop({"field": place.path, "value": str(value)}, _("It is not said what it belongs to."))
        key = (place.whole.id, quotes.flat(row))
        before = self._known.get(key)
        if before is None:
            part = {place.whole.id: [{place.key: row, place.field.id: value}]}
            return self._keep(key, place, part, source, confidence)
        before["part"][place.whole.id][0].setdefault(place.field.id, value)
        return self._again(before, source, before["confidence"])

    def _take_share(self, place: Place, value: Any, source: dict[str, str], confidence: str) -> None:
        key = (place.whole.id, "")
        before = self._known.get(key)
        if before is None:
            return self._keep(key, place, place.within(value), source, confidence)
        before["part"][place.whole.id].setdefault(place.field.id, value)
        return self._again(before, source, before["confidence"])

    def _keep(
        self, key: tuple[str, str], place: Place, part: dict[str, Any], source: dict[str, str], confidence: str
    ) -> None:
        whole = place.in_rows or place.whole.id == "content_mix"
        value = {
            "path": place.whole.id if whole else place.path,
            "label": place.whole.label if whole else place.label,
            "own": place.own,
            "part": part,
            "sources": [source],
            "confidence": confidence,
        }
        self._known[key] = value
        self.values.append(value)

    def _again(self, value: dict[str, Any], source: dict[str, str], confidence: str) -> None:
        if source not in value["sources"]:
            value["sources"].append(source)
        # Said twice, it is as sure as the surer word.
        value["confidence"] = min(value["confidence"], confidence, key=LEVELS.index)

    def _drop(self, finding: Mapping[str, Any], reason: str) -> None:
        self.dropped.append(
            {"field": str(finding["field"])[:200], "value": str(finding["value"])[:200], "reason": reason}
        )


def check(findings: Iterable[Mapping[str, Any]], *, text: str, url: str) -> dict[str, Any]:
    """Return ``{values, dropped, url}``; each value has an id, its part of a brief, how it reads, sources, confidence."""
    checker = Checker(text, url)
    for finding in findings:
        checker.add(finding)
    order = list(dict.fromkeys(place.whole.id for place in PLACES.values()))
    values = sorted(checker.values, key=lambda value: order.index(next(iter(value["part"]))))
    kept: list[dict[str, Any]] = []
    counts: dict[str, int] = {}
    for value in values:
        reason = _fault(value) or _too_many(value, counts)
        if reason:
            shown = "; ".join(source["quote"] for source in value["sources"])
            checker.dropped.append({"field": value["path"], "value": shown[:200], "reason": reason})
        else:
            kept.append({"id": str(len(kept) + 1), **value, "shown": show(value)})
    return {"values": kept, "dropped": checker.dropped, "url": url}


def show(value: Mapping[str, Any], tongue: brief.Tongue = brief.ENGLISH) -> str:
    """Return how a value reads."""
    (part,) = value["part"].values()
    if value["own"]:
        return str(part)
    ((_, said),) = brief.describe(brief.clean_partial(value["part"]), tongue)
    # A member's label stands in the value's own.
    return said.partition(": ")[2] if "." in value["path"] else said


def _fault(value: Mapping[str, Any]) -> str:
    """Return what a form would say of the value, "" where nothing."""
    if value["own"]:
        return ""
    try:
        brief.clean_partial(value["part"])
    except brief.Invalid as invalid:
        return " ".join(sentence for said in invalid.errors.values() for sentence in said)
    return ""


def _too_many(value: Mapping[str, Any], counts: dict[str, int]) -> str:
    (part,) = value["part"].values()
    rows = isinstance(part, list) and isinstance(part[0], dict)
    limit = brief.ROWS_LENGTH if rows else brief.LIST_LENGTH
    counts[value["path"]] = counts.get(value["path"], 0) + 1
    too_many = counts[value["path"]] > limit
    return _("There are more than {most} already.").format(most=limit) if too_many else ""
