"""What is said of a run before it is started."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from strategies import kinds
from strategies.models import Job, Step
from strategies.start import contract
from tests.strategies.pages import page, store

MODEL = "openai:some-model"


def ran(owner: User, *, seconds: float, engine: str, tokens: int = 0, cost: str | None = None) -> Job:
    """A run that succeeded, each of whose steps took so long."""
    now = timezone.now()
    job = Job.objects.create(
        owner=owner,
        kind="strategy",
        engine=engine,
        status="succeeded",
        run_after=now,
        finished=now,
        strategy=store(owner),
    )
    for number, step in enumerate(kinds.get("strategy").steps, 1):
        used = {"tokens_in": tokens, "tokens_out": tokens, "cost": Decimal(cost) if cost else None}
        Step.objects.create(job=job, key=step.key, number=number, seconds=seconds, attempt=1, engine=engine, **used)
    return job


def told(client: Client) -> dict[str, str]:
    """The contract beside the button, as the page says it."""
    card = page(client, "/strategies/new").one("section", aria_labelledby="contract")
    return dict(zip([each.text for each in card.all("dt")], [each.text for each in card.all("dd")], strict=True))


def test_before_anybody_measured_it_no_time_is_promised(mine: Client) -> None:
    said = told(mine)

    assert "not known yet" in said["It takes"]
    assert not any(character.isdigit() for character in said["It takes"].replace("8 steps", ""))


@pytest.mark.parametrize(("seconds", "usually"), [(0.01, "1 s"), (2, "16 s"), (60, "8 min"), (70, "9–10 min")], ids=str)
def test_the_usual_time_is_that_of_earlier_runs(owner: User, mine: Client, seconds: float, usually: str) -> None:
    for _ in range(5):
        ran(owner, seconds=seconds, engine="offline")

    assert f"Usually {usually}," in told(mine)["It takes"]


def test_a_range_is_told_where_runs_differ(owner: User) -> None:
    for seconds in (1, 2, 3, 4, 5):
        ran(owner, seconds=seconds, engine="offline")

    assert contract.read(owner).usually == "12–36 s"


def test_the_rules_cost_nothing(mine: Client) -> None:
    said = told(mine)

    assert said["It costs"].startswith("Nothing")
    assert "token" not in said["It costs"]


def test_a_models_price_is_that_of_earlier_runs_with_what_is_left_of_the_day(
    owner: User, mine: Client, settings: Any
) -> None:
    settings.STRATEGIES_MODEL, settings.STRATEGIES_TOKENS_PER_USER_PER_DAY = MODEL, 100_000
    for _ in range(5):
        ran(owner, seconds=4, engine=MODEL, tokens=500, cost="0.0125")

    said = told(mine)["It costs"]

    assert "about 8,000 tokens of some-model" in said
    assert "about US$ 0.10" in said
    assert "60,000 of 100,000 tokens left today" in said


def test_a_price_that_nobody_knows_is_not_made_up(owner: User, mine: Client, settings: Any) -> None:
    settings.STRATEGIES_MODEL = MODEL
    assert "how many is not known yet" in told(mine)["It costs"]
    caches["local"].clear()
    for _ in range(5):
        ran(owner, seconds=4, engine=MODEL, tokens=500)

    said = told(mine)["It costs"]

    assert "US$" not in said
    assert "its price is not known here" in said
    assert "left today" not in said


def test_one_is_told_what_one_gets_and_that_one_may_leave(mine: Client) -> None:
    said = told(mine)

    assert "Risk assessment" in said["You get"]
    assert "You may leave" in said["Meanwhile"]
