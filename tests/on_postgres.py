"""
Runs the Python tests on a PostgreSQL of their own, started in a temporary folder and gone afterwards.

    python tests/on_postgres.py [pytest arguments]
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests import cluster  # noqa: E402


def main() -> int:
    """Make a cluster, run the tests on it, remove it."""
    bin = cluster.binaries()
    if bin is None:
        sys.exit("There is no PostgreSQL server here: install Debian's package postgresql.")
    with cluster.postgres(bin) as server:
        tests: list[str] = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        return subprocess.run(tests, env=os.environ | {"DATABASE_URL": server.url}, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
