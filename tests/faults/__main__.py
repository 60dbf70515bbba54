"""
The ledger: faults at random, and at the end every reader's ledger equals the rows.

    python -m tests.faults [--runs N] [--seconds S] [--seed X] [--json FILE] [--sqlite]
"""

import argparse
import contextlib
import json
import os
import secrets
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

from tests import cluster
from tests.ports import free_port


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="The ledger, under faults.")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=40, help="of faults in each run (default 40)")
    parser.add_argument("--seed", type=int, help="of the first run; the next ones count on")
    parser.add_argument("--rate", type=float, default=12, help="transactions a second of each publisher (default 12)")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite, without restarts of the database")
    return parser.parse_args()


@contextlib.contextmanager
def surroundings(*, sqlite: bool) -> Iterator[cluster.Cluster | None]:
    """A database for the runs, PostgreSQL where there is one, and a port for Redis; both named to the settings."""
    bin = None if sqlite else cluster.binaries()
    folder = os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="ledger-")
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{free_port()}"
    try:
        if bin is None:
            print("On SQLite; no restart of the database is tried.")
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/ledger.sqlite3"
            yield None
        else:
            with cluster.postgres(bin) as server:
                os.environ["DATABASE_URL"] = server.url
                yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def line(figures: dict[str, Any]) -> str:
    """A run in one line."""
    names = ("events", "deliveries", "lost", "doubled", "resets")
    told = ", ".join(f"{figures[name]} {name}" for name in names)
    faults = sum(figures["faults"].values())
    verdict = "ok" if not figures["wrong"] else f"{len(figures['wrong'])} WRONG"
    levels = ", ".join(f"{what} {seconds} s" for what, seconds in figures["level_seconds"].items())
    return f"seed {figures['seed']}: {verdict}, {told}, {faults} faults, {figures['seconds']} s (level after: {levels})"


def total(all: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums of all runs."""
    names = ("events", "deliveries", "lost", "doubled", "resets", "jobs", "seconds")
    faults: Counter[str] = sum((Counter(one["faults"]) for one in all), Counter())
    sums = {name: round(sum(one[name] for one in all), 1) for name in names}
    wrong = [one["seed"] for one in all if one["wrong"]]
    return {"runs": len(all), **sums, "faults": dict(sorted(faults.items())), "wrong_seeds": wrong}


def main() -> int:
    """Run, print, write; return how many runs were wrong."""
    wanted = options()
    seed = secrets.randbelow(10**6) if wanted.seed is None else wanted.seed
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["STRATEGIES_MAX_ACTIVE_JOBS_PER_USER"] = "0"
    figures: list[dict[str, Any]] = []
    with surroundings(sqlite=wanted.sqlite) as server:
        django.setup()
        from tests.faults import census, run, world

        with world.running(server) as here:
            user = run.user()
            census.warm(here, user)
            before = census.quiet(here)
            for number in range(wanted.runs):
                print(f"seed {seed + number} …", flush=True)
                one = run.Run(here, seed + number, wanted.seconds, Path(os.environ["DATA_DIR"]), user, wanted.rate)
                figures.append(one.go())
                census.warm(here, user)
                figures[-1]["wrong"] += census.settled(here, before)
                figures[-1]["held"] = {"before": before, "after": census.take(here)}
                print(line(figures[-1]), flush=True)
                for what in figures[-1]["wrong"][:40]:
                    print(f"  {what}", flush=True)
                if wanted.json:
                    wanted.json.write_text(json.dumps({"total": total(figures), "runs": figures}, indent=1))
    print(json.dumps(total(figures), indent=1))
    return len(total(figures)["wrong_seeds"])


if __name__ == "__main__":
    sys.exit(main())
