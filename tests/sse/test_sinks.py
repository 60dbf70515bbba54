"""Sinks: one reader's loss is nobody else's."""

import asyncio

import pytest

from sse import sinks
from sse.sinks import Message


@pytest.mark.parametrize("error", [RuntimeError("the handler is closed"), OSError(), ConnectionResetError()])
@pytest.mark.parametrize("late", [False, True])
def test_whatever_a_server_raises_for_one_reader_stays_with_it(error: Exception, late: bool) -> None:
    async def scenario() -> list[bytes]:
        sent: list[bytes] = []

        async def broken(message: Message) -> None:
            if late:
                await asyncio.sleep(0)
            raise error

        async def whole(message: Message) -> None:
            sent.append(message["body"])

        lost, other = sinks.Direct(broken), sinks.Direct(whole)
        for _ in range(3):
            for sink in (lost, other):
                assert sink.push(sinks.body(b"x"))
            await asyncio.sleep(0.01)
        await lost.drained()
        lost.close()
        return sent

    assert asyncio.run(scenario()) == [b"x"] * 3


def test_what_is_pushed_while_a_send_waits_goes_out_joined_and_in_order() -> None:
    async def scenario() -> list[bytes]:
        sent: list[bytes] = []
        gate = asyncio.Event()

        async def slow(message: Message) -> None:
            await gate.wait()
            sent.append(message["body"])

        sink = sinks.Direct(slow)
        for number in range(5):
            sink.push(sinks.body(b"%d" % number))
        assert sink.blocked_since() is not None
        gate.set()
        await sink.drained()
        sink.close()
        await asyncio.sleep(0.01)
        return sent

    assert asyncio.run(scenario()) == [b"0", b"1234", b""]


def test_a_backlog_is_bounded(settings: object) -> None:
    settings.SSE_BACKLOG_EVENTS = 2  # type: ignore[attr-defined]

    async def scenario() -> list[bool]:
        async def stuck(message: Message) -> None:
            await asyncio.Event().wait()

        sink = sinks.Direct(stuck)
        taken = [sink.push(sinks.body(b"x")) for _ in range(4)]
        sink.abandon()
        await asyncio.sleep(0)
        return taken

    assert asyncio.run(scenario()) == [True, True, True, False]
