"""What differs between two values of a document: each text and each figure, by its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from strategies.life import labels, said, words
from strategies.life.said import Teller

# By these a row is known again although the rest of it changed.
NAMES: Final = ("id", "key", "name", "title", "item")
# Rows beyond so many on both sides are compared by their places, since looking for moved ones takes time by the square.
MOST_ROWS: Final = 500

PLAIN: Final = Teller()


@dataclass(frozen=True)
class Change:
    """One text or figure that differs; ``before`` or ``after`` is None where it is not there."""

    path: str
    kind: Literal["text", "figure"]
    before: str | None
    after: str | None

    @property
    def label(self) -> str:
        """Its place for people, in English."""
        return labels.path_label(self.path)

    @property
    def pieces(self) -> list[words.Piece]:
        """Both texts as pieces that stayed, went or came; a figure is replaced whole."""
        if self.kind == "text" and self.before is not None and self.after is not None:
            return words.mark(self.before, self.after)
        gone = [words.Piece("del", self.before)] if self.before is not None else []
        return gone + ([words.Piece("ins", self.after)] if self.after is not None else [])


def find(before: Any, after: Any, path: str = "", *, level: int = 0, teller: Teller = PLAIN) -> Iterator[Change]:
    """Yield what differs between two values of a document, in the order of the later one, as ``teller`` says it."""
    if before == after and type(before) is type(after):
        return
    if said.is_figure(before) or said.is_figure(after):
        yield Change(path, "figure", teller.figure(before), teller.figure(after))
    elif level >= said.MOST_LEVELS:
        yield Change(path, "text", said.stored(before), said.stored(after))
    elif _either(before, after, Mapping):
        old, new = before or {}, after or {}
        for key in [*new, *(key for key in old if key not in new)]:
            inner = f"{path}.{key}" if path else str(key)
            yield from find(old.get(key), new.get(key), inner, level=level + 1, teller=teller)
    elif _is_grounds(path) or not _either(before, after, list):
        yield from _leaf(path, before, after, teller)
    else:
        for place, old, new in _pair(before or [], after or []):
            if (old is None) != (new is None):
                yield Change(
                    f"{path}[{place}]", "text", teller.row(old, _name_of(path)), teller.row(new, _name_of(path))
                )
            else:
                yield from find(old, new, f"{path}[{place}]", level=level + 1, teller=teller)


def _either(before: Any, after: Any, kind: type) -> bool:
    """Whether both are of this kind, or one is and the other is not there."""
    return all(value is None or isinstance(value, kind) for value in (before, after))


def _leaf(path: str, before: Any, after: Any, teller: Teller) -> Iterator[Change]:
    name = _name_of(path)
    old, new = teller.value(before, name), teller.value(after, name)
    if old == new and old is not None and (_is_many(before) or _is_many(after)):
        # The same words, once as one text and once as a list: a difference all the same.
        old, new = (said.stored(value) if _is_many(value) else text for value, text in ((before, old), (after, new)))
    if old != new:
        numeric = all(value is None or isinstance(value, int | float) for value in (before, after))
        yield Change(path, "figure" if numeric else "text", old, new)


def _name_of(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0]


def _is_many(value: Any) -> bool:
    return isinstance(value, list | Mapping)


def _is_grounds(path: str) -> bool:
    return path.endswith(".fields") or path == "fields"


def _pair(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Yield the rows of two lists side by side with their place; a row of one alone has None on the other side."""
    if (old_ids := _ids(before)) is not None and (new_ids := _ids(after)) is not None:
        yield from _pair_by_id(old_ids, new_ids)
        return
    old, new = [_name(row) for row in before], [_name(row) for row in after]
    matcher = SequenceMatcher(None, old, new, autojunk=False) if len(old) * len(new) <= MOST_ROWS**2 else None
    blocks = matcher.get_opcodes() if matcher else [("replace", 0, len(old), 0, len(new))]
    for _, i1, i2, j1, j2 in blocks:
        for step in range(max(i2 - i1, j2 - j1)):
            left = before[i1 + step] if i1 + step < i2 else None
            right = after[j1 + step] if j1 + step < j2 else None
            yield (j1 + step if right is not None else i1 + step), left, right


def _ids(rows: Sequence[Any]) -> dict[str, Any] | None:
    """Return rows by their ids, in order; None where one has none, or two have the same."""
    found = {row["id"]: row for row in rows if isinstance(row, Mapping) and isinstance(row.get("id"), str)}
    return found if len(found) == len(rows) else None


def _pair_by_id(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[int, Any, Any]]:
    """A row with an id is the same one wherever it stands: a piece of the calendar moves with its day."""
    for place, (id, row) in enumerate(new.items()):
        yield place, old.get(id), row
    for place, (id, row) in enumerate(old.items()):
        if id not in new:
            yield place, row, None


def _name(row: Any) -> str:
    if isinstance(row, Mapping):
        for name in NAMES:
            if isinstance(row.get(name), str):
                return f"{name}: {row[name]}"
    return said.stored(row) or ""
