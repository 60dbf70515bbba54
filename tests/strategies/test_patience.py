"""How often a provider is asked again."""

import pytest

from strategies.engines.model.patience import Patience

PATIENCE = Patience(tries=5, first_seconds=1, longest_seconds=30, total_seconds=90)


def pause(*, tried: int = 1, spent: float = 0, asked: float | None = None) -> float:
    seconds = PATIENCE.pause(tried=tried, spent=spent, asked=asked)
    assert seconds is not None
    return seconds


@pytest.mark.parametrize(("tried", "least", "most"), [(1, 0.5, 1.5), (2, 1, 3), (3, 2, 6), (4, 4, 12)])
def test_pauses_double_and_differ(tried: int, least: float, most: float) -> None:
    pauses = {pause(tried=tried) for _ in range(50)}

    assert len(pauses) > 40
    assert all(least <= seconds <= most for seconds in pauses)


def test_nobody_comes_back_before_the_provider_said_so() -> None:
    assert all(7 <= pause(asked=7) <= 7.5 for _ in range(50))


def test_a_provider_can_ask_for_thirty_seconds_at_most() -> None:
    assert pause(asked=3600) == 30


def test_the_last_try_is_the_last() -> None:
    assert PATIENCE.pause(tried=5, spent=0, asked=None) is None


def test_no_pause_goes_beyond_the_time_for_all() -> None:
    assert pause(spent=60, asked=30) == 30
    assert PATIENCE.pause(tried=1, spent=60.1, asked=30) is None
