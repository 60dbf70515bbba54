"""Promise 12: stopping the server ends streams gently; they come back elsewhere, spread over time, missing nothing."""

import contextlib
import threading
import time
import urllib.error
import urllib.request

import pytest

from tests import live
from tests.faults.conftest import Balance, Balanced

pytestmark = pytest.mark.live

READERS = 20


def roll(here: Balanced) -> None:
    """Restart one server after the other, as a deploy does."""
    for web in here.webs:
        web.stop()
        web.start()


def test_a_rolling_restart_behind_a_balancer_loses_nothing(balance: Balance) -> None:
    here = balance(2)
    here.publish()
    here.read(READERS)
    here.level()

    rolling = threading.Thread(target=roll, args=[here])
    rolling.start()
    while rolling.is_alive():
        here.publish()
        time.sleep(0.02)
    here.level()
    here.publish(final=True)

    live.wait_for(lambda: all(reader.finished for reader in here.readers), what="all to finish")
    assert here.wrong() == []
    byes = [bye for reader in here.readers for bye in reader.byes if bye[0] != "done"]
    assert {reason for reason, _ in byes} == {"drain"}
    assert len(byes) >= READERS  # each was on a server that was stopped, most of them twice
    assert len({retry for _, retry in byes}) > READERS / 2  # at random, so that they do not come back together
    assert all(500 <= retry <= 3000 for _, retry in byes)


def test_a_server_that_stops_is_never_called_ready_again(balance: Balance) -> None:
    here = balance(1)
    here.publish()
    here.read(5)
    here.level()
    (web,) = here.webs
    statuses: list[int] = []

    stopping = threading.Thread(target=web.stop)
    stopping.start()
    live.wait_for(lambda: any(reader.byes for reader in here.readers), what="the first stream to end")
    while stopping.is_alive():
        with contextlib.suppress(OSError):  # it listens no more, which says the same
            statuses.append(_status(f"{web.environment['URL']}/health/ready"))

    assert 200 not in statuses


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
