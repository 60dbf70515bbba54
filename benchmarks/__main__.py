"""
Runs the benchmarks, prints their figures, writes ``benchmarks/results.json`` and the tables of docs/performance.md.

    python -m benchmarks [names] [--quick]

``--quick`` takes one round of 1,000 streams and leaves docs/performance.md alone.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import first_event, publish, report, streams

QUICK: dict[str, Callable[[], Any]] = {
    "publish": publish.run,
    "streams": lambda: streams.run(sizes=(1_000,), rounds=1, seconds=3),
    "first_event": first_event.run,
}
BENCHMARKS: dict[str, Callable[[], Any]] = {
    "publish": publish.run,
    "streams": streams.run,
    "idle": streams.idle,
    "first_event": first_event.run,
}
RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Run those named, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which to run: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, 1,000 streams")
    chosen = parser.parse_args()
    known = QUICK if chosen.quick else BENCHMARKS
    if unknown := [name for name in chosen.names if name not in known]:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are: {', '.join(known)}")
    results: dict[str, Any] = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": _machine()}
    for name in chosen.names or known:
        print(f"\n{name}", flush=True)
        results[name] = known[name]()
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    if not chosen.quick and not chosen.names:
        report.write(results)
    print("\n" + report.tables(results))


def _machine() -> str:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = models[0].partition(":")[2].strip() if models else platform.machine()
    kernel = platform.release().partition("-")[0]
    return f"{os.cpu_count()} cores ({model}), Linux {kernel}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
