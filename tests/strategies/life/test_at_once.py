"""What two people do in the same moment: one of them is first, and the other is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from strategies import jobs
from strategies.errors import Refused
from strategies.life import copies, edits, reviews, statuses
from strategies.models import Strategy
from tests import live
from tests.strategies.life import papers

# With rows that are committed, as those of server processes are.
pytestmark = pytest.mark.live

KEY = "risk_assessment"
ROUNDS = 12


@pytest.fixture
def author(rows: None) -> User:
    """Somebody whose rows are committed, so that other connections see them."""
    return live.new_user()


@pytest.fixture
def shared(author: User) -> Iterator[Callable[[], Strategy]]:
    """Makes strategies that other connections see; they are deleted afterwards."""
    made: list[Strategy] = []

    def make() -> Strategy:
        made.append(papers.saved(author))
        return made[-1]

    yield make
    for strategy in made:
        jobs.delete_strategy(strategy)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do each act in a thread and a connection of its own, all at the same moment; return results, or the refusals."""
    barrier = Barrier(len(acts))

    def act(do: Callable[[], Any]) -> Any:
        try:
            barrier.wait(60)
            return do()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


def write(strategy: Strategy, text: str) -> Callable[[], Any]:
    texts = {"risks[0].mitigation": text}
    return partial(edits.edit, strategy, KEY, author=strategy.owner, number=1, texts=texts)


def test_of_two_edits_one_is_saved_and_the_other_is_told(shared: Callable[[], Strategy]) -> None:
    for _ in range(ROUNDS):
        strategy = shared()

        results = at_once(write(strategy, "One."), write(strategy, "Other."))

        refused = [result for result in results if isinstance(result, Refused)]
        assert [refusal.code for refusal in refused] == ["stale"]
        assert strategy.versions.count() == 2


def test_a_review_never_lands_on_words_that_nobody_has_read(shared: Callable[[], Strategy]) -> None:
    for _ in range(ROUNDS):
        strategy = shared()

        at_once(write(strategy, "Unread."), partial(reviews.review, strategy, KEY, reviewer=strategy.owner, number=1))

        newest = papers.newest(strategy)
        assert newest.number == 2
        assert newest.sections.get(key=KEY).reviewed is None


def test_an_activation_that_passed_saw_every_section_reviewed(shared: Callable[[], Strategy]) -> None:
    for _ in range(ROUNDS):
        strategy = papers.review_all(shared())

        activated, _ = at_once(partial(statuses.change, strategy, "activate"), write(strategy, "Unread."))

        strategy.refresh_from_db()
        assert strategy.status == ("draft" if isinstance(activated, Refused) else "active")
        # It was refused exactly where the edit came first.
        assert not isinstance(activated, Refused) or activated.code == "not_reviewed"
        assert strategy.versions.count() == 2


def test_versions_are_numbered_without_gaps_whoever_saves_one(shared: Callable[[], Strategy]) -> None:
    strategy = shared()
    write(strategy, "Second.")()

    results = at_once(*[lambda: copies.restore(strategy, 1, author=strategy.owner) for _ in range(4)])

    assert not [result for result in results if isinstance(result, Refused)]
    assert sorted(strategy.versions.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_of_two_who_pause_and_deactivate_both_are_heard_in_some_order(shared: Callable[[], Strategy]) -> None:
    for _ in range(ROUNDS):
        strategy = statuses.change(papers.review_all(shared()), "activate")

        paused, _ = at_once(
            partial(statuses.change, strategy, "pause"), partial(statuses.change, strategy, "deactivate")
        )

        strategy.refresh_from_db()
        assert strategy.status == "inactive"
        assert not isinstance(paused, Refused) or "activate it first" in paused.message
