"""Two texts word by word."""

import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from strategies.life import words
from tests.strategies.pages import HOSTILE

PROSE = some.text(alphabet="ab .,\n\u2028é🥖<", max_size=60)


def sides(pieces: list[words.Piece]) -> tuple[str, str]:
    before = "".join(piece.text for piece in pieces if piece.op != "ins")
    return before, "".join(piece.text for piece in pieces if piece.op != "del")


@given(PROSE, PROSE)
def test_the_pieces_are_both_texts_to_the_letter(before: str, after: str) -> None:
    pieces = words.mark(before, after)

    assert sides(pieces) == (before, after)
    assert all(piece.text for piece in pieces)
    assert all(one.op != two.op for one, two in itertools.pairwise(pieces))


@given(PROSE)
def test_a_text_that_did_not_change_is_one_piece(text: str) -> None:
    assert words.mark(text, text) == ([words.Piece("same", text)] if text else [])


def test_only_the_words_that_changed_are_marked() -> None:
    before = "Bake bread. Open at seven in the morning. Close at noon."
    after = "Bake bread. Open at six in the morning. Close at noon."

    assert words.mark(before, after) == [
        words.Piece("same", "Bake bread. Open at "),
        words.Piece("del", "seven "),
        words.Piece("ins", "six "),
        words.Piece("same", "in the morning. Close at noon."),
    ]


def test_a_sentence_of_which_next_to_nothing_stayed_is_shown_as_replaced() -> None:
    before, after = (
        "Put the first hours into pages that lead to orders.",
        "Name who makes them before the rhythm begins.",
    )

    assert words.mark(before, after) == [words.Piece("del", before), words.Piece("ins", after)]


@pytest.mark.parametrize("text", HOSTILE)
def test_every_kind_of_text_comes_through_whole(text: str) -> None:
    assert sides(words.mark(text, f"{text} and more")) == (text, f"{text} and more")


def wordy(vocabulary: int, *, sentences: bool, seed: int) -> str:
    pick = random.Random(seed)
    said = [f"w{pick.randrange(vocabulary)}" for _ in range(10_000)]
    return "".join(word + (". " if sentences and place % 12 == 0 else " ") for place, word in enumerate(said))


@pytest.mark.parametrize("vocabulary", [1, 2, 20, 300, 5_000, 10**9])
@pytest.mark.parametrize("sentences", [False, True])
def test_ten_thousand_words_against_ten_thousand_others_take_less_than_a_second(
    vocabulary: int, sentences: bool
) -> None:
    before, after = (wordy(vocabulary, sentences=sentences, seed=seed) for seed in (1, 2))

    # Processor time: other processes of this machine don't count.
    began = time.process_time()
    pieces = words.mark(before, after)
    took = time.process_time() - began

    assert took < 1
    assert sides(pieces) == (before, after)


def test_a_long_text_with_a_few_changes_shows_just_these() -> None:
    before = wordy(5_000, sentences=True, seed=1)
    after = before.replace("w17 ", "seventeen ").replace("w4711 ", "")

    pieces = words.mark(before, after)

    assert sides(pieces) == (before, after)
    gone = [piece.text for piece in pieces if piece.op == "del"]
    assert 0 < len(gone) <= before.count("w17 ") + before.count("w4711 ")
    assert {text.strip() for text in gone} == {"w17", "w4711"}
