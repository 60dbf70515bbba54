"""What can be read of a section while it is written."""

import itertools
import json

from hypothesis import given
from hypothesis import strategies as arbitrary

from sse.texts import TEXT_BYTES
from strategies import excerpt

SECTION = {
    "risks": [
        {"title": "The oven breaks", "category": "operational", "probability": 4, "fields": ["team_size"]},
        {"title": "Flour gets dear", "category": "market", "probability": 2, "fields": []},
    ],
    "monitoring": {"frequency": "Weekly", "indicators": ["Late loaves"]},
}


def test_texts_stand_in_their_order_without_braces_choices_and_ids() -> None:
    text = excerpt.read(json.dumps(SECTION))

    assert text == "The oven breaks\nFlour gets dear\nWeekly\nLate loaves"


def test_the_word_that_is_being_written_is_shown_as_far_as_it_is() -> None:
    assert excerpt.read('{"risks": [{"title": "The oven br') == "The oven br"


def test_every_beginning_can_be_read_and_says_no_less_than_a_shorter_one() -> None:
    whole = json.dumps(SECTION | {"quoted": 'He said "Zwei Öfen 🥖" \\ \n'})

    lengths = [len(excerpt.read(whole[:end])) for end in range(len(whole) + 1)]

    assert lengths[0] == 0
    # What is yet to become more than a code ("the" of "the oven") comes and goes; nothing longer is lost.
    assert all(later >= earlier - 12 for earlier, later in itertools.pairwise(lengths))
    assert lengths[-1] == max(lengths)


def test_words_before_the_object_are_passed_over() -> None:
    assert excerpt.read('Here you are:\n```json\n{"title": "The oven') == "The oven"


def test_of_a_long_text_the_end_is_shown_and_it_says_so() -> None:
    text = excerpt.read(json.dumps({"a": "ö" * 10_000 + " the end"}))

    assert text.startswith("…ö")
    assert text.endswith("ö the end")
    assert TEXT_BYTES - 3 <= len(text.encode()) <= TEXT_BYTES


@given(arbitrary.text())
def test_whatever_a_model_says_can_be_read_and_sent(answer: str) -> None:
    for said in (answer, "{" + answer, '{"a": "' + answer):
        assert len(excerpt.read(said).encode()) <= TEXT_BYTES


@given(arbitrary.recursive(arbitrary.text() | arbitrary.integers(), arbitrary.lists), arbitrary.integers(0, 400))
def test_half_of_any_object_can_be_read(value: object, end: int) -> None:
    text = excerpt.read(json.dumps({"a": value})[:end])

    assert "\x00" not in text
