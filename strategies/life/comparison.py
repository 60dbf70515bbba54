"""Two versions of a document side by side: section by section, each text and each figure that changed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from django.shortcuts import get_object_or_404

from strategies import brief, sections
from strategies.arithmetic import figures
from strategies.errors import Refused
from strategies.life import words
from strategies.models import Strategy, Version

# What a document holds beside its sections, where both versions or one of them has it.
BESIDE: Final = {"calendar": "Calendar", "monitoring": "Monitoring plan", "foundation": "Groundwork"}
# By these a row is known again although the rest of it changed.
NAMES: Final = ("id", "key", "name", "title", "item")
# Deeper than any document of ours; beyond it parts are compared as they are stored.
MOST_LEVELS: Final = 40
# Rows beyond so many on both sides are compared by their places, since looking for moved ones takes time by the square.
MOST_ROWS: Final = 500

_LABELS: Final = {field.id: field.label for field in brief.FIELDS}


@dataclass(frozen=True)
class Change:
    """One text or figure that differs; ``before`` or ``after`` is None where it is not there."""

    path: str
    kind: Literal["text", "figure"]
    before: str | None
    after: str | None

    @property
    def label(self) -> str:
        """Its place for people."""
        return path_label(self.path)

    @property
    def pieces(self) -> list[words.Piece]:
        """Both texts as pieces that stayed, went or came; a figure is replaced whole."""
        if self.kind == "text" and self.before is not None and self.after is not None:
            return words.mark(self.before, self.after)
        gone = [words.Piece("del", self.before)] if self.before is not None else []
        return gone + ([words.Piece("ins", self.after)] if self.after is not None else [])


@dataclass(frozen=True)
class Compared:
    """A section in two versions: what changed in it, or what became of it as a whole."""

    key: str
    title: str
    changes: tuple[Change, ...]
    became: str = ""

    @property
    def summary(self) -> str:
        """What changed, in one line; nothing where nothing did."""
        if self.became:
            return self.became
        told = []
        for kind, noun in (("text", "text"), ("figure", "figure")):
            of_kind = [change for change in self.changes if change.kind == kind]
            came = sum(change.before is None for change in of_kind)
            went = sum(change.after is None for change in of_kind)
            for count, verb in ((len(of_kind) - came - went, "changed"), (came, "added"), (went, "removed")):
                if count:
                    told.append(f"{count} {noun}{'s' if count > 1 else ''} {verb}")
        return ", ".join(told)


def chosen(strategy: Strategy, before: int | None, to: int | None) -> tuple[Version, Version]:
    """
    Return the two versions asked for; unnamed, the newest and the one before it.

    Raises ``Http404`` for one that is not there, and ``Refused`` where there are no two.
    """
    found = strategy.versions.only("strategy", "number", "document", "created", "origin")
    newer = get_object_or_404(found, number=to) if to is not None else found.first()
    if newer is None:
        raise Refused("no_document", "There is no document yet: create the strategy first.")
    if before is None and newer.number == 1:
        raise Refused("one_version", "Version 1 is the first, so there is nothing to compare it with: change it first.")
    return get_object_or_404(found, number=newer.number - 1 if before is None else before), newer


def compare(before: Version, after: Version) -> list[Compared]:
    """Return each section of two versions, in the order of the later one; one without changes is there too."""
    old, new = _parts(before.document), _parts(after.document)
    keys = [*new, *(key for key in old if key not in new)]
    return [_compare(key, old.get(key), new.get(key)) for key in keys]


def _parts(document: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    parts = {
        entry["key"]: (entry.get("title") or sections.TITLES.get(entry["key"], entry["key"]), entry.get("data"))
        for entry in document.get("sections", [])
    }
    return parts | {key: (title, document[key]) for key, title in BESIDE.items() if document.get(key)}


def _compare(key: str, old: tuple[str, Any] | None, new: tuple[str, Any] | None) -> Compared:
    title = (new or old or ("", None))[0]
    before, after = (part[1] if part else None for part in (old, new))
    became = ""
    if before is None and after is not None:
        became = "was written; before, it had failed" if old else "is new"
    elif after is None and before is not None:
        became = "failed; before, it was there" if new else "is not there any more"
    return Compared(key, title, tuple(find(before, after)), became)


def find(before: Any, after: Any, path: str = "", *, level: int = 0) -> Iterator[Change]:
    """Yield what differs between two values of a document, in the order of the later one."""
    if before == after and type(before) is type(after):
        return
    if _is_figure(before) or _is_figure(after):
        yield Change(path, "figure", _figure(before), _figure(after))
    elif level >= MOST_LEVELS:
        yield Change(path, "text", _stored(before), _stored(after))
    elif _either(before, after, Mapping):
        old, new = before or {}, after or {}
        for key in [*new, *(key for key in old if key not in new)]:
            yield from find(old.get(key), new.get(key), f"{path}.{key}" if path else str(key), level=level + 1)
    elif _is_grounds(path) or not _either(before, after, list):
        yield from _leaf(path, before, after)
    else:
        for place, old, new in _pair(before or [], after or []):
            if (old is None) != (new is None):
                yield Change(f"{path}[{place}]", "text", _row(old), _row(new))
            else:
                yield from find(old, new, f"{path}[{place}]", level=level + 1)


# What pages call the parts of a section.
_NAMES: Final = {
    "mitigation": "Prevent it",
    "contingency": "If it happens",
    "indicator": "The sign to watch",
    "content_strategy": "What they publish",
    "response": "Your answer",
    "fields": "Rests on",
    "swot": "SWOT",
    "current": "Today",
    "target": "Where to",
}


def path_label(path: str) -> str:
    """Return a path for people: "risks[0].mitigation" is "Risk 1 · Prevent it"; a statement is its text."""
    return " · ".join(map(label, path.removesuffix(".text").split(".")))


def label(part: str) -> str:
    """Return one step of a path for people: "risks[0]" is "Risk 1"."""
    name, *places = part.replace("]", "").split("[")
    shown = _NAMES.get(name) or name.replace("_", " ")
    if places:
        shown = re.sub(r"(?<=ss)es$|s$", "", re.sub(r"ies$", "y", shown))
    return " ".join([shown[:1].upper() + shown[1:], *(str(int(place) + 1) for place in places if place.isdecimal())])


def _either(before: Any, after: Any, kind: type) -> bool:
    """Whether both are of this kind, or one is and the other is not there."""
    return all(value is None or isinstance(value, kind) for value in (before, after))


def _leaf(path: str, before: Any, after: Any) -> Iterator[Change]:
    old, new = _shown(before, path), _shown(after, path)
    if old != new:
        numeric = all(value is None or isinstance(value, int | float) for value in (before, after))
        yield Change(path, "figure" if numeric else "text", old, new)


def _shown(value: Any, path: str) -> str | None:
    if value is None or value == []:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return figures.number(value)
    if _is_grounds(path) and isinstance(value, list):
        return ", ".join(_LABELS.get(str(field), str(field)) for field in value)
    return _stored(value)


def _row(value: Any) -> str | None:
    """A row that came or went as a whole, with a line for each of its parts."""
    if not isinstance(value, Mapping) or _is_figure(value):
        return _figure(value)
    shown = (
        (name, part, _row(part) if isinstance(part, Mapping) else _shown(part, name)) for name, part in value.items()
    )
    lines = [text if name == "text" else f"{label(name)}: {text}" for name, part, text in shown if text]
    return "\n".join(lines) or None


def _stored(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _is_grounds(path: str) -> bool:
    return path.endswith(".fields") or path == "fields"


def _is_figure(value: Any) -> bool:
    return isinstance(value, Mapping) and {"value", "unit", "basis"} <= value.keys()


def _figure(value: Any) -> str | None:
    """A figure in one line: its number, unit, range and basis."""
    if not _is_figure(value):
        return _shown(value, "")
    if value["value"] is None:
        return str(value["basis"])
    span = ""
    if value.get("low") is not None and value.get("high") is not None:
        span = f" ({figures.number(value['low'])} to {figures.number(value['high'])})"
    return f"{figures.reading(dict(value))}{span}, {value['basis']}"


def _pair(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Yield the rows of two lists side by side with their place; a row of one alone has None on the other side."""
    old, new = [_name(row) for row in before], [_name(row) for row in after]
    matcher = SequenceMatcher(None, old, new, autojunk=False) if len(old) * len(new) <= MOST_ROWS**2 else None
    blocks = matcher.get_opcodes() if matcher else [("replace", 0, len(old), 0, len(new))]
    for _, i1, i2, j1, j2 in blocks:
        for step in range(max(i2 - i1, j2 - j1)):
            left = before[i1 + step] if i1 + step < i2 else None
            right = after[j1 + step] if j1 + step < j2 else None
            yield (j1 + step if right is not None else i1 + step), left, right


def _name(row: Any) -> str:
    if isinstance(row, Mapping):
        for name in NAMES:
            if isinstance(row.get(name), str):
                return f"{name}: {row[name]}"
    return _stored(row) or ""
