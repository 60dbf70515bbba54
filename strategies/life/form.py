"""The form in which a section is edited: inputs grouped by rows, with what was typed and what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from strategies.life import places
from strategies.life.places import Place

Typed = Mapping[str, str]
Errors = Mapping[str, list[str]]


@dataclass(frozen=True)
class Input:
    """One input: its place, what stands in it, and what is to be said beside it."""

    place: Place
    typed: str
    faults: list[str] = field(default_factory=list)
    # What the newest version says there, where somebody changed it after the user had read it.
    meanwhile: str = ""

    @property
    def id(self) -> str:
        """Its id on the page."""
        return "p-" + self.place.path.replace("[", "-").replace("]", "").replace(".", "-")

    @property
    def is_one_line(self) -> bool:
        """Whether it is an input of one line, which would drop the ends of others."""
        return bool(self.place.usual) and "\n" not in self.typed

    @property
    def step(self) -> str:
        """Where it is inside its group: the last step of its path."""
        return self.place.path.removesuffix(".text").rpartition(".")[2]


@dataclass(frozen=True)
class Group:
    """Inputs that belong together: those of one row, or of one part."""

    # The path of the row or part.
    part: str
    inputs: list[Input]
    # The same, where the row may be taken out.
    row: str = ""
    is_gone: bool = False
    faults: list[str] = field(default_factory=list)
    is_open: bool = False

    @property
    def is_of_concern(self) -> bool:
        """Whether something in it is wrong, or was changed meanwhile by somebody else."""
        return bool(self.faults) or any(each.faults or each.meanwhile for each in self.inputs)


def changed(key: str, data: Mapping[str, Any], sent: Mapping[str, str], gone: Iterable[str]) -> dict[str, Any]:
    """
    Return what was changed in a form that was made from ``data``: texts by their places, None for a row taken out.

    What was left as it stood is left out: it need not fit today's limits, and is not the user's.
    """
    texts: dict[str, Any] = {}
    for place in places.of(key, data):
        typed = sent.get(place.path)
        if typed is not None and _plain(typed) != _plain(place.typed):
            texts[place.path] = _plain(typed)
    return texts | dict.fromkeys(set(gone) & set(places.rows(data)))


def _plain(text: str) -> str:
    # A browser sends CRLF, and drops a line break that a text begins with.
    return text.replace("\r\n", "\n").lstrip("\n")


def show(
    key: str, data: Mapping[str, Any], *, texts: Mapping[str, Any], errors: Errors, read: Mapping[str, Any]
) -> list[Group]:
    """Return the groups; ``texts`` are the user's changes of ``read``, which is ``data`` or an older version of it."""
    before = {place.path: place.typed for place in places.of(key, read)}
    inputs = [_input(place, texts, errors, before) for place in places.of(key, data)]
    rows, groups = set(places.rows(data)), []
    for part, members in groupby(inputs, key=lambda each: _part(each.place)):
        row = part if part in rows else ""
        groups.append(
            Group(
                part,
                list(members),
                row=row,
                is_gone=bool(row) and row in texts,
                faults=errors.get(part, []),
            )
        )
    return _open(groups)


def _open(groups: list[Group]) -> list[Group]:
    """Open those that are to be read, or the first: all at once are too long a page."""
    concerned = [group for group in groups if group.is_of_concern] or groups[:1]
    return [replace(group, is_open=group in concerned) for group in groups]


def _input(place: Place, texts: Mapping[str, Any], errors: Errors, before: Typed) -> Input:
    typed = texts.get(place.path)
    if typed is None:
        return Input(place, place.typed, errors.get(place.path, []))
    meanwhile = place.typed if place.typed != before.get(place.path, "") else ""
    return Input(place, str(typed), errors.get(place.path, []), meanwhile)


def _part(place: Place) -> str:
    """The row that a place stands in, or the part of the section; statements of one list are together."""
    head, dot, _ = place.path.partition(".")
    if place.is_row:
        return place.path.rpartition("[")[0]
    return head if dot else place.path


def homeless(key: str, data: Mapping[str, Any], texts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the user's texts whose places are not there any more, by their paths: they are shown and not lost."""
    there = {place.path for place in places.of(key, data)}
    return [(path, str(text)) for path, text in texts.items() if text and path not in there]
