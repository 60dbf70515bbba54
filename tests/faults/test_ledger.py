"""The ledger, a short run: faults of every kind, and at the end every reader's ledger equals the rows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import live

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

# Of a machine that has other things to do: the world starts, is warmed up, broken, healed and compared.
LIMIT_SECONDS = 800


def test_every_readers_ledger_equals_the_rows_whatever_fails(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.faults", "--seconds", "30", "--json", str(figures)]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATA_DIR", "DATABASE_URL")}

    run = subprocess.run(
        command, cwd=live.ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )

    print(run.stdout, run.stderr[-3000:])  # the seed, and what was wrong
    (found,) = json.loads(figures.read_text())["runs"]
    assert found["wrong"] == []
    assert found["lost"] == found["doubled"] == 0
    assert found["deliveries"] > 1000
    assert sum(found["faults"].values()) >= 5
    assert run.returncode == 0
