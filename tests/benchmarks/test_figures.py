"""The pieces of the benchmark that could be wrong without anybody noticing."""

import asyncio
import os
import threading
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync

from benchmarks import client, process, report


def test_processor_time_is_read_whatever_a_process_calls_itself() -> None:
    ticks = os.sysconf("SC_CLK_TCK")
    stat = f"7 (a) name (b) S {' '.join(['1'] * 10)} {3 * ticks} {ticks} 0 0"

    assert process.cpu_seconds(stat) == 4


def test_a_process_tells_its_memory_and_threads() -> None:
    found = process.status(os.getpid())

    assert int(found["Threads"]) == len(list(Path("/proc/self/task").iterdir())) >= threading.active_count()
    assert int(found["VmRSS"].split()[0]) > 1000


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_events_are_counted_wherever_reads_cut_them(size: int) -> None:
    publisher = client.Publisher(lambda topic, text: f"data: {text}\n\n".encode(), ["bench:1"], 1)
    stream = b"event: hello\ndata: {}\n\n" + b"".join(publisher.next() for _ in range(50))

    async def scenario() -> client.Readers:
        readers = client.Readers()
        reader = client.Reader(readers, b"", b"event: hello", sampled=False)
        for start in range(0, len(stream), size):
            reader.data_received(stream[start : start + size])
        assert reader.ready.done()
        await asyncio.sleep(0)
        return readers

    assert async_to_sync(scenario)().got == publisher.due == 50


def test_a_report_says_what_was_reached_and_what_not() -> None:
    figures = {
        "floor": {"fixed µs": 10.0, "sat. µs": 2.0},
        "ours": {"fixed µs": 13.0, "sat. µs": 4.0, "KiB/stream": 11.0, "lost": 0.0},
        "nchan": {"fixed µs": 12.0},
    }
    results = {"date": "today", "machine": "this", "streams": {"broadcast 1000": figures}}

    text = report.tables(results)

    assert "| broadcast 1000: fixed µs, against the floor | ≤ 1.4 | 1.3 | yes |" in text
    assert "| broadcast 1000: sat. µs, against the floor | ≤ 1.4 | 2 | **no** |" in text
    assert "| broadcast 1000: fixed µs, against nchan | ≤ 1 | 1.08 | **no** |" in text
    assert "| broadcast 1000: KiB a stream | ≤ 12 | 11 | yes |" in text
    assert "| **ours** | 13 (1.30×) | 4 (2.00×) |" in text
    assert "sse-starlette" not in text
