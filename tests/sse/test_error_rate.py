"""Too many errors at once: told once, and only while there are too many."""

import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from sse import error_rate
from tests import live

logger = logging.getLogger("strategies.somewhere")


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rate(settings: Any, clock: Clock) -> error_rate.Rate:
    settings.SSE_ERRORS_PER_FIVE_MINUTES = 3
    return error_rate.Rate(clock=clock)


@pytest.fixture
def here(rate: error_rate.Rate, monkeypatch: pytest.MonkeyPatch) -> Iterator[error_rate.Rate]:
    """The process's own rate, as it is at its start."""
    monkeypatch.setattr(error_rate, "here", rate)
    yield rate
    live.wait_for(lambda: not telling())


def telling() -> bool:
    return any(thread.name == "error-rate" for thread in threading.enumerate())


def test_one_error_more_than_may_be_is_told_and_those_after_it_are_not(rate: error_rate.Rate) -> None:
    told = [rate.note() for _ in range(10)]

    assert told == [False, False, False, True, *[False] * 6]
    assert rate.above()
    assert rate.count() == 10


def test_the_next_window_tells_again(rate: error_rate.Rate, clock: Clock) -> None:
    first = [rate.note() for _ in range(4)]
    clock.now += 299
    within = [rate.note() for _ in range(4)]
    clock.now += 2
    after = [rate.note() for _ in range(4)]

    assert [any(first), any(within), any(after)] == [True, False, True]
    assert sum(after) == 1


def test_errors_far_apart_are_never_too_many(rate: error_rate.Rate, clock: Clock) -> None:
    for _ in range(50):
        clock.now += 101
        assert not rate.note()

    assert not rate.above()


def test_it_is_over_when_the_errors_are_five_minutes_old(rate: error_rate.Rate, clock: Clock) -> None:
    for _ in range(4):
        rate.note()

    clock.now += 301

    assert not rate.above()
    assert rate.count() == 0


def test_nought_switches_it_off(rate: error_rate.Rate, settings: Any) -> None:
    settings.SSE_ERRORS_PER_FIVE_MINUTES = 0

    assert not any(rate.note() for _ in range(50))
    assert not rate.above()


def test_the_admins_get_exactly_one_mail(here: error_rate.Rate, settings: Any) -> None:
    settings.ADMINS = ["ops@example.com"]

    for number in range(30):
        logger.error("error %s", number)
    live.wait_for(lambda: mail.outbox)
    live.wait_for(lambda: not telling())

    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["ops@example.com"]
    assert "more than 3 (SSE_ERRORS_PER_FIVE_MINUTES)" in mail.outbox[0].subject
    assert here.count() == 30  # and not its own


@pytest.mark.parametrize("name", ["sse.hub", "strategies.run", "config.errors", "django.request"])
def test_errors_of_the_project_and_of_its_requests_count(here: error_rate.Rate, name: str) -> None:
    logging.getLogger(name).error("as it happens")

    assert here.count() == 1


@pytest.mark.parametrize(("name", "level"), [("sse.hub", logging.WARNING), ("elsewhere", logging.ERROR)])
def test_warnings_and_errors_of_others_do_not_count(here: error_rate.Rate, name: str, level: int) -> None:
    logging.getLogger(name).log(level, "as it happens")

    assert here.count() == 0


def test_an_error_by_itself_is_mailed_to_nobody(here: error_rate.Rate, settings: Any) -> None:
    settings.ADMINS = ["ops@example.com"]

    logging.getLogger("django.request").error("Internal Server Error: /")
    logger.error("one")

    assert not telling()
    assert mail.outbox == []


@pytest.mark.django_db
def test_health_is_degraded_with_the_reason_while_there_are_too_many(
    here: error_rate.Rate, clock: Clock, redis_server: live.Process, client: Client
) -> None:
    def health() -> dict[str, Any]:
        answer = client.get("/health/ready")
        assert answer.status_code == 200
        return json.loads(answer.content)  # type: ignore[no-any-return]

    before = health()
    for _ in range(4):
        logger.error("again")
    during = health()
    clock.now += 301
    after = health()

    assert [one["status"] for one in (before, during, after)] == ["ready", "degraded", "ready"]
    assert during["reasons"] == ["4 errors in this process within five minutes."]
