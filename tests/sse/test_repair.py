"""Filling gaps from the rows, in a small world whose wire the test holds."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

import sse
from sse.models import Topic
from tests import live
from tests.sse.world import Stream, World, forget_threads, parse

pytestmark = pytest.mark.live

TOPIC = "ledger:repair"


@pytest.fixture
def world(rows: None, redis_server: live.Process) -> Iterator[World]:
    forget_threads()
    with override_settings(SSE_THREADS=1, SSE_HEARTBEAT_SECONDS=3600, SSE_POLL_SECONDS=3600):
        here = World(live.Visitor("http://testserver", live.new_user()).cookies["sessionid"])
        here.wire.connect()
        here.settle()
        yield here
        here.close()
        forget_threads()
    Topic.objects.filter(name=TOPIC).delete()


def publish(world: World, *, heard: bool) -> None:
    """Publish an event; Redis has it on its way, or it was lost there."""
    with transaction.atomic():
        sse.publish(TOPIC, "progress")
    on_its_way = len(world.wire.inbox)
    world.carry()
    if not heard:
        del world.wire.inbox[on_its_way:]


def numbers(stream: Stream) -> list[int]:
    return [data["seq"] for _, _, data in parse(stream.body) if "seq" in data]


def test_a_reader_that_goes_live_while_a_gap_is_filled_past_what_was_heard_misses_nothing(world: World) -> None:
    publish(world, heard=True)
    first = world.request([TOPIC], None)
    world.settle()
    publish(world, heard=False)
    publish(world, heard=True)
    second = world.request([TOPIC], None)
    while second.status is None:
        world.turn()
    second.gate.clear()  # it has read three rows, and takes them later
    world.rest()
    publish(world, heard=False)

    world.settle()  # the third is heard, and the rows that fill the gap have a fourth
    second.gate.set()
    world.settle()
    publish(world, heard=True)
    world.settle()

    assert numbers(first) == [1, 2, 3, 4, 5]
    assert numbers(second) == [1, 2, 3, 4, 5]
