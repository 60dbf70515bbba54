"""
Everything ``make test`` runs: linters, types, JavaScript, Python and browser tests.

    python tests/suite.py [--postgres] [--twice] [pytest arguments]

All of them run, whatever one finds; the last lines say which failed, and what was skipped for want of what. Two go side
by side, since half of the Python tests wait most of their time; each run of pytest has servers, a database and ports of
its own. ``--postgres`` adds those tests for which the database matters, on PostgreSQL.

With ``--twice`` a few tests that failed beside the others get a second chance, alone: a shared machine may stand still
for seconds. Those that only then pass are named in the last lines, for they are to be mended all the same; one that
fails twice has failed.
"""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
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

FLAGS = ("--postgres", "--twice")
# More failures than these in a run are no chance, and get no second one.
FEW = 5

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
    wanted = [argument for argument in arguments if argument not in FLAGS]
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
        self.failed: dict[str, int] = {}
        self.skipped: list[str] = []
        self.passed_alone: list[str] = []
        self._arguments = arguments
        self._twice = "--twice" in arguments
        self._caches = tempfile.TemporaryDirectory(prefix="suite-")
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
            elif code := _shown(name, [*command, *self._remembering(name, command)]):
                self.failed[name] = code

    def again(self) -> None:
        """Give what failed its second chance, one run after the other."""
        for name, command in commands(self._arguments):
            found = self._failed_tests(name)
            # 1 is pytest's word for tests that failed; any other code says that it did not come to its end.
            if command and self.failed.get(name) == 1 and 0 < len(found) <= FEW:
                failing = [*self._remembering(name, command), "--last-failed", "--last-failed-no-failures=none"]
                if _shown(f"{name}, again", [*command, *failing]) == 0:
                    del self.failed[name]
                    self.passed_alone += found

    def _remembering(self, name: str, command: list[str]) -> list[str]:
        """Return the arguments with which a run of pytest notes what failed; each has a place of its own for it."""
        return ["-o", f"cache_dir={self._cache(name)}"] if self._twice and _is_pytest(command) else []

    def _failed_tests(self, name: str) -> list[str]:
        noted = self._cache(name) / "v" / "cache" / "lastfailed"
        return list(json.loads(noted.read_text())) if noted.exists() else []

    def _cache(self, name: str) -> Path:
        return Path(self._caches.name) / name.replace(", ", "-")


def _is_pytest(command: list[str]) -> bool:
    return command[:3] == PYTEST or "tests/on_postgres.py" in command


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
    suite.again()
    for name in suite.skipped:
        print(f"skipped  {name}: there is no node on this machine, or its packages could not be installed")
    for test in suite.passed_alone:
        print(f"passed only alone, at the second time; to be mended: {test}")
    print(f"\n{'FAILED: ' + ', '.join(suite.failed) if suite.failed else 'All passed.'}")
    return len(suite.failed)


if __name__ == "__main__":
    sys.exit(main())
