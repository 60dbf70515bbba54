"""Promise 9b: a black-holed Redis stalls nobody. Streams begin, go on by polling, and pages answer."""

import httpx
import pytest

from tests import live
from tests.faults.conftest import Balance

pytestmark = pytest.mark.live


def test_behind_a_black_hole_streams_begin_and_go_on_by_polling(balance: Balance) -> None:
    here = balance(1, **live.TOLD)  # by polling, and not by the comparison of every heartbeat
    here.publish()
    here.read(3)
    here.level()

    here.to_redis.swallow(True)
    here.publish()
    here.read(3)  # whose subscriptions nobody confirms
    here.level()
    for _ in range(3):
        here.publish()
        here.level()
    here.to_redis.swallow(False)
    here.publish(final=True)

    live.wait_for(lambda: all(reader.finished for reader in here.readers), what="all to finish")
    assert here.wrong() == []


def test_behind_a_black_hole_pages_answer_and_say_so(balance: Balance) -> None:
    here = balance(1)
    url = f"{here.webs[0].environment['URL']}/health/ready"
    assert live.get(url).json()["status"] == "ready"

    here.to_redis.swallow(True)
    answers = [httpx.get(url, timeout=30) for _ in range(5)]  # far less than a connection that nobody answers takes

    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].json()["status"] == "degraded"
