"""The text of a section on its way from an engine to whoever watches."""

import asyncio
import json
import time
import uuid
from itertools import pairwise
from typing import Any

import pytest
from django_redis import get_redis_connection

from sse import channels, sender
from strategies import writing
from strategies.models import Job
from tests import live


@pytest.fixture
def job() -> Job:
    return Job(pk=uuid.uuid4(), attempt=3)


def hear(job: Job) -> Any:
    heard = get_redis_connection("default").pubsub(ignore_subscribe_messages=True)
    heard.subscribe(channels.of_topic(job.topic))
    live.wait_for(lambda: heard.get_message(timeout=0.1) is None and heard.subscribed)
    # After tests without a Redis the publisher rests for a second: what is shown then is dropped.
    live.wait_for(lambda: sender.send(channels.EVERYBODY, channels.LOOK))
    return heard


def texts(heard: Any) -> list[dict[str, Any]]:
    found = []
    while message := heard.get_message(timeout=0.5):
        found.append(json.loads(message["data"]))
    heard.close()
    return found


def write(job: Job, answers: list[str], *, pause: float) -> None:
    async def run() -> None:
        async with writing.shown(job, "risk_assessment") as show:
            for answer in answers:
                show(answer)
                await asyncio.sleep(pause)

    asyncio.run(run())


def write_one(job: Job, answer: str, heard: Any) -> dict[str, Any]:
    """Write until something was shown, and return that."""

    async def run() -> Any:
        async with writing.shown(job, "risk_assessment") as show:
            show(answer)
            return await asyncio.to_thread(live.wait_for, lambda: heard.get_message(timeout=0.1))

    told: dict[str, Any] = json.loads(asyncio.run(run())["data"])
    return told


@pytest.mark.live
def test_a_text_says_of_which_step_and_attempt_it_is(redis_server: live.Process, job: Job) -> None:
    heard = hear(job)

    told = write_one(job, '{"title": "The oven', heard)

    assert texts(heard) == []
    assert (told["type"], told["topic"], told["text"]) == ("text", job.topic, "The oven")
    assert (told["step_key"], told["attempt"]) == ("risk_assessment", 3)


@pytest.mark.live
def test_at_most_four_a_second_are_sent_and_each_says_more(redis_server: live.Process, job: Job) -> None:
    heard = hear(job)
    began = time.monotonic()

    write(job, [json.dumps({"title": "Word " * count}) for count in range(1, 101)], pause=0.01)
    seconds = time.monotonic() - began

    told = [text["text"] for text in texts(heard)]
    assert 2 <= len(told) <= 4 * seconds + 1
    assert all(later.startswith(earlier) for earlier, later in pairwise(told))


@pytest.mark.live
def test_nothing_is_sent_where_nothing_new_can_be_read(redis_server: live.Process, job: Job) -> None:
    heard = hear(job)

    write(job, ["", "Let me see", '{"probability": 4', '{"probability": 4, "impact'], pause=0.3)

    assert texts(heard) == []


@pytest.mark.live
def test_what_fails_in_the_block_ends_it_and_is_raised(redis_server: live.Process, job: Job) -> None:
    async def run() -> None:
        async with writing.shown(job, "risk_assessment") as show:
            show('{"title": "The oven')
            raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(run())
