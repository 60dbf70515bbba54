"""The pieces of the benchmark that could be wrong without anybody noticing."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync

from benchmarks import client, process, report, streams
from tests.live import wait_for


def test_processor_time_is_that_of_the_process_to_less_than_a_tick() -> None:
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        wait_for(lambda: process.cpu_seconds(child.pid) > 0.05)
        fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        told = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

        assert told - 0.02 <= process.cpu_seconds(child.pid) < told + 5
    finally:
        child.kill()
        child.wait()


def test_open_files_are_counted_by_what_their_name_ends_with(tmp_path: Path) -> None:
    with (tmp_path / "a.sqlite3").open("w"), (tmp_path / "b.sqlite3-wal").open("w"):
        assert process.open_files(os.getpid(), ".sqlite3") - process.open_files(os.getpid(), "x.sqlite3") >= 1
        assert process.open_files(os.getpid(), str(tmp_path / "a.sqlite3")) == 1


def test_a_report_says_whether_costs_stay_flat_and_counts_every_kind_of_fault() -> None:
    small = {"ours": {"fixed µs": 10.0, "KiB/stream": 11.0, "lost": 0.0, "lost sat.": 2.0, "disorder": 1.0}}
    large = {"ours": {"fixed µs": 13.0, "KiB/stream": 11.0, "lost": 0.0}}
    streams = {"topics 1000": small, "topics 10000": large}

    text = report.tables({"date": "today", "machine": "this", "streams": streams})

    assert "| topics: fixed µs at 10,000 streams, against 1,000 | ≤ 1.2 | 1.3 | **no** |" in text
    assert "| topics: KiB/stream at 10,000 streams, against 1,000 | ≤ 1.2 | 1 | yes |" in text
    assert "| topics 1000: events lost or out of order, streams closed | ≤ 0 | 3 | **no** |" in text
    assert "| topics 10000: events lost or out of order, streams closed | ≤ 0 | 0 | yes |" in text


def test_of_several_runs_a_loss_is_kept_and_of_a_cost_the_least() -> None:
    runs = [{"fixed µs": 9.0, "lost": 3.0, "max/s": 100.0}, {"fixed µs": 8.0, "lost": 0.0, "max/s": 90.0}]

    assert streams.best(runs) == {"fixed µs": 8.0, "lost": 3.0, "max/s": 100.0}


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


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
@pytest.mark.parametrize(("dropped", "disorder"), [(None, 0), (20, 1)])
def test_a_sampled_reader_notices_what_is_missing_wherever_reads_cut(
    size: int, dropped: int | None, disorder: int
) -> None:
    publisher = client.Publisher(lambda topic, text: f"data: {text}\n\n".encode(), ["bench:1"], 1)
    told = [publisher.next() for _ in range(50)]
    stream = b"event: hello\ndata: {}\n\n" + b"".join(one for at, one in enumerate(told) if at != dropped)

    async def scenario() -> client.Readers:
        readers = client.Readers()
        reader = client.Reader(readers, b"", b"event: hello", sampled=True)
        for start in range(0, len(stream), size):
            reader.data_received(stream[start : start + size])
        return readers

    found = async_to_sync(scenario)()
    assert found.disorder == disorder
    assert len(found.ages) == found.got == len(told) - disorder
