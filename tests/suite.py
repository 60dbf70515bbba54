"""
Everything ``make test`` runs: linters, types, JavaScript, Python and browser tests.

    python tests/suite.py [--postgres] [pytest arguments]

All of them run, whatever one finds; the last lines say which failed, and what was skipped for want of what. Two go side
by side, since half of the Python tests wait most of their time; each run of pytest has servers, a database and ports of
its own. ``--postgres`` adds those tests for which the database matters, on PostgreSQL.
"""

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-m", "pytest"]
# What mostly waits: for heartbeats, for what was killed to come back, for a browser.
LIVE = ["tests/browser", "tests/config", "tests/faults", "tests/sse", "tests/test_nginx.py"]
# Whose outcome hangs on no database, or which bring one of their own.
NO_DATABASE = ["tests/benchmarks", "tests/browser", "tests/faults", "tests/strategies/exports", "tests/test_nginx.py"]

type Command = tuple[str, list[str] | None]


def commands(arguments: list[str]) -> list[Command]:
    """Return what to run by its name, in the order in which it is begun; None for what this machine can't run."""
    node = shutil.which("node")
    scripts = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").glob("*.test.js"))
    checks: list[Command] = [
        ("ruff check", [str(BIN / "ruff"), "check", "--output-format", "concise"]),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "-q"]),
        ("layers", [str(BIN / "lint-imports"), "--no-cache"]),
        ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", "-v0"]),
        ("system checks", [sys.executable, "manage.py", "check", "--fail-level", "WARNING"]),
        ("mypy", [str(BIN / "mypy"), "."]),
        ("node --test", [node, "--test", *scripts] if node else None),
        *((f"node --test tests/js/{name}", packaged(node, name)) for name in ("react", "types")),
    ]
    return [*checks, *tests(arguments)]


def packaged(node: str | None, name: str) -> list[str] | None:
    """Return what runs the tests of a folder that needs packages; they find the client as a package among them."""
    folder = ROOT / "tests" / "js" / name
    if node is None or not (folder / "node_modules").exists():
        return None
    return [node, "--preserve-symlinks", "--test", *map(str, sorted(folder.glob("*.test.js")))]


def tests(arguments: list[str]) -> list[Command]:
    """Return the runs of pytest: with arguments one, that they are for."""
    wanted = [argument for argument in arguments if argument != "--postgres"]
    if wanted:
        return [("pytest", [*PYTEST, *wanted])]
    rest = [f"--ignore={path}" for path in LIVE]
    found: list[Command] = [("pytest, live", [*PYTEST, *LIVE]), ("pytest", [*PYTEST, *rest])]
    if "--postgres" in arguments:
        postgres = [sys.executable, "tests/on_postgres.py", "--database"]
        rest += [f"--ignore={path}" for path in NO_DATABASE]
        live = [path for path in LIVE if path not in NO_DATABASE]
        found += [("PostgreSQL, live", [*postgres, *live]), ("PostgreSQL", [*postgres, *rest])]
    return found


class Suite:
    """The commands, and how they went."""

    def __init__(self, arguments: list[str]) -> None:
        self.failed: list[str] = []
        self.skipped: list[str] = []
        self._left: queue.SimpleQueue[Command] = queue.SimpleQueue()
        for command in commands(arguments):
            self._left.put(command)

    def run(self) -> None:
        """Run what is left, one after the other; several threads may do so at once."""
        while True:
            try:
                name, command = self._left.get_nowait()
            except queue.Empty:
                return
            if command is None:
                self.skipped.append(name)
            elif _shown(name, command):
                self.failed.append(name)


def _shown(name: str, command: list[str]) -> int:
    """Run a command; each line that it writes bears its name."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    for line in process.stdout:
        print(f"{name} | {line}", end="", flush=True)
    code = process.wait()
    print(f"{name} | {'FAILED' if code else 'passed'} in {time.monotonic() - began:.0f} s", flush=True)
    return code


def main() -> int:
    """Run all; return how many failed."""
    os.chdir(ROOT)
    suite = Suite(sys.argv[1:])
    threads = [threading.Thread(target=suite.run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in suite.skipped:
        print(f"skipped  {name}: there is no node on this machine, or its packages could not be installed")
    print(f"\n{'FAILED: ' + ', '.join(suite.failed) if suite.failed else 'All passed.'}")
    return len(suite.failed)


if __name__ == "__main__":
    sys.exit(main())
