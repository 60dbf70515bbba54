"""The form of a brief: its questions in their order, and all that is wrong with what was typed."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from strategies import brief
from strategies.brief import Field
from strategies.start.entries import Typed
from strategies.start.questions import Chapter, Errors, Question

# Rows that are open for more where no script can add one.
EMPTY_ROWS = 3
# Stands for a row's number in the pattern that the page's script copies.
PATTERN_ROW = "__row__"


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


def faults(questions: Sequence[Question], errors: Errors) -> list[Fault]:
    """Return everything that is wrong, in the order of the page; last what no question on it could show."""
    found = [fault for question in questions for fault in _faults(question)]
    named = {question.name for question in _all(questions)}
    strays = [Fault("", path, sentence) for path, said in errors.items() if path not in named for sentence in said]
    return found + strays


def readings(typed: Typed) -> dict[str, str]:
    """Return how the numbers are read that were typed with marks, by the names of their inputs."""
    asked = [
        *about_strategy(typed, {}).values(),
        *(each for chapter in chapters(typed, {}) for each in chapter.questions),
    ]
    return {question.name: question.read_as for question in _all(asked) if question.read_as}


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
