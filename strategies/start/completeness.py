"""How much of the form is filled in, and which answers would help most."""

import dataclasses
from collections.abc import Sequence
from typing import Final

from strategies.context import CONSEQUENCES
from strategies.start.questions import Chapter, Question

# Forecast, money and hours first: whole tables of figures hang on these. Then what shapes the plan, in the order of how
# many parts of the document read it; any other follows in the order of the form.
WEIGHTIEST: Final = (
    "performance_metrics",
    "content_budget",
    "team_size",
    "conversion_rates",
    "content_mix",
    "competitive_position",
    "buying_journey",
    "engagement_metrics",
    "market_gaps",
    "content_roi_targets",
)
SHOWN: Final = 3


@dataclasses.dataclass(frozen=True)
class Help:
    """An optional question, with what its lack means for the document."""

    question: Question
    means: str
    is_shown: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Completeness:
    """The needed questions and all of them: how many there are and are answered; and what would help most."""

    required: Sequence[Question]
    questions: Sequence[Question]

    @property
    def required_given(self) -> int:
        """How many needed questions are answered."""
        return sum(each.answered for each in self.required)

    @property
    def given(self) -> int:
        """How many questions are answered."""
        return sum(each.answered for each in self.questions)

    @property
    def optional_given(self) -> int:
        """How many of those that the short form does not ask are answered."""
        return sum(each.answered and not each.field.required for each in self.questions)

    @property
    def helps(self) -> list[Help]:
        """Every optional question by its weight; the first few of those without an answer are shown."""
        optional = [each for each in self.questions if not each.field.required]
        ranked = sorted(optional, key=lambda each: _rank(each.field.id))
        shown = [each for each in ranked if not each.answered][:SHOWN]
        return [Help(each, CONSEQUENCES[each.field.id], each in shown) for each in ranked]


def of(chapters: Sequence[Chapter]) -> Completeness:
    """Return how complete the form is."""
    questions = [each for chapter in chapters for each in chapter.questions]
    return Completeness(required=[each for each in questions if each.field.required], questions=questions)


def _rank(id: str) -> int:
    return WEIGHTIEST.index(id) if id in WEIGHTIEST else len(WEIGHTIEST)
