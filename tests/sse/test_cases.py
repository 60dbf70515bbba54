"""
One file of cases, read by parsers that others wrote and by our client's own: what our encoder writes must be read right
by all of them that are kept up.

Where a parser is known to read a stream otherwise than the standard says, the case names it; the test fails when that is
no longer so. docs/parsers.md has the scores.
"""

import json
import re
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

PAGE = Path(__file__).parents[2] / "docs" / "parsers.md"
FOLDER = Path(__file__).parent.parent / "js" / "parsers"
NODE = shutil.which("node")
WANTED = json.loads((FOLDER / "package.json").read_text())["dependencies"]
INSTALLED = all((FOLDER / "node_modules" / name).exists() for name in WANTED)

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
        for name in ("eventsource-parser", "undici", "eventsource", "fetch-event-source", "SSEFetch")
    ),
]


@pytest.mark.attack(1, 3)
@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("parser", PARSERS)
def test_a_case_is_read_by_the_standard(read: Callable[[str], Any], parser: str, number: int) -> None:
    case = CASES[number]

    events = read(parser)[number]

    assert (events == cases.expected(case)) is not cases.deviates(case, parser), events


def test_what_our_encoder_writes_is_read_right_by_all_that_are_kept_up() -> None:
    ours = [case for case in CASES if "encode" in case]

    assert len(CASES) >= 55
    assert len(ours) >= 30
    assert {parser for case in ours for parser in case.get("deviates", {})} <= {"fetch-event-source"}


def test_the_page_tells_each_parsers_score() -> None:
    told = re.findall(r"^\| `([^`]+)`.* \| (\d+)( of 66)? \| (\d+) \|$", PAGE.read_text(), re.MULTILINE)
    known = {parser for case in CASES for parser in case.get("deviates", {})}

    for parser, score, whole, own in told:
        read = [case for case in CASES if not (whole and "every" in case)]
        right = [case for case in read if not cases.deviates(case, parser)]
        assert (parser, int(score)) == (parser, len(right))
        assert (parser, int(own)) == (parser, sum("encode" in case for case in right))
    assert len(told) == 9
    assert known <= {parser for parser, *_ in told}
