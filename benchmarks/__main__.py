"""
Runs the benchmarks, prints their figures, writes ``benchmarks/results.json`` and the tables of docs/performance.md.

    python -m benchmarks [names] [--quick]
    python -m benchmarks streams --contenders floor,ours --streams 1000 --shapes topics --rounds 3

``--quick`` takes one round of 1,000 streams. Only a full run, of however many rounds, rewrites docs/performance.md.
"""

import argparse
import functools
import json
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import documents, first_event, jobs, publish, report, streams

QUICK: dict[str, Callable[..., Any]] = {
    "publish": publish.run,
    "streams": functools.partial(streams.run, sizes=(1_000,), rounds=1, seconds=3),
    "jobs": lambda: jobs.run(waiting_on_postgres=50_000),
    "first_event": first_event.run,
    "documents": documents.run,
}
BENCHMARKS: dict[str, Callable[..., Any]] = {
    "publish": publish.run,
    "streams": streams.run,
    "idle": streams.idle,
    "jobs": jobs.run,
    "first_event": first_event.run,
    "documents": documents.run,
}
RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Run those named, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which to run: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, 1,000 streams")
    parser.add_argument("--contenders", type=_words, dest="names_of", help="of those in benchmarks/contenders.py")
    parser.add_argument("--streams", type=_numbers, dest="sizes", help="how many: 100,1000")
    parser.add_argument("--shapes", type=_words, help="broadcast,topics")
    parser.add_argument("--rounds", type=int, help="runs of each")
    parser.add_argument("--seconds", type=float, help="length of each load")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where to write them (default: %(default)s)")
    chosen = parser.parse_args()
    asked = {
        "names": chosen.names_of,
        **{key: getattr(chosen, key) for key in ("sizes", "shapes", "rounds", "seconds")},
    }
    asked = {key: value for key, value in asked.items() if value is not None}
    known = QUICK if chosen.quick else BENCHMARKS
    if unknown := [name for name in chosen.names if name not in known]:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are: {', '.join(known)}")
    results: dict[str, Any] = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": _machine()}
    for name in chosen.names or known:
        print(f"\n{name}", flush=True)
        results[name] = known[name](**(asked if name == "streams" else {}))
    chosen.results.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    if not (chosen.quick or chosen.names or asked.keys() - {"rounds"}):
        report.write(results)
    print("\n" + report.tables(results))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _numbers(text: str) -> list[int]:
    return [int(word) for word in _words(text)]


def _machine() -> str:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = models[0].partition(":")[2].strip() if models else platform.machine()
    kernel = platform.release().partition("-")[0]
    return f"{os.cpu_count()} cores ({model}), Linux {kernel}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
