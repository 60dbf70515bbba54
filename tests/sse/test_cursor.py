"""Cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sse import cursor
from sse.events import MAX_SEQ

NAMES = st.lists(
    st.from_regex(r"[a-z][a-z0-9_]{0,31}:[A-Za-z0-9_.-]{1,64}", fullmatch=True), min_size=1, max_size=20, unique=True
)
NUMBERS = st.integers(0, MAX_SEQ)


@given(st.data())
def test_what_was_written_is_read_back(data: st.DataObject) -> None:
    names = data.draw(NAMES)
    positions = {name: data.draw(NUMBERS) for name in names}

    text = cursor.write(positions, alone=len(names) == 1)

    assert cursor.parse(text, names) == positions


@pytest.mark.attack(6)
@given(st.text())
def test_any_text_is_read_or_unreadable(text: str) -> None:
    try:
        positions = cursor.parse(text, ["job:1"])
    except cursor.Unreadable:
        return

    assert 0 <= positions["job:1"] <= MAX_SEQ


def test_an_absent_cursor_is_the_beginning() -> None:
    assert cursor.parse("", ["job:1", "user:2"]) == {"job:1": 0, "user:2": 0}


@pytest.mark.attack(7)
def test_a_topic_that_the_cursor_lacks_starts_at_the_beginning_and_one_not_asked_for_is_ignored() -> None:
    assert cursor.parse("job:1=7,job:9=3", ["job:1", "user:2"]) == {"job:1": 7, "user:2": 0}


def test_a_bare_number_says_nothing_of_several_topics() -> None:
    with pytest.raises(cursor.Unreadable):
        cursor.parse("7", ["job:1", "user:2"])


@pytest.mark.attack(6)
@pytest.mark.parametrize(
    "text",
    ["٣", "1_000", "+5", "-1", " 7", "7 ", "0x10", "1e9", "007", "9" * 20, "9" * 7000, "x" * 65536, str(2**63),
     "job:1=", "=7", "job:1=7,", "job:1=7,,user:2=1"],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_unreadable(text: str) -> None:
    with pytest.raises(cursor.Unreadable):
        cursor.parse(text, ["job:1"])
