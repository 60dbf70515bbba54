"""Labelled lines: "Budget: 2,500 EUR a month", or a heading with a list under it."""

import re
from collections.abc import Iterator
from typing import Final

from strategies.autofill.places import Place
from strategies.autofill.rules import figures, vocabulary

_LABEL: Final = re.compile(r"(?:[-*•–]\s+)?(?P<label>[^:|]{2,60}?)\s*(?::(?!//)|\|)\s*(?P<value>.*)")
_BULLET: Final = re.compile(r"(?:[-*•–]|\d{1,2}[.)])\s+(?P<entry>.+)")
_MARK: Final = re.compile(r"^[-*•–]\s+")
_OURS: Final = re.compile(r"^(?:our|the|your|my|unsere?|die|der|das|key|main)\s+|\s*\([^)]*\)|[#*_]+")
_HOST: Final = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_ZONE: Final = re.compile(r"[A-Z]\w+/[A-Z][\w/]+")
_YES, _NO = (
    re.compile(r"yes|ja|true|we do|possible|möglich", re.I),
    re.compile(r"no|nein|nicht|false|none|not|kein\w*", re.I),
)

# What is longer is no line with a label, and costs more than it tells.
LONGEST: Final = 2_000
# As many entries of a list as are read.
ENTRIES: Final = 50

Finding = dict[str, str]


def find(text: str) -> list[Finding]:
    """Return what labels say."""
    lines = [line[:LONGEST] for line in text.split("\n")]
    return [
        finding
        for number, line in enumerate(lines)
        for finding in _line(line, lines[number + 1 : number + 1 + ENTRIES])
    ]


def _line(line: str, following: list[str]) -> Iterator[Finding]:
    said = _LABEL.fullmatch(line)
    place = place_of(said["label"] if said else line)
    if place is None:
        return
    value = said["value"].strip() if said else ""
    if value:
        yield from _values(place, value, quote=line)
        return
    for after in following:
        entry = _BULLET.fullmatch(after)
        if entry is None:
            return
        yield from _entry(place, entry["entry"].strip(), quote=after)


def place_of(label: str) -> Place | None:
    """Return the place that a label names, None where it names none."""
    if len(label) > 60:
        return None
    plain = _OURS.sub("", label.casefold().strip(" -*•–")).strip()
    return vocabulary.labels().get(plain)


def _entry(place: Place, text: str, *, quote: str) -> Iterator[Finding]:
    """Yield what an entry of a list says: all of it where texts are wanted, else as a value behind a label."""
    if place.field.type == "texts" or (place.in_rows and place.whole.id != "top_competitors"):
        yield finding(place, text, quote)
    elif place.in_rows:
        name = re.split(r"\s*(?:[(:;,]|\s[–—-]\s)", text, maxsplit=1)[0].strip()
        if name:
            yield finding(place, name[:200], quote)
            if host := _HOST.search(text[len(name) :]):
                yield {
                    **finding(place, host[0].rstrip(".,)"), quote),
                    "field": f"{place.whole.id}.website",
                    "of": name[:200],
                }
    elif not _found_options(place, text) and place.field.free_entry:
        yield finding(place, text, quote)
    else:
        yield from _values(place, text, quote=quote)


def _values(place: Place, text: str, *, quote: str) -> Iterator[Finding]:
    match place.field.type:
        case "money":
            yield from _amount(place, text, quote)
        case "choices":
            yield from (finding(place, option, quote) for option in _choices(place, text))
        case "choice":
            yield from (finding(place, option, quote) for option in vocabulary.chosen(place.field, text)[:1])
        case "texts":
            entries = (entry.strip(" .") for entry in re.split(r"[;\n]", text))
            yield from (finding(place, entry, quote) for entry in entries if entry)
        case "text" if place.in_rows and place.whole.id == "top_competitors":
            yield from (finding(place, name, quote) for name in figures.names(text))
        case "text" if place.in_rows:
            yield from (
                finding(place, entry.strip(" ."), quote) for entry in re.split(r";|, ", text) if entry.strip(" .")
            )
        case _:
            if value := _single(place, text):
                yield finding(place, value, quote)


def _single(place: Place, text: str) -> str:
    match place.field.type:
        case "number" | "integer":
            found = figures.PLAIN.search(text)
            return figures.counted(found[0]) if found else ""
        case "percent":
            found = figures.PERCENT.search(text) or figures.PLAIN.search(text)
            return figures.percentage(found[0]) if found else ""
        case "boolean":
            return "no" if _NO.match(text) else "yes" if _YES.match(text) else ""
        case "url" | "timezone":
            found = (_HOST if place.field.type == "url" else _ZONE).search(text)
            return found[0] if found else ""
        case _:
            return text.strip()


def _amount(place: Place, text: str, quote: str) -> Iterator[Finding]:
    said = figures.MONEY.search(text) or figures.PLAIN.search(text)
    if said and not figures.OTHER_TIME.search(quote):
        sure = "high" if figures.MONTHLY.search(quote) else "medium"
        yield finding(place, figures.amount(said[0]), quote, sure)


def _found_options(place: Place, text: str) -> list[str]:
    return vocabulary.chosen(place.field, text)


def _choices(place: Place, text: str) -> list[str]:
    if not place.field.free_entry:
        return _found_options(place, text)
    found: list[str] = []
    for entry in re.split(r"[;,]", text):
        found += _found_options(place, entry) or [entry.strip(" .")]
    return [entry for entry in found if entry]


def finding(place: Place, value: str, quote: str, confidence: str = "high") -> Finding:
    """Return a finding."""
    quote = _MARK.sub("", quote.strip())
    return {"field": place.path, "of": "", "value": value, "quote": quote, "confidence": confidence}
