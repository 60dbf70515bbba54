"""Each server that is compared does what is measured: it delivers; ours every event, in order."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import contenders

ROOT = Path(__file__).parent.parent.parent
NAMES = [one.name for one in contenders.present()]
# It only connects: what connecting costs is all that is taken from it.
DELIVERING = [name for name in NAMES if name != "plain Django"]
# What others lose or turn round (nchan a channel's first message, django-eventstream the order under load) is for the
# tables to tell, not for this project's tests.
LOSSLESS = [name for name in DELIVERING if name.startswith(("ours", "floor"))]

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """What a small run found, by contender: in a process of its own, as it pins itself to a core."""
    results = tmp_path_factory.mktemp("results") / "results.json"
    asked = ["--streams", "30", "--shapes", "topics", "--rounds", "1", "--seconds", "0.5", "--results", str(results)]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("SSE_", "DJANGO_", "DATA"))
    }
    subprocess.run([sys.executable, "-m", "benchmarks", "streams", *asked], cwd=ROOT, env=environment, check=True)
    found: dict[str, Any] = json.loads(results.read_text())
    return found["streams"]["topics 30"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", LOSSLESS)
def test_ours_delivers_every_event_in_order(figures: dict[str, dict[str, float]], name: str) -> None:
    own = figures[name]

    assert (own["lost"], own["disorder"], own["closed"]) == (0, 0, 0)
    assert own["fixed µs"] > 0
    assert own["max/s"] > 0


@pytest.mark.parametrize("name", sorted(set(DELIVERING) - set(LOSSLESS)))
def test_a_peer_delivers(figures: dict[str, dict[str, float]], name: str) -> None:
    own = figures[name]

    assert own.get("fixed µs", 0) > 0 or own["max/s"] > 0


def test_this_project_holds_no_thread_and_no_connection_for_a_stream(figures: dict[str, dict[str, float]]) -> None:
    own = figures["ours"]

    assert own["threads"] < 15
    assert own["databases"] <= 4
