"""The brief as a page asks it: each field as a question with its inputs' names, what was typed, and what is wrong."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from . import brief
from .brief import Field, Group
from .brief.fields import single_line

Typed = Mapping[str, Sequence[str]]
Errors = Mapping[str, Sequence[str]]

# Rows that are open for more where no script can add one.
EMPTY_ROWS = 3
# Stands for a row's number in the pattern that the page's script copies.
PATTERN_ROW = "__row__"

# A required object with more members than these shows what it needs, and the others behind "More detail".
FEW_MEMBERS = 3

# The fields that the short form does not ask.
OPTIONAL = frozenset(field.id for field in brief.FIELDS if not field.required)


@dataclasses.dataclass(frozen=True)
class Question:
    """
    A field, or a member of one, as it stands on the page.

    ``name`` is its input's name; ``members`` are the questions of an object, ``rows`` those of each ``row`` of a list,
    which count from 0, and ``pattern`` those of a row still to be added.
    """

    field: Field
    name: str
    typed: Typed
    errors: Errors
    members: tuple["Question", ...] = ()
    rows: tuple["Question", ...] = ()
    pattern: "Question | None" = None
    row: int | None = None

    @property
    def id(self) -> str:
        """The input's id, which its label and the list of errors point to."""
        return "q-" + self.name.replace(".", "-")

    @property
    def label(self) -> str:
        """What it is called; a row by its number."""
        return self.field.label if self.row is None else f"{self.field.label} {self.row + 1}"

    @property
    def anchor(self) -> str:
        """The id of the first input that can take the focus."""
        inside = self.rows or self.members
        return inside[0].anchor if inside else self.id

    @property
    def value(self) -> str:
        """What stands in its one input."""
        return self._text(self.name)

    @property
    def own_words(self) -> str:
        """What stands in the input beside the options."""
        return self._text(f"{self.name}.other")

    @property
    def amount(self) -> str:
        """What stands in the first of money's two inputs."""
        return self._text(f"{self.name}.amount")

    @property
    def currency(self) -> str:
        """What stands in the second of money's two inputs."""
        return self._text(f"{self.name}.currency")

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Each option with its input's id, and whether it is chosen; what was chosen in an order keeps it."""
        listed = self.field.options
        chosen = [option for option in self.typed.get(self.name, ()) if option in listed]
        if chosen != sorted(chosen, key=listed.index):
            listed = (*chosen, *(option for option in listed if option not in chosen))
        return [
            (f"{self.id}-{number}" if number else self.id, option, option in chosen)
            for number, option in enumerate(listed)
        ]

    @property
    def single_line(self) -> bool:
        """Whether its text is a name rather than prose."""
        return single_line(self.field)

    @property
    def given(self) -> bool:
        """Whether anything was typed into it."""
        return bool(_part(self.typed, self.name))

    @property
    def faults(self) -> list[str]:
        """What is wrong with it, in sentences."""
        found = list(self.errors.get(self.name, ()))
        if found and self.field.required and not self.given:
            return ["Please choose at least one." if self.field.type == "choices" else "Please fill this in."]
        return found

    @property
    def has_fault(self) -> bool:
        """Whether it or anything in it is wrong."""
        return bool(self.faults) or any(each.has_fault for each in (*self.members, *self.rows))

    @property
    def described_by(self) -> str:
        """The ids of what explains the input: its faults, its help."""
        ids = [f"{self.id}-fault"] if self.faults else []
        return " ".join([*ids, f"{self.id}-help"] if self.field.help else ids)

    @property
    def first(self) -> tuple["Question", ...]:
        """The members that are asked at once."""
        return tuple(each for each in self.members if self._asks_at_once(each))

    @property
    def more(self) -> tuple["Question", ...]:
        """The members that wait behind "More detail"."""
        return tuple(each for each in self.members if not self._asks_at_once(each))

    @property
    def more_is_open(self) -> bool:
        """Whether something stands behind "More detail", or is wrong there."""
        return any(each.given or each.has_fault for each in self.more)

    def _asks_at_once(self, member: "Question") -> bool:
        return len(self.members) <= FEW_MEMBERS or member.field.required or not self.field.required

    def _text(self, name: str) -> str:
        values = self.typed.get(name, ())
        return values[-1] if values else ""


@dataclasses.dataclass(frozen=True)
class Chapter:
    """A group's questions."""

    group: Group
    questions: tuple[Question, ...]

    @property
    def given(self) -> int:
        """How many of them are answered."""
        return sum(each.given for each in self.questions)

    @property
    def lacking(self) -> int:
        """How many of them are needed and not answered."""
        return sum(each.field.required and not each.given for each in self.questions)

    @property
    def has_fault(self) -> bool:
        """Whether something in it is wrong."""
        return any(each.has_fault for each in self.questions)


