"""Promise 9b: a black-holed Redis stalls nobody. Streams begin, go on by polling, and pages answer."""

import time

import httpx
import pytest

from tests import live
from tests.faults.conftest import Balance

pytestmark = pytest.mark.live

# A poll every two seconds, and a machine that has other things to do.
POLL_SECONDS = 2.0 + 2.0
# Nothing heard for four seconds is how the hole is noticed; a poll follows at once.
NOTICED_SECONDS = 4.0 + POLL_SECONDS


def test_behind_a_black_hole_streams_begin_and_go_on_by_polling(balance: Balance) -> None:
    here = balance(1)
    here.publish()
    here.read(3)
    here.level(seconds=10)

    here.to_redis.swallow(True)
    here.publish()
    here.read(3)  # whose subscriptions nobody confirms
    here.level(seconds=NOTICED_SECONDS)
    for _ in range(3):
        here.publish()
        here.level(seconds=POLL_SECONDS)
    here.to_redis.swallow(False)
    here.publish(final=True)

    live.wait_for(lambda: all(reader.finished for reader in here.readers), what="all to finish")
    assert here.wrong() == []


def test_behind_a_black_hole_pages_answer_and_say_so(balance: Balance) -> None:
    here = balance(1)
    url = f"{here.webs[0].environment['URL']}/health/ready"
    assert httpx.get(url).json()["status"] == "ready"

    here.to_redis.swallow(True)
    began = time.monotonic()
    answers = [httpx.get(url, timeout=10) for _ in range(5)]
    took = time.monotonic() - began

    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].json()["status"] == "degraded"
    assert took < 5 * 1.0  # a quarter of a second each at most, and a machine that has other things to do
