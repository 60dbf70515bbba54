"""The brief as a page asks it: each field as a question with its inputs' names, what was typed, and what is wrong."""

import dataclasses
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext

from strategies import brief, texts
from strategies.brief import Field, Group
from strategies.brief.fields import single_line
from strategies.brief.numbers import typed as typed_number
from strategies.start import entries
from strategies.start.entries import Typed

Errors = Mapping[str, Sequence[str]]

# A required object with more members than these shows what it needs, and the others behind "More detail".
FEW_MEMBERS = 3

# What is typed with marks that may be read in more ways than one.
FIGURES = ("number", "integer", "percent", "money")


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
        """What it is called in the reader's language; a row by its number."""
        name = gettext(self.field.label)
        return name if self.row is None else f"{name} {self.row + 1}"

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
        return bool(entries.part(self.typed, self.name))

    @property
    def answered(self) -> bool:
        """Whether all that it needs was typed into it."""
        needed = [each for row in self.rows or (self,) for each in row.members if row.given and each.field.required]
        return self.given and all(each.given for each in needed)

    @property
    def faults(self) -> list[str]:
        """What is wrong with it, in sentences."""
        found = list(self.errors.get(self.name, ()))
        if found and self.field.required and not self.given:
            return [
                gettext("Please choose at least one.")
                if self.field.type == "choices"
                else gettext("Please fill this in.")
            ]
        return found

    @property
    def read_as(self) -> str:
        """How a number that was typed with marks is read, or why it can't be; empty where it says so itself."""
        if self.field.type not in FIGURES or self.faults:
            return ""
        is_money = self.field.type == "money"
        text = self.amount if is_money else self.value
        try:
            value = brief.read(self.field, {"amount": text, "currency": self.currency} if is_money else text)
        except brief.Invalid as invalid:
            return texts.told(invalid.errors[self.field.id][0])
        if value is None or text.strip() == typed_number(value["amount"] if is_money else value):
            return ""
        return gettext("Read as {value}.").format(value=brief.say(self.field, value, texts.tongue()))

    @property
    def has_fault(self) -> bool:
        """Whether it or anything in it is wrong."""
        return bool(self.faults) or any(each.has_fault for each in (*self.members, *self.rows))

    @property
    def described_by(self) -> str:
        """The ids of what explains the input: its faults, its help."""
        ids = [f"{self.id}-fault"] if self.faults else []
        ids += [f"{self.id}-help"] if self.field.help else []
        return " ".join([*ids, f"{self.id}-read"] if self.field.type in FIGURES else ids)

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
        return sum(each.answered for each in self.questions)

    @property
    def lacking(self) -> int:
        """How many of them are needed and not answered."""
        return sum(each.field.required and not each.answered for each in self.questions)

    @property
    def has_fault(self) -> bool:
        """Whether something in it is wrong."""
        return any(each.has_fault for each in self.questions)
