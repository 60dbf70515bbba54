"""
One file of cases, read by parsers that others wrote and by our client's own: what our encoder writes must be read right
by all of them.

Where a parser is known to read a stream otherwise than the standard says, the case names it; the test fails when that is
no longer so. docs/parsers.md has the scores.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx_sse
import pytest

from tests.sse import cases
from tests.sse.cases import CASES

FOLDER = Path(__file__).parent.parent / "js" / "parsers"
NODE = shutil.which("node")
INSTALLED = (FOLDER / "node_modules" / "undici").exists()

type Read = dict[str, list[list[dict[str, str]]]]


@pytest.fixture(scope="module")
def read() -> Iterator[Callable[[str], Any]]:
    """What each parser made of each case, read once."""
    found: Read = {}

    def by(parser: str) -> list[list[dict[str, str]]]:
        if parser not in found:
            if parser == "httpx-sse":
                found[parser] = [_httpx(f"{address}{number}") for number in range(len(CASES))]
            else:
                found.update(_node(address))
        return found[parser]

    with cases.told() as address:
        yield by


def _httpx(url: str) -> list[dict[str, str]]:
    with httpx.Client() as client, httpx_sse.connect_sse(client, "GET", url) as source:
        return [{"event": told.event, "data": told.data, "lastEventId": told.id} for told in source.iter_sse()]


def _node(address: str) -> Read:
    assert NODE
    command = [NODE, "read.js", address, str(len(CASES)), json.dumps(cases.NAMES)]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=True, timeout=120)
    found: Read = json.loads(done.stdout)
    return found


PARSERS = [
    "httpx-sse",
    *(
        pytest.param(
            name,
            marks=pytest.mark.skipif(not (NODE and INSTALLED), reason="needs node, and npm ci in tests/js/parsers"),
        )
        for name in ("eventsource-parser", "undici", "SSEFetch")
    ),
]


@pytest.mark.attack(1, 3)
@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("parser", PARSERS)
def test_a_case_is_read_by_the_standard(read: Callable[[str], Any], parser: str, number: int) -> None:
    case = CASES[number]

    events = read(parser)[number]

    assert (events == cases.expected(case)) is not cases.deviates(case, parser), events


def test_what_our_encoder_writes_is_read_right_by_all() -> None:
    ours = [case for case in CASES if "encode" in case]

    assert len(CASES) >= 55
    assert len(ours) >= 30
    assert not [case["name"] for case in ours if "deviates" in case]
