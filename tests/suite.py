"""
Everything ``make test`` runs, in order: linters, types, JavaScript, Python and browser tests.

    python tests/suite.py [pytest arguments]

All of them run, whatever one finds; the last lines say which failed, and what was skipped for want of what.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def commands(arguments: list[str]) -> dict[str, list[str] | None]:
    """Return what to run, by name; None for what this machine can't run."""
    node = shutil.which("node")
    scripts = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").glob("*.test.js"))
    return {
        "ruff check": [str(BIN / "ruff"), "check", "--output-format", "concise"],
        "ruff format": [str(BIN / "ruff"), "format", "--check", "-q"],
        "mypy": [str(BIN / "mypy"), "."],
        "layers": [str(BIN / "lint-imports"), "--no-cache"],
        "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", "-v0"],
        "system checks": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        "node --test": [node, "--test", *scripts] if node else None,
        **{f"node --test tests/js/{name}": packaged(node, name) for name in ("react", "types")},
        "pytest": [sys.executable, "-m", "pytest", *arguments],
    }


def packaged(node: str | None, name: str) -> list[str] | None:
    """Return what runs the tests of a folder that needs packages; they find the client as a package among them."""
    folder = ROOT / "tests" / "js" / name
    if node is None or not (folder / "node_modules").exists():
        return None
    return [node, "--preserve-symlinks", "--test", *map(str, sorted(folder.glob("*.test.js")))]


def main() -> int:
    """Run all; return how many failed."""
    os.chdir(ROOT)
    failed, skipped = [], []
    for name, command in commands(sys.argv[1:]).items():
        if command is None:
            skipped.append(f"{name}: there is no node on this machine, or its packages could not be installed")
            continue
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
        print(f"--- {name}: {time.monotonic() - began:.0f} s", flush=True)
    for line in skipped:
        print(f"skipped  {line}")
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed.'}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