@dataclasses.dataclass(frozen=True)
class Fault:
    """A line of the list of errors: the input it leads to, whose it is, and what is wrong."""

    anchor: str
    label: str
    sentence: str


def about_strategy(typed: Typed, errors: Errors) -> dict[str, Question]:
    """Return the questions beside the brief, by id: name, industry, months, pieces."""
    return {field.id: _ask(field, field.id, typed, errors) for field in brief.STRATEGY_FIELDS}


def chapters(typed: Typed, errors: Errors) -> list[Chapter]:
    """Return all 30 questions in their groups. ``errors`` are by path in the brief, without a prefix."""
    asked = [_ask(field, field.id, typed, errors) for field in brief.FIELDS]
    return [Chapter(group, tuple(each for each in asked if each.field.group == group.id)) for group in brief.GROUPS]


def required(typed: Typed, errors: Errors) -> list[Question]:
    """Return the questions that a strategy cannot do without."""
    return [_ask(field, field.id, typed, errors) for field in brief.FIELDS if field.required]


def carried(typed: Typed) -> list[tuple[str, str]]:
    """Return the inputs' names and values that the short form passes on unseen, so that it loses nothing."""
    names = [name for name in typed if name.partition(".")[0] in OPTIONAL]
    return [(name, value) for name in names for value in typed[name] if value]


def faults(questions: Sequence[Question], errors: Errors) -> list[Fault]:
    """Return everything that is wrong, in the order of the page; last what no question on it could show."""
    found = [fault for question in questions for fault in _faults(question)]
    named = {question.name for question in _all(questions)}
    strays = [Fault("", path, sentence) for path, said in errors.items() if path not in named for sentence in said]
    return found + strays


def typed_of(pairs: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """
    Return what a form sent, as the page shows it again.

    Empty rows are left out, so that a row's number is the one that the errors name.
    """
    own = {field.id: list(pairs.get(field.id, ())) for field in brief.STRATEGY_FIELDS}
    return own | brief.to_form(brief.from_form(pairs))


def with_template(typed: Typed, *, before: str, now: str) -> dict[str, list[str]]:
    """
    Return what is typed, with a template's defaults where nothing is, or where the ``before`` one's still stand.

    An unknown template has no defaults.
    """
    old, new = _defaults(before), _defaults(now)
    shown = {name: list(values) for name, values in typed.items()}
    for field in brief.FIELDS:
        part = _part(typed, field.id)
        if part == _part(old, field.id):
            for name in part:
                del shown[name]
            part = {}
        if not part:
            shown |= _part(new, field.id)
    return shown


def raw_of(pairs: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a strategy as the form sent it, still to be cleaned."""
    own = {field.id: values[-1] for field in brief.STRATEGY_FIELDS if (values := pairs.get(field.id))}
    return own | {"brief": brief.from_form(pairs)}


def _faults(question: Question) -> list[Fault]:
    found = [Fault(question.anchor, question.label, sentence) for sentence in question.faults]
    for row in question.rows:
        found += _faults(row)
    for member in question.members:
        found += [dataclasses.replace(each, label=f"{question.label}: {each.label}") for each in _faults(member)]
    return found


def _all(questions: Iterable[Question]) -> Iterator[Question]:
    for question in questions:
        yield question
        yield from _all((*question.rows, *question.members))


def _defaults(template: str) -> Typed:
    found = brief.templates().get(template)
    return brief.to_form(found["brief"]) if found else {}


def _part(typed: Typed, name: str) -> dict[str, list[str]]:
    """Return what was typed into a field's inputs, without those left empty."""
    inside = {key: list(values) for key, values in typed.items() if key == name or key.startswith(f"{name}.")}
    return {key: values for key, values in inside.items() if any(values)}


def _ask(field: Field, name: str, typed: Typed, errors: Errors) -> Question:
    match field.type:
        case "object":
            return _ask_members(field, name, typed, errors)
        case "objects":
            pattern = _ask_members(field, f"{name}.{PATTERN_ROW}", {}, {})
            return Question(field, name, typed, errors, rows=_ask_rows(field, name, typed, errors), pattern=pattern)
        case _:
            return Question(field, name, typed, errors)


def _ask_rows(field: Field, name: str, typed: Typed, errors: Errors) -> tuple[Question, ...]:
    filled = len({key.removeprefix(f"{name}.").partition(".")[0] for key in typed if key.startswith(f"{name}.")})
    count = max(filled, min(filled + EMPTY_ROWS, brief.ROWS_LENGTH))
    rows = (_ask_members(field, f"{name}.{number}", typed, errors) for number in range(count))
    return tuple(dataclasses.replace(row, row=number) for number, row in enumerate(rows))


def _ask_members(field: Field, name: str, typed: Typed, errors: Errors) -> Question:
    members = tuple(_ask(each, f"{name}.{each.id}", typed, errors) for each in field.fields)
    return Question(field, name, typed, errors, members=members)
